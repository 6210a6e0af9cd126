"""Commands on polls, each under the lock of its room, and idempotent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.polls.counting import told_of_places, weights
from dagvandebuurt.polls.errors import NoSuchPoll, PollMoved, PollNotOpen, SessionIsOver
from dagvandebuurt.polls.models import (
    BY_ROLE,
    FEWEST,
    MOST_OPTIONS,
    OTHERS,
    WRITTEN,
    Ballot,
    Poll,
    PollKind,
    PollOption,
    PollStatus,
    RoleCount,
)
from dagvandebuurt.polls.permissions import PollPermission
from dagvandebuurt.polls.place_options import labels_of_places
from dagvandebuurt.polls.queries import ASKED, voter_key
from dagvandebuurt.programme.errors import RegisteredOnly
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.queries import may_count

_PUT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a moderator writes down for a poll."""

    title: str
    kind: PollKind
    labels: Sequence[str] = ()
    max_choices: int = 1
    right: int | None = None  # of a quiz, counted from 1
    steps: int = 5  # of a scale
    words: int = 1  # of a word cloud
    low_label: str = ""
    high_label: str = ""
    shows_mean: bool = False


@command(needs=PollPermission.RUN)
def write(
    actor: Actor,
    session: ProgrammeSession,
    *,
    poll_id: UUID,
    draft: Draft,
    seen: int | None = None,
    at: Moment,
) -> Poll:
    """Create a poll, or change one that nobody has seen yet. It is a draft afterwards.

    Raises InvalidInput for fewer than two options, a quiz without a right one, or a place that is not on the
    organiser's list; PollMoved once the hall has seen it.
    """
    poll = db.session.get(Poll, poll_id)
    if poll is not None and poll.session_id != session.id:
        raise NoSuchPoll
    if poll is not None:
        expect_status(poll, at.now, PollStatus.DRAFT, PollStatus.READY)
        _still_as_seen(actor, poll, at.now, seen)
    labels, kind = _labels_of(draft), draft.kind
    if poll is None:
        poll = Poll(id=poll_id, session_id=session.id)
        db.session.add(poll)
    else:
        poll.options.clear()
        db.session.flush()
    poll.title, poll.kind, poll.status = draft.title, kind, PollStatus.DRAFT
    poll.max_choices = 1
    if kind is PollKind.MULTIPLE_CHOICE:
        poll.max_choices = min(draft.max_choices, len(labels))
    elif kind is PollKind.RANKING:
        poll.max_choices = len(labels)
    elif kind is PollKind.WORD_CLOUD:
        poll.max_choices = draft.words
    is_scale = kind is PollKind.SCALE
    poll.low_label = (is_scale and draft.low_label) or None
    poll.high_label = (is_scale and draft.high_label) or None
    poll.shows_mean = is_scale and draft.shows_mean
    poll.right_position = draft.right - 1 if kind is PollKind.QUIZ and draft.right else None
    poll.options.extend(PollOption(position=place, label=label) for place, label in enumerate(labels))
    db.session.flush()  # its session is read by who answers, which needs the row
    poll.revision = poll.ballot_revision = at.revision
    poll.changed_by_id = actor.id
    return poll


def _labels_of(draft: Draft) -> Sequence[str]:
    if draft.kind is PollKind.SCALE:
        return [str(step) for step in range(1, draft.steps + 1)]
    if draft.kind in WRITTEN:
        return ()
    if draft.kind is PollKind.PLACES:
        return labels_of_places(draft.labels)
    labels = draft.labels
    if len(labels) > MOST_OPTIONS:
        raise InvalidInput({"options": [_("Geef hoogstens %(most)s antwoorden.", most=MOST_OPTIONS)]})
    if len({label.casefold() for label in labels}) != len(labels) or len(labels) < 2:
        raise InvalidInput({"options": [_("Geef minstens twee antwoorden, elk op een eigen regel.")]})
    if draft.kind is PollKind.QUIZ and (draft.right is None or draft.right > len(labels)):
        raise InvalidInput(
            {"right": [_("Zeg welk antwoord goed is: een getal van 1 tot %(last)s.", last=len(labels))]}
        )
    return labels


@command(needs=PollPermission.RUN)
def remove(
    actor: Actor, session: ProgrammeSession, *, poll_id: UUID, seen: int | None = None, at: Moment
) -> Poll:
    """Throw away a poll that the hall has not seen, with its options. Raises PollMoved."""
    poll = find_poll(session, poll_id)
    expect_status(poll, at.now, PollStatus.DRAFT, PollStatus.READY)
    _still_as_seen(actor, poll, at.now, seen)
    poll.options.clear()
    poll.right_position = poll.low_label = poll.high_label = None
    poll.status, poll.revision, poll.changed_by_id = PollStatus.REMOVED, at.revision, actor.id
    return poll


