"""Labels of agenda terms on pages and in mails."""

from dagvandebuurt.agenda.models import (
    Action,
    By,
    Decision,
    FollowUp,
    FollowUpEvent,
    FollowUpStatus,
    Origin,
)
from dagvandebuurt.agenda.promises import stage_of
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.qanda.timelines import STANDINGS, standing_of

# For the editors, where it is not sent: for everybody it is one thing that they look at it.
AT_THE_DESK = {
    FollowUpStatus.PROPOSED: _l("Voorgesteld"),
    FollowUpStatus.CURATED: _l("Bijna klaar om te versturen"),
    FollowUpStatus.MERGED: _l("Samengevoegd"),
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
    Action.PROPOSE: _l("Voorgesteld als actiepunt"),
    Action.CURATE: _l("De redactie heeft het gelezen en bijgewerkt"),
    Action.CHECK: _l("Gekeken of je er iemand in herkent"),
    Action.MERGE: _l("Samengevoegd met een ander actiepunt"),
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


def standing(point: FollowUp) -> tuple[str, str]:
    """Return how it stands, in words and as the colour of a tag: as on the page of its question."""
    words, tone = STANDINGS[standing_of(stage_of(point))]
    return str(words), tone


def standing_at_the_desk(point: FollowUp) -> tuple[str, str]:
    """Return how it stands for its editors, who tell more of what is not sent."""
    words, tone = standing(point)
    return str(AT_THE_DESK.get(point.status, words)), tone


def who(event: FollowUpEvent) -> str:
    """Return in what capacity somebody did it."""
    return event.by_function or str(BY[event.by])


def what(event: FollowUpEvent) -> str:
    """Return what happened in one line; for an answer with its decision."""
    said = str(ACTIONS[event.deed])
    return f"{said}: {DECISIONS[event.decision]}" if event.decision else said
