"""Labels of mailings: statuses, actions, outcomes, filters. Dutch here, English in the catalogue."""

from uuid import UUID

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.mailings.filters import Audience, Presence, Who, questions_to_filter_by
from dagvandebuurt.mailings.models import MailingAction, MailingStatus
from dagvandebuurt.mailings.queries import Outcome, sessions_to_choose
from dagvandebuurt.people.labels import PARTICIPANT_ROLES
from dagvandebuurt.people.models import ParticipantRole

STATUSES = {
    MailingStatus.DRAFT: _l("concept"),
    MailingStatus.AWAITING: _l("wacht op een tweede paar ogen"),
    MailingStatus.PLANNED: _l("gepland"),
    MailingStatus.SENDING: _l("wordt verstuurd"),
    MailingStatus.STOPPED: _l("gestopt"),
    MailingStatus.DONE: _l("verstuurd"),
}
ACTIONS = {
    MailingAction.SAVE: _l("bewaard"),
    MailingAction.TRY_OUT: _l("proef aan zichzelf"),
    MailingAction.ASK: _l("gevraagd om een tweede paar ogen"),
    MailingAction.APPROVE: _l("akkoord"),
    MailingAction.PLAN: _l("vrijgegeven"),
    MailingAction.TAKE_BACK: _l("teruggehaald"),
    MailingAction.HOLD: _l("wacht toch: het zijn er meer geworden"),
    MailingAction.START: _l("begonnen met versturen"),
    MailingAction.STOP: _l("gestopt"),
    MailingAction.RESUME: _l("weer verder"),
    MailingAction.FINISH: _l("klaar"),
}
OUTCOMES = {
    Outcome.TO_COME: _l("nog niet aan de beurt"),
    Outcome.ON_ITS_WAY: _l("onderweg"),
    Outcome.SENT: _l("verstuurd"),
    Outcome.BOUNCED: _l("kwam terug"),
    Outcome.REFUSED: _l("geweigerd"),
    Outcome.LEFT_OUT: _l("overgeslagen"),
    Outcome.GONE: _l("weggegooid bij Post"),
}
WHO = {
    Who.EVERYBODY: _l("Iedereen met een plek op de dag"),
    Who.CHOSE: _l("Wie een van deze sessies koos:"),
    Who.WAITS: _l("Wie op de wachtlijst staat van een van deze sessies:"),
    Who.NONE_CHOSEN: _l("Wie nog geen sessie koos"),
    Who.DAY_WAITS: _l("Wie op de wachtlijst van de dag staat"),
}
PRESENCES = {
    Presence.ANY: _l("Maakt niet uit"),
    Presence.THERE: _l("Wie er was"),
    Presence.ABSENT: _l("Wie er niet was"),
}


def in_words(edition_id: UUID, audience: Audience) -> list[str]:
    """Return who is meant, a line for each filter."""
    lines = [str(WHO[audience.who])]
    if audience.narrows_by_session:
        lines += [each.title for each in sessions_to_choose(edition_id) if str(each.id) in audience.sessions]
    if audience.presence:
        lines.append(str(PRESENCES[audience.presence]))
    if audience.roles:
        lines.append(", ".join(str(PARTICIPANT_ROLES[ParticipantRole(each)]) for each in audience.roles))
    if audience.language:
        lines.append(
            _("Leest: %(language)s", language="English" if audience.language == "en" else "Nederlands")
        )
    if audience.place:
        lines.append(_("Buurt of plaats: %(place)s", place=audience.place))
    if audience.question:
        found = [
            each for each, _answers in questions_to_filter_by(edition_id) if str(each.id) == audience.question
        ]
        lines += [f"{each.label}: {audience.answer}" for each in found]
    return lines