@command(needs=PollPermission.RUN)
def make_ready(
    actor: Actor, session: ProgrammeSession, *, poll_id: UUID, seen: int | None = None, at: Moment
) -> Poll:
    """Mark the draft as ready to be opened. Raises PollMoved."""
    poll = find_poll(session, poll_id)
    expect_status(poll, at.now, PollStatus.DRAFT)
    _still_as_seen(actor, poll, at.now, seen)
    poll.status, poll.revision, poll.changed_by_id = PollStatus.READY, at.revision, actor.id
    return poll


@command(needs=PollPermission.RUN)
def open_it(
    actor: Actor,
    session: ProgrammeSession,
    *,
    poll_id: UUID,
    minutes: int,
    seen: int | None = None,
    at: Moment,
) -> Poll:
    """Open a draft to the hall, for so many minutes; 0 until it is closed, or the session ends.

    Raises SessionIsOver when nobody could vote any more, or PollMoved.
    """
    poll = find_poll(session, poll_id)
    expect_status(poll, at.now, PollStatus.DRAFT, PollStatus.READY)
    _still_as_seen(actor, poll, at.now, seen)
    if session.phase_at(at.now) in (Phase.ENDED, Phase.CANCELLED):
        raise SessionIsOver
    poll.status, poll.opened_at, poll.revision = PollStatus.OPEN, at.now, at.revision
    poll.changed_by_id = actor.id
    poll.closes_at = at.now + timedelta(minutes=minutes) if minutes else None
    return poll


@command(needs=PollPermission.RUN)
def close(
    actor: Actor, session: ProgrammeSession, *, poll_id: UUID, seen: int | None = None, at: Moment
) -> Poll:
    """Close the poll: ballots are counted and destroyed."""
    poll = find_poll(session, poll_id)
    if poll.status is not PollStatus.OPEN:
        raise moved_on(poll, at.now)
    _still_as_seen(actor, poll, at.now, seen)
    poll.changed_by_id = actor.id
    return tally(poll, at=at)


@command(needs=PollPermission.RUN)
def show_results(
    actor: Actor, session: ProgrammeSession, *, poll_id: UUID, on: bool, seen: int | None = None, at: Moment
) -> Poll:
    """Publish the results, or withhold them. Raises PollMoved while it is open."""
    poll = find_poll(session, poll_id)
    expect_status(poll, at.now, PollStatus.CLOSED)
    _still_as_seen(actor, poll, at.now, seen, undoes=on)
    tally(poll, at=at)
    poll.results_shown, poll.revision, poll.changed_by_id = on, at.revision, actor.id
    return poll


@command(needs=PollPermission.VOTE)
def cast(
    actor: Actor,
    session: ProgrammeSession,
    *,
    poll_id: UUID,
    choices: Sequence[int],
    role: ParticipantRole,
    at: Moment,
) -> None:
    """Store a person's choice, replacing the earlier one; an empty one withdraws it.

    Raises PollNotOpen, NoSuchPoll, InvalidInput for too many choices or an unknown option.
    """
    poll = open_poll(session, poll_id, at.now, counts=may_count(actor, session))
    if poll.kind in WRITTEN:
        raise InvalidInput({"choices": [_("Hier schrijf je een antwoord.")]})
    known = {option.position for option in poll.options}
    is_ranking = poll.kind is PollKind.RANKING
    chosen = list(choices) if is_ranking else sorted(set(choices))
    if not set(chosen) <= known:
        raise InvalidInput({"choices": [_("Kies een van de mogelijkheden.")]})
    if is_ranking and chosen and sorted(chosen) != sorted(known):
        raise InvalidInput({"choices": [_("Geef elke mogelijkheid een eigen plaats.")]})
    if len(chosen) > poll.max_choices:
        raise InvalidInput({"choices": [_("Kies er hoogstens %(most)d.", most=poll.max_choices)]})
    put_ballot(poll, voter_key(actor, poll.id), chosen, role)
    poll.ballot_revision = at.revision


