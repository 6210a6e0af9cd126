"""View models of the poll panels: of the hall, of the big screen, and of the moderators' desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import can
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.people.labels import SHORT_ROLES
from dagvandebuurt.polls.cloud import MOST_ON_PODIUM, Word, cloud_of
from dagvandebuurt.polls.counting import Result, labels_of, result_of
from dagvandebuurt.polls.grouping import AnswerGroup, groups_of
from dagvandebuurt.polls.models import (
    OTHERS,
    WRITTEN,
    Poll,
    PollAnswer,
    PollKind,
    PollOption,
    PollStatus,
)
from dagvandebuurt.polls.permissions import PollPermission
from dagvandebuurt.polls.queries import ballots_of, counts_by_role, counts_of, own_ballots, polls_for
from dagvandebuurt.polls.written import answers_of
from dagvandebuurt.programme.models import ProgrammeSession

MINUTES = (0, 1, 2, 5, 10)  # how long a poll can be opened for; 0 is until it is closed


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll as it is shown now. Numbers are there only where this reader may see them."""

    poll: Poll
    status: str
    chosen: Sequence[Any] = ()  # options, or texts where people write
    counts: Mapping[int, int] | None = None
    by_role: Sequence[tuple[str, list[int]]] = ()
    ballots: int = 0
    answers: Sequence[PollAnswer] = ()  # that were written, and this reader may read

    @property
    def result(self) -> Result:
        """Return its result by these counts, as it is shown."""
        return result_of(self.poll, self.counts or {}, self.answers)

    @property
    def groups(self) -> Sequence[AnswerGroup]:
        """Return what was written, grouped by likeness, in alphabetical order."""
        return groups_of(self.answers)

    @property
    def is_written(self) -> bool:
        """Tell whether people write their answer."""
        return self.poll.kind in WRITTEN

    @property
    def cloud(self) -> list[Word]:
        """Return the words of a word cloud: all of them, with how often once there is a result."""
        return cloud_of(self.answers, is_told=self.counts is not None)

    @property
    def podium_cloud(self) -> list[Word]:
        """Return as many words as fit on a big screen, the most frequent ones."""
        return cloud_of(self.answers, is_told=self.counts is not None, most=MOST_ON_PODIUM)

    @property
    def labels(self) -> Sequence[str]:
        """Return the options as they are asked; of what people wrote, the groups that this reader may read."""
        return [group.name for group in self.groups] if self.is_written else labels_of(self.poll)

    @property
    def options(self) -> Sequence[PollOption]:
        """Return the options; of a ranking in the order that this reader chose."""
        if self.poll.kind is not PollKind.RANKING or len(self.chosen) != len(self.poll.options):
            return self.poll.options
        return sorted(self.poll.options, key=lambda option: self.chosen.index(option.position))


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


def _in_hall(poll: Poll, chosen: Sequence[Any] = ()) -> PollView:
    status, answers = poll.status_at(clock.now()), answers_of(poll, only_shown=True)
    if status is PollStatus.OPEN or not poll.results_shown:
        return PollView(poll, status.value, chosen, answers=answers)
    return PollView(poll, status.value, chosen, counts_of(poll), _by_role(poll), answers=answers)


def podium_poll(session: ProgrammeSession) -> PollView | None:
    """Select what the big screen shows: the poll that is open, else the result shown last."""
    polls, now = polls_for(Stranger(), session), clock.now()
    is_open = [poll for poll in polls if poll.status_at(now) is PollStatus.OPEN]
    # By revision, which only rises: the clock of another process, or a clock that was set back, may say otherwise.
    told = sorted((poll for poll in polls if poll.results_shown), key=lambda poll: poll.revision)
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
    return PollView(poll, status.value, counts=counts_of(poll), ballots=ballots, answers=answers_of(poll))


def as_typed(poll: Poll) -> dict[str, object]:
    """Return the fields of the form in which this poll is changed, as text."""
    is_scale, is_cloud = poll.kind is PollKind.SCALE, poll.kind is PollKind.WORD_CLOUD
    # The last option of places comes by itself.
    options = poll.options[:-1] if poll.kind is PollKind.PLACES else poll.options
    return {
        "title": poll.title,
        "kind": poll.kind.value,
        "options": "" if is_scale else "\n".join(option.label for option in options),
        "max_choices": poll.max_choices if poll.kind is PollKind.MULTIPLE_CHOICE else "",
        "right": "" if poll.right_position is None else poll.right_position + 1,
        "steps": len(poll.options) if is_scale else "",
        "words": poll.max_choices if is_cloud else "",
        "low_label": poll.low_label or "",
        "high_label": poll.high_label or "",
        "shows_mean": poll.shows_mean,
        "seen": poll.revision,
    }


def _by_role(poll: Poll) -> list[tuple[str, list[int]]]:
    """Return table rows: each role with its number for each option."""
    return [
        (
            _("alle anderen") if role == OTHERS else str(SHORT_ROLES[role]),  # type: ignore[index]
            [numbers[option.position] for option in poll.options],
        )
        for role, numbers in sorted(counts_by_role(poll).items())
    ]
