"""Labels of agenda terms on pages and in mails."""

from dagvandebuurt.agenda.models import Action, By, Decision, FollowUpEvent, FollowUpStatus, Origin
from dagvandebuurt.core.i18n import lazy as _l

STATUS = {
    FollowUpStatus.PROPOSED: _l("Voorgesteld"),
    FollowUpStatus.CURATED: _l("Bijna klaar om te versturen"),
    FollowUpStatus.SENT: _l("Gevraagd"),
    FollowUpStatus.ACKNOWLEDGED: _l("Ontvangen"),
    FollowUpStatus.ANSWERED: _l("Beantwoord"),
    FollowUpStatus.IN_PROGRESS: _l("Ze zijn bezig"),
    FollowUpStatus.DONE: _l("Klaar, zegt de organisatie"),
    FollowUpStatus.CONFIRMED: _l("Klaar, zeggen bewoners"),
    FollowUpStatus.REOPENED: _l("Nog niet klaar, zeggen bewoners"),
    FollowUpStatus.MERGED: _l("Samengevoegd"),
    FollowUpStatus.DECLINED: _l("Niet verstuurd"),
    FollowUpStatus.WITHDRAWN: _l("Ingetrokken"),
}
DECISIONS = {
    Decision.WILL_DO: _l("Ja, dit doen we"),
    Decision.PARTLY: _l("Dit doen we voor een deel"),
    Decision.WONT_DO: _l("Nee, dit doen we niet"),
    Decision.RESEARCHING: _l("Dit zoeken we uit"),
    Decision.ELSEWHERE: _l("Dit ligt bij een ander"),
}
ORIGINS = {
    Origin.QUESTION: _l("Uit een vraag op de dag"),
    Origin.SIGNAL: _l("Signaal: iets dat vaker voorkomt"),
    Origin.DIRECT: _l("Rechtstreeks voorgesteld"),
}
BY = {
    By.PARTICIPANT: _l("een deelnemer"),
    By.SUPPORTER: _l("een ondersteuner"),
    By.MODERATOR: _l("een moderator"),
    By.EDITORS: _l("de redactie"),
    By.ORGANISATION: _l("de organisatie"),
}
# Lines of the history; also the first sentence of the mail about it.
ACTIONS = {
    Action.PROPOSE: _l("Voorgesteld als agendapunt"),
    Action.CURATE: _l("De redactie heeft het gelezen en bijgewerkt"),
    Action.CHECK: _l("Gekeken of er niemand herkenbaar in staat"),
    Action.MERGE: _l("Samengevoegd met een ander agendapunt"),
    Action.DECLINE: _l("Het wordt niet verstuurd"),
    Action.WITHDRAW: _l("Ingetrokken door wie het voorstelde"),
    Action.SEND: _l("Verstuurd aan de organisatie"),
    Action.ACKNOWLEDGE: _l("De organisatie heeft het ontvangen"),
    Action.ANSWER: _l("De organisatie heeft geantwoord"),
    Action.READDRESS: _l("Doorgestuurd naar een andere organisatie"),
    Action.START: _l("De organisatie is begonnen"),
    Action.FINISH: _l("De organisatie zegt: het is klaar"),
    Action.CONFIRM: _l("Bewoners zeggen: het is echt klaar"),
    Action.REOPEN: _l("Bewoners zeggen: het is nog niet klaar"),
    Action.ADD: _l("Toevoeging"),
}
# Steps of the progress bar, and the statuses at each of them.
STEPS = (
    (_l("Voorgesteld"), (FollowUpStatus.PROPOSED, FollowUpStatus.CURATED)),
    (_l("Gevraagd"), (FollowUpStatus.SENT, FollowUpStatus.ACKNOWLEDGED)),
    (_l("Beantwoord"), (FollowUpStatus.ANSWERED,)),
    (_l("Bezig"), (FollowUpStatus.IN_PROGRESS, FollowUpStatus.REOPENED)),
    (_l("Klaar"), (FollowUpStatus.DONE,)),
    (_l("Bewoners zeggen: klaar"), (FollowUpStatus.CONFIRMED,)),
)
TAGS = {
    FollowUpStatus.SENT: "sun",
    FollowUpStatus.ACKNOWLEDGED: "sun",
    FollowUpStatus.ANSWERED: "canal",
    FollowUpStatus.IN_PROGRESS: "canal",
    FollowUpStatus.DONE: "leaf",
    FollowUpStatus.CONFIRMED: "leaf",
    FollowUpStatus.REOPENED: "alarm",
}


def step_of(status: FollowUpStatus) -> int:
    """Return the step of STEPS a point is at, counted from 1; past the last when it is confirmed."""
    for number, (_word, states) in enumerate(STEPS, start=1):
        if status in states:
            return number + (status is FollowUpStatus.CONFIRMED)
    return 1


def who(event: FollowUpEvent) -> str:
    """Return in what capacity somebody did it."""
    return event.by_function or str(BY[event.by])


def what(event: FollowUpEvent) -> str:
    """Return what happened in one line; for an answer with its decision."""
    said = str(ACTIONS[event.deed])
    return f"{said}: {DECISIONS[event.decision]}" if event.decision else said
