"""Labels of the Q&A as shown on pages. The live script reads the same labels from the page."""

from datetime import datetime
from typing import Any

from dagvandebuurt.core.archiving import is_for_archive
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.live import labels as live_labels
from dagvandebuurt.parts.branding.words import has_meaning
from dagvandebuurt.people.labels import SHORT_ROLES
from dagvandebuurt.people.queries import RULE_TITLES, ReasonWords, own_titles_ever
from dagvandebuurt.qanda.fair_order import Order
from dagvandebuurt.qanda.forms import HideReason
from dagvandebuurt.qanda.models import Appearance, QuestionKind, QuestionStatus, Via
from dagvandebuurt.qanda.timelines import STANDINGS, STATES, STEPS

KINDS = {
    QuestionKind.QUESTION: _l("Vraag"),
    QuestionKind.IDEA: _l("Idee"),
    QuestionKind.SIGNAL: _l("Signaal"),
}
APPEARANCES = {
    Appearance.ROLE: _l("Met mijn rol en buurt"),
    Appearance.NAME: _l("Met mijn naam"),
    Appearance.ANONYMOUS: _l("Anoniem"),
}
# How a question came in, when somebody else wrote it down.
VIA = {
    Via.BESIDE: _l("samen opgeschreven"),
    Via.PHONE: _l("via de telefoon"),
    Via.PAPER: _l("via een briefje"),
}
ORDERS = {
    Order.FAIR: _l("Eerlijke beurt"),
    Order.SUPPORT: _l("Meeste steun"),
    Order.NEWEST: _l("Nieuwste"),
}
# For the desk: the result of an action, and who was first in a conflict. `#` is a name.
NOW = {
    QuestionStatus.WAITING: _l("Deze vraag wacht weer."),
    QuestionStatus.VISIBLE: _l("De zaal ziet deze vraag nu."),
    QuestionStatus.SHORTLISTED: _l("Klaargezet voor de gespreksleider."),
    QuestionStatus.MERGED: _l("Samengevoegd. De vraagsteller ziet waar de vraag bij hoort."),
    QuestionStatus.MOVED: _l("Doorgegeven. De vraagsteller ziet aan welke sessie."),
    QuestionStatus.OPEN_AFTER: _l("Deze vraag blijft open na de dag."),
    QuestionStatus.FORWARDED: _l("Deze vraag is een actiepunt geworden."),
    QuestionStatus.LIVE: _l("Deze vraag is nu aan de beurt."),
    QuestionStatus.ANSWERED: _l("Het antwoord staat er."),
    QuestionStatus.HIDDEN: _l("Verborgen. De vraagsteller ziet de reden."),
    QuestionStatus.WITHDRAWN: _l("De vraagsteller heeft deze vraag ingetrokken."),
}
NAME_HIDDEN = _l("De naam is verborgen, ook bij wat deze vrager hier nog vraagt. De vrager leest dat.")
NAME_SHOWN = _l("De naam is weer te lezen.")
MENDED = _l("De tekst is aangepast. De vraagsteller ziet ook de eigen woorden.")
CLAIMED = _l("Je collega's zien dat jij hiernaar kijkt.")
LET_GO = _l("Losgelaten: een ander kan ernaar kijken.")
IS_BUSY = _l("# kijkt hiernaar")
WAS_BUSY = _l("# keek hier net naar.")
UNDONE = _l("Ongedaan gemaakt.")
UNMERGED = _l("Uit elkaar gehaald. De vraagsteller ziet dat de vraag weer op zichzelf staat.")
# What can be undone, by the status it led to.
DONE_JUST_NOW = {
    QuestionStatus.VISIBLE: _l("Getoond aan de zaal:"),
    QuestionStatus.SHORTLISTED: _l("Klaargezet:"),
    QuestionStatus.LIVE: _l("Aan de beurt gezet:"),
    QuestionStatus.HIDDEN: _l("Verborgen:"),
    QuestionStatus.MERGED: _l("Samengevoegd:"),
    QuestionStatus.MOVED: _l("Doorgegeven:"),
}
FIRST = {
    QuestionStatus.WAITING: _l("Deze vraag wacht nog. Toon hem eerst."),
    QuestionStatus.VISIBLE: _l("# heeft deze al getoond."),
    QuestionStatus.SHORTLISTED: _l("# heeft deze al klaargezet."),
    QuestionStatus.LIVE: _l("# heeft deze al aan de beurt gezet."),
    QuestionStatus.ANSWERED: _l("# heeft deze al beantwoord."),
    QuestionStatus.HIDDEN: _l("# heeft deze al verborgen."),
    QuestionStatus.MERGED: _l("# heeft deze al samengevoegd."),
    QuestionStatus.MOVED: _l("# heeft deze al doorgegeven."),
    QuestionStatus.FORWARDED: _l("# heeft hiervan al een actiepunt gemaakt."),
    QuestionStatus.OPEN_AFTER: _l("De sessie is voorbij: deze vraag bleef open."),
    QuestionStatus.WITHDRAWN: NOW[QuestionStatus.WITHDRAWN],
}
FIRST_NAME = {
    "hide_name": _l("# heeft de naam hier al verborgen."),
    "show_name": _l("# heeft de naam hier weer getoond."),
    "mute": _l("# heeft deze vrager al stilgezet."),
    "danger": _l("# gaf hier al door dat iemand gevaar loopt."),
    "unmute": _l("# heeft het stilzetten van deze vrager al opgeheven."),
    "undo": _l("# heeft dit net ongedaan gemaakt."),
    "claim": _l("# kijkt hier al naar. Overleg, of beslis gewoon: dat kan."),
    "mend": _l("# heeft de tekst net aangepast. Lees hem eerst."),
}
# The house rules as they are published; what an organiser writes is what an asker reads.
REASONS = ReasonWords({reason.value: RULE_TITLES[reason.value] for reason in HideReason})
# The same reasons as who hides or reports would say them.
COMPLAINTS = ReasonWords(
    {
        HideReason.RESPECT: _l("Het gaat over een persoon, niet over het onderwerp"),
        HideReason.PERSONAL_DATA: _l("Je herkent iemand"),
        HideReason.NO_DISCRIMINATION: _l("Het discrimineert"),
        HideReason.ON_TOPIC: _l("Het gaat ergens anders over"),
        HideReason.NO_ADS: _l("Het is reclame"),
        HideReason.URGENT: _l("Dit is dringend: 112 of de wijkagent moet dit weten"),
    }
)
CHOOSE_REASON = _l("Kies eerst een reden.")


