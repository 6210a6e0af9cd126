"""Labels of lessons on pages."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.lessons.models import LessonStatus, SourceKind
from dagvandebuurt.lessons.states import Action

STATUS = {
    LessonStatus.DRAFT: _l("Wordt geschreven"),
    LessonStatus.IN_REVIEW: _l("Wordt nagelezen"),
    LessonStatus.CHANGES_REQUESTED: _l("Moet nog iets anders"),
    LessonStatus.APPROVED: _l("Goedgekeurd"),
    LessonStatus.SCHEDULED: _l("Gepland"),
    LessonStatus.PUBLISHED: _l("Gepubliceerd"),
    LessonStatus.ARCHIVED: _l("In het archief"),
    LessonStatus.TAKEN_DOWN: _l("Weggehaald door een moderator"),
}
# Labels of buttons, and messages once done.
ACTIONS = {
    Action.SUBMIT: _l("Laat nalezen"),
    Action.TAKE_BACK: _l("Haal terug om verder te schrijven"),
    Action.ASK_CHANGES: _l("Vraag om een wijziging"),
    Action.APPROVE: _l("Keur goed"),
    Action.UNSCHEDULE: _l("Plan toch niet"),
    Action.PUBLISH: _l("Publiceer nu"),
    Action.ACCEPT: _l("Zet deze wijziging online"),
    Action.DECLINE: _l("Neem deze wijziging niet over"),
    Action.ARCHIVE: _l("Naar het archief"),
    Action.RESTORE: _l("Haal uit het archief"),
}
DONE = {
    Action.SUBMIT: _l("Iemand anders leest de les na."),
    Action.TAKE_BACK: _l("Je kunt verder schrijven."),
    Action.ASK_CHANGES: _l("De schrijver leest wat er anders moet."),
    Action.APPROVE: _l("Goedgekeurd. De les kan nu gepland of gepubliceerd worden."),
    Action.UNSCHEDULE: _l("De les is niet meer gepland."),
    Action.PUBLISH: _l("De les staat online."),
    Action.ACCEPT: _l("De wijziging staat online. Lezers zien wat er veranderde."),
    Action.DECLINE: _l("De tekst blijft zoals hij is."),
    Action.ARCHIVE: _l("De les staat in het archief. Wie het adres heeft, leest hem nog."),
    Action.RESTORE: _l("De les staat weer in de lijst."),
}
# Labels of the history.
STEPS = {
    "submit": _l("liet nalezen"),
    "take_back": _l("haalde terug"),
    "ask_changes": _l("vroeg om een wijziging"),
    "approve": _l("keurde goed"),
    "schedule": _l("plande"),
    "unschedule": _l("plande toch niet"),
    "publish": _l("publiceerde"),
    "go_live": _l("publiceerde op het geplande moment"),
    "accept": _l("zette een wijziging online"),
    "decline": _l("nam een wijziging niet over"),
    "archive": _l("zette in het archief"),
    "restore": _l("haalde uit het archief"),
    "take_down": _l("haalde weg"),
    "put_back": _l("zette terug"),
}
LINKS = {
    "not_asked": _l("Dit adres vragen we niet op. Kijk zelf."),
    "no_such_name": _l("Deze site bestaat niet."),
    "too_slow": _l("De site antwoordt niet op tijd."),
    "no_answer": _l("De site antwoordt niet."),
    "round_and_round": _l("De site verwijst steeds verder."),
}
SOURCES = {
    SourceKind.SESSION: _l("Sessies"),
    SourceKind.QUESTION: _l("Vragen"),
    SourceKind.INITIATIVE: _l("Initiatieven"),
    SourceKind.FOLLOW_UP: _l("Actiepunten"),
    SourceKind.LEARNING_QUESTION: _l("Leervragen"),
    SourceKind.GAP: _l("Wat nog ontbreekt"),
}


def what_a_link_told(told: str | None) -> str:
    """Describe the result of a link check to the editor; an HTTP status is given as it is."""
    if told is None:
        return ""
    if told.startswith("status_"):
        return told.removeprefix("status_")
    return str(LINKS.get(told, told))
