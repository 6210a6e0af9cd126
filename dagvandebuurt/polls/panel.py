"""View models of the poll panels: of the hall, of the big screen, and of the moderators' desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import can
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.people.labels import SHORT_ROLES
from dagvandebuurt.polls.models import OTHERS, Poll, PollStatus
from dagvandebuurt.polls.permissions import PollPermission
from dagvandebuurt.polls.queries import ballots_of, counts_by_role, counts_of, own_ballots, polls_for
from dagvandebuurt.programme.models import ProgrammeSession

MINUTES = (0, 1, 2, 5, 10)  # how long a poll can be opened for; 0 is until it is closed


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll as it is shown now. Numbers are there only where this reader may see them."""

    poll: Poll
    status: str
    chosen: Sequence[int] = ()
    counts: Mapping[int, int] | None = None
    by_role: Sequence[tuple[str, list[int]]] = ()
    ballots: int = 0


@dataclass(frozen=True, slots=True)
class HallPanel:
    polls: Sequence[PollView]
    may_vote: bool
    bare: bool


def hall_panel(session: ProgrammeSession, *, bare: bool = False) -> HallPanel:
    """Build the panel, newest first. `bare`: the same for everybody, without what the reader chose."""
    own = {} if bare else own_ballots(current_user, session.id)
    shown = [_in_hall(poll, own.get(str(poll.id), ())) for poll in reversed(polls_for(Stranger(), session))]
    return HallPanel(shown, bare or can(current_user, PollPermission.VOTE, session), bare)


def _in_hall(poll: Poll, chosen: Sequence[int] = ()) -> PollView:
    status = poll.status_at(clock.now())
    if status is PollStatus.OPEN or not poll.results_shown:
        return PollView(poll, status.value, chosen)
    return PollView(poll, status.value, chosen, counts_of(poll), _by_role(poll))


def podium_poll(session: ProgrammeSession) -> PollView | None:
    """Select what the big screen shows: the poll that is open, else the newest result."""
    polls, now = polls_for(Stranger(), session), clock.now()
    is_open = [poll for poll in polls if poll.status_at(now) is PollStatus.OPEN]
    told = [poll for poll in polls if poll.results_shown]
    shown = (is_open or told)[-1:]
    return _in_hall(shown[0]) if shown else None


def desk_polls(session: ProgrammeSession) -> list[PollView]:
    """List every poll with its numbers so far, for the moderators."""
    return [_at_desk(poll) for poll in polls_for(current_user, session)]


def _at_desk(poll: Poll) -> PollView:
    status = poll.status_at(clock.now())
    if status not in (PollStatus.OPEN, PollStatus.CLOSED):
        return PollView(poll, status.value)
    ballots = ballots_of(poll) if status is PollStatus.OPEN else 0
    return PollView(poll, status.value, counts=counts_of(poll), ballots=ballots)


def _by_role(poll: Poll) -> list[tuple[str, list[int]]]:
    """Return table rows: each role with its number for each option."""
    return [
        (
            _("alle anderen") if role == OTHERS else str(SHORT_ROLES[role]),  # type: ignore[index]
            [numbers[option.position] for option in poll.options],
        )
        for role, numbers in sorted(counts_by_role(poll).items())
    ]