# Marks beside a name, set by the platform: no name may look like one (`people.names`).
MARKS = {
    "guest": _l("gast"),
    "moderator": _l("moderator van de dag"),
    "host": _l("gastheer of gastvrouw van de dag"),
    "organiser": _l("organisatie van de dag"),
    "admin": _l("organisatie van de dag"),
    "editor": _l("redactie van de dag"),
    "publisher": _l("redactie van de dag"),
}


def by_line(by: dict[str, Any]) -> str:
    """Return who asked, as they chose to appear: `card(question)["by"]` in words. An archive, which stays for
    years, says no more than their role."""
    return f"{_who(by)}, {VIA[by['via']]}" if "via" in by else _who(by)


def _who(by: dict[str, Any]) -> str:
    if by["as"] == "anonymous":
        return str(_l("anoniem"))
    role = str(SHORT_ROLES[by["role"]])
    if by["as"] == "name_hidden":
        return f"{_l('naam verborgen')}, {role}"
    if by["as"] == "name" and not is_for_archive():
        mark = f" · {MARKS[by['mark']]}" if "mark" in by else ""
        hidden = f" ({_l('naam verborgen voor de zaal')})" if "hidden" in by else ""
        return f"{by['name']}, {role}{mark}{hidden}"
    if by["as"] == "name" or not by["place"] or is_for_archive():
        return role
    return f"{role} {_l('uit')} {by['place']}"