def open_poll(session: ProgrammeSession, poll_id: UUID, now: datetime, *, counts: bool) -> Poll:
    """Return the poll that can be answered now, by somebody who `counts` in this session.

    Raises NoSuchPoll, PollNotOpen or RegisteredOnly.
    """
    poll = find_poll(session, poll_id)
    if poll.status not in ASKED:
        raise NoSuchPoll  # as if it did not exist, to a person who may not see it
    if poll.status_at(now) is not PollStatus.OPEN:
        raise PollNotOpen
    if not counts:
        raise RegisteredOnly
    return poll


def put_ballot(poll: Poll, key: str, chosen: Sequence[int], role: ParticipantRole) -> None:
    """Store the ballot under this pseudonym instead of an earlier one; an empty choice deletes it."""
    if chosen:
        insert = _PUT[db.engine.dialect.name](Ballot)
        db.session.execute(
            insert.values(poll_id=poll.id, voter_key=key, positions=chosen, role=role).on_conflict_do_update(
                index_elements=["poll_id", "voter_key"], set_={"positions": chosen, "role": role}
            )
        )
    else:
        db.session.execute(delete(Ballot).where(Ballot.poll_id == poll.id, Ballot.voter_key == key))


def tally(poll: Poll, *, at: Moment) -> Poll:
    """Count the ballots, delete them, destroy their key. A quiz tells its right answer then; of places only what may
    be told is stored. Idempotent.
    """
    if poll.tallied_at is None:
        ballots = db.session.execute(
            select(Ballot.role, Ballot.positions).where(Ballot.poll_id == poll.id)
        ).all()
        counts: Counter[int] = Counter()
        by_role: dict[str, Counter[int]] = {}
        for ballot in ballots:
            counts.update(weights(poll.kind, ballot.positions))
        if poll.kind is PollKind.PLACES:
            counts = Counter(told_of_places(counts))
        for option in poll.options:
            option.ballots += counts[option.position]
        for ballot in ballots if poll.kind in BY_ROLE else ():
            by_role.setdefault(ballot.role.value, Counter()).update(ballot.positions)
        places = [option.position for option in poll.options]
        for role, numbers in safe_by_role(by_role, places).items():
            db.session.add_all(
                RoleCount(poll_id=poll.id, role=role, position=place, ballots=numbers[place])
                for place in places
            )
        db.session.execute(delete(Ballot).where(Ballot.poll_id == poll.id))
        poll.tallied_at = at.now
        poll.results_shown = poll.kind is PollKind.QUIZ  # the right answer is told when it closes
        pseudonyms.destroy_key(poll.id)
    poll.status = PollStatus.CLOSED
    poll.revision = poll.ballot_revision = at.revision
    return poll


def safe_by_role(
    by_role: Mapping[str, Mapping[int, int]], places: Sequence[int]
) -> dict[str, dict[int, int]]:
    """Return counts by role with small-cell suppression: each at least FEWEST, also what remains of the
    total.

    Empty where that is impossible.
    """
    numbers = {role: {place: counts.get(place, 0) for place in places} for role, counts in by_role.items()}
    shown = {role: row for role, row in numbers.items() if min(row.values(), default=0) >= FEWEST}
    rest = [row for role, row in numbers.items() if role not in shown]
    if rest:
        others = {place: sum(row[place] for row in rest) for place in places}
        if min(others.values()) < FEWEST:
            return {}
        shown[OTHERS] = others
    return shown if len(shown) > 1 else {}


def find_poll(session: ProgrammeSession, poll_id: UUID) -> Poll:
    """Return the poll of this session. Raises NoSuchPoll."""
    poll = db.session.get(Poll, poll_id)
    if poll is None or poll.session_id != session.id:
        raise NoSuchPoll
    return poll


def expect_status(poll: Poll, now: datetime, *statuses: PollStatus) -> None:
    """Raise PollMoved unless the poll is in one of these now."""
    if poll.status_at(now) not in statuses:
        raise moved_on(poll, now)


def _still_as_seen(
    actor: Actor, poll: Poll, now: datetime, seen: int | None, *, undoes: bool = False
) -> None:
    """Raise PollMoved when a colleague decided something since `actor` looked.

    Without `seen`, everything the state machine allows is accepted, except what `undoes` a colleague's last
    decision.
    """
    by_another = poll.changed_by_id not in (None, actor.id)
    if (undoes and by_another) if seen is None else seen != poll.revision:
        raise moved_on(poll, now)


def moved_on(poll: Poll, now: datetime) -> PollMoved:
    """Return the error of a poll that changed since its presser looked."""
    return PollMoved(status=poll.status_at(now).value, by=name_of(poll.changed_by_id))