def wait_in_words(asked_at: datetime, now: datetime) -> str:
    """Return how long a question waits: `for_the_script` has the same words for the page."""
    minutes = int((now - asked_at).total_seconds() // 60)
    if minutes < 1:
        return str(_l("zojuist"))
    if minutes < 60:
        return str(_l("wacht # min")).replace("#", str(minutes))
    return str(_l("wacht # uur")).replace("#", str(minutes // 60))


def asked_in_words(number: int | None) -> str:
    """Return which question of its asker this is; empty where nobody counts them."""
    if number is None:
        return ""
    return str(_l("eerste vraag")) if number == 1 else str(_l("#e vraag")).replace("#", str(number))


def was_busy(name: str) -> str:
    """Return who was looking at a question that another moderator decided about."""
    return str(WAS_BUSY).replace("#", name)


def claim_in_words(claim: dict[str, Any] | None, me: str, now: datetime) -> dict[str, Any]:
    """Return how a claim stands for the moderator `me`: theirs (`own`), or who else is looking (`by`)."""
    if claim is None or datetime.fromisoformat(claim["until"]) <= now:
        return {"own": False, "by": ""}
    is_own = claim["who"] == me
    return {"own": is_own, "by": "" if is_own else str(IS_BUSY).replace("#", claim["by"])}


def who_was_first(error: dict[str, Any]) -> str:
    """Return a refusal in words: for a conflict who did what before, else its own sentence."""
    sentence = str(FIRST_NAME.get(error.get("deed", "")) or FIRST.get(error.get("status", ""), ""))
    by = error.get("by")
    if not sentence or ("#" in sentence and not by):
        return str(error["message"])
    return sentence.replace("#", by or "")


def for_the_script() -> dict[str, str]:
    """Return all labels that the live script may need, by dotted name."""
    words = {
        "by.anonymous": _l("anoniem"),
        "by.from": _l("uit"),
        "by.name_hidden": _l("naam verborgen"),
        "by.hidden": _l("naam verborgen voor de zaal"),
        "support.off": _l("Steun"),
        "support.on": _l("Gesteund"),
        "support.waiting": _l("Wacht…"),
        "new.one": _l("1 nieuwe vraag tonen"),
        "new.many": _l("# nieuwe vragen tonen"),
        "question.gone": _l("Deze vraag is weggehaald."),
        "question.merged": _l("Deze vraag is samengevoegd met een andere. Jouw steun telt daar mee."),
        "ask.similar": _l("Dit is al gevraagd. Is dit wat je bedoelt? Steun dan die vraag:"),
        "ask.similar_answered": _l("Dit is al gevraagd. Is dit wat je bedoelt?"),
        "ask.answer": _l("Het antwoord:"),
        "ask.forwarded": _l("Dit is gevraagd aan een organisatie. Lees hoe het staat"),
        "ask.hint": _l("Noem je hier iemand die anderen herkennen? Kijk nog even. Versturen mag gewoon."),
        "poll.open": _l("Er is een peiling:"),
        "poll.received": _l("Je antwoord is binnen. Veranderen kan tot de peiling sluit."),
        "asking.open": _l("staat aan"),
        "asking.closed": _l("staat uit"),
        "asking.slow": _l("rustig aan"),
        "asking.first": _l("eerst tonen, dan lezen"),
        "asking.registered": _l("alleen wie zich aanmeldde steunt en stemt"),
        "outbox.done": _l("Gedaan. Zo gaat het nu in de zaal."),
        "asking.pause": _l("Je kunt hier om de # minuten iets vragen. Zo komt iedereen aan bod."),
        "ask.empty": _l("Schrijf hier eerst iets op."),
        "outbox.received": _l("Ontvangen. De moderator leest je vraag."),
        "waits.now": _l("zojuist"),
        "waits.minutes": _l("wacht # min"),
        "waits.hours": _l("wacht # uur"),
        "asked.first": _l("eerste vraag"),
        "asked.more": _l("#e vraag"),
        "late.one": _l("Toon 1 vraag die al langer wacht"),
        "late.many": _l("Toon # vragen die al langer wachten"),
        "left.minutes": _l("nog # min"),
        "left.over": _l("de tijd is om"),
        "merged.one": _l("Hier zit 1 andere vraag in"),
        "merged.many": _l("Hier zitten # andere vragen in"),
        "undo.undone": UNDONE,
        "sift.some": _l("# van # vragen"),
        "chosen.one": _l("1 gekozen"),
        "chosen.many": _l("# gekozen"),
        "label.one": _l("Label op 1 vraag."),
        "label.many": _l("Label op # vragen."),
        "chosen.none": _l("Zet een vinkje bij de vragen."),
        "shown.one": _l("1 vraag getoond."),
        "shown.many": _l("# vragen getoond."),
        "hid.one": _l("1 vraag verborgen."),
        "hid.many": _l("# vragen verborgen."),
        "undone.one": _l("1 vraag teruggezet."),
        "undone.many": _l("# vragen teruggezet."),
        "claim.by": IS_BUSY,
        "claim.was": WAS_BUSY,
        "now.gone": _l("Weg: deze vraag staat niet meer op de regie."),
        "backstage.new": _l("# zegt achter de schermen:"),
        "outbox.old": _l("Deze vraag was nog niet verstuurd. Wil je hem nu sturen?"),
        "danger.old": _l("Dit ging niet weg: er was te lang geen verbinding. Druk nog een keer op Gevaar."),
        "desk.old": _l("Dit antwoord was nog niet verstuurd. Wil je het nu sturen?"),
        "left.one": _l("nog 1 min"),
        "left.many": _l("nog # min"),
        "present.one": _l("1 persoon is binnen."),
        "present.many": _l("# mensen zijn binnen."),
    }
    words |= {f"role.{role.value}": word for role, word in SHORT_ROLES.items()}
    words |= {f"standing.{standing.value}": word for standing, (word, _tone) in STANDINGS.items()}
    words |= {f"step.{name.value}": word for name, word in STEPS.items()}
    words |= {f"step_state.{state.value}": word for state, word in STATES.items()}
    words |= {"step.late": _l("te laat, het was"), "step.due": _l("uiterlijk")}
    words |= {f"type.{kind.value}": word for kind, word in KINDS.items()}
    words |= {f"now.{status.value}": word for status, word in NOW.items()}
    words |= {f"first.{status.value}": word for status, word in FIRST.items()}
    words |= {f"first.{deed}": word for deed, word in FIRST_NAME.items()}
    words |= {f"reason.{code}": REASONS[code] for code in {**dict.fromkeys(REASONS), **own_titles_ever()}}
    words |= {"reason.new": _l("een regel die er net bij kwam. Ververs de pagina om hem te lezen")}
    words |= {"reason.choose": CHOOSE_REASON}
    words |= {f"mark.{mark}": word for mark, word in MARKS.items()}
    words |= {f"via.{via.value}": word for via, word in VIA.items()}
    return live_labels.for_the_script() | {name: str(word) for name, word in words.items()}


# What a session room says of everybody's questions, and of those of a visitor who has a name. By the first part of
# the word's name, or by the whole name.
IN_THE_ROOM = frozenset(
    {"asking.pause", "by", "connection", "left.many", "left.one", "mark", "new", "outbox", "poll", "present", "question", "reason",
     "role", "support", "type", "via"}
)  # fmt: skip
OF_ONES_OWN = frozenset({"ask", "standing", "step", "step_state"})


def for_the_room(*, is_known: bool) -> dict[str, str]:
    """Return the labels of the script of a session room: what a page does not say makes it heavier."""
    wanted = IN_THE_ROOM | OF_ONES_OWN if is_known else IN_THE_ROOM
    unused = {f"role.{role.value}" for role in SHORT_ROLES if not has_meaning("participant_role", role)}
    return {
        name: word
        for name, word in for_the_script().items()
        if (name in wanted or name.partition(".")[0] in wanted) and name not in unused
    }
