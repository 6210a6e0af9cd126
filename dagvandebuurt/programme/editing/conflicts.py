"""Scheduling conflicts: a speaker or hall booked twice, a session outside its round, broken references.

Pure function of a plan. Conflicts are shown while a programme is edited; only those that visitors would see
block publishing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from dagvandebuurt.programme.editing.snapshot import Plan, RecordKind, SessionPlan
from dagvandebuurt.programme.models import SessionStatus


class ClashKind(StrEnum):
    SPEAKER = "speaker"  # a speaker is in two sessions at once
    VENUE = "venue"  # two sessions at once in one place
    ROUND = "round"  # a session outside its round
    EDITION = "edition"  # a round outside the day
    ORDER = "order"  # it ends before it begins
    MISSING = "missing"  # it refers to a missing thing
    TWICE = "twice"  # an address, code or name that must be unique is used twice


FATAL = frozenset({ClashKind.ORDER, ClashKind.MISSING, ClashKind.TWICE})
# Unique fields, by kind.
ONLY_ONE: Mapping[RecordKind, str] = {
    RecordKind.ORGANISATION: "code",
    RecordKind.THEME: "code",
    RecordKind.VENUE: "name",
    RecordKind.SPEAKER: "code",
    RecordKind.ROUND: "code",
    RecordKind.SESSION: "slug",
}


@dataclass(frozen=True)
class Clash:
    """Scheduling conflict: `who` is the speaker, venue or round it is about; `things` are the one or two
    things in conflict.
    """

    kind: ClashKind
    who: str
    things: tuple[UUID, ...]
    titles: tuple[str, ...]

    @property
    def is_fatal(self) -> bool:
        return self.kind in FATAL


def clashes(plan: Plan) -> list[Clash]:
    """Return every conflict in this plan. Cancelled sessions conflict with nothing."""
    held = {key: s for key, s in plan.sessions.items() if s.status is not SessionStatus.CANCELLED}
    return [
        *_upside_down(plan),
        *_pointing_nowhere(plan),
        *_twice(plan),
        *_at_once(held, ClashKind.SPEAKER, _people, lambda who: plan.named(RecordKind.SPEAKER, who)),
        *_at_once(held, ClashKind.VENUE, _hall, lambda who: plan.named(RecordKind.VENUE, who)),
        *_outside(plan, held),
    ]


def about(thing_id: UUID, found: Iterable[Clash]) -> list[Clash]:
    """Return those that concern one thing."""
    return [clash for clash in found if thing_id in clash.things]


def _people(session: SessionPlan) -> set[UUID]:
    return {*session.speakers, *session.hosts}


def _hall(session: SessionPlan) -> set[UUID]:
    return {session.venue} if session.venue is not None else set()


def _at_once(
    held: dict[UUID, SessionPlan],
    kind: ClashKind,
    needs: Callable[[SessionPlan], set[UUID]],
    name: Callable[[UUID], str],
) -> Iterator[Clash]:
    by_need: dict[UUID, list[tuple[UUID, SessionPlan]]] = defaultdict(list)
    for key, session in held.items():
        for need in needs(session):
            by_need[need].append((key, session))
    for need, theirs in by_need.items():
        in_order = sorted(
            theirs, key=lambda each: (each[1].starts_at, each[1].ends_at, each[1].title, each[0])
        )
        running: list[tuple[UUID, SessionPlan]] = []
        for key, session in in_order:
            running = [each for each in running if each[1].ends_at > session.starts_at]
            for other, earlier in running:
                yield Clash(kind, name(need), (other, key), (earlier.title, session.title))
            running.append((key, session))


def _outside(plan: Plan, held: dict[UUID, SessionPlan]) -> Iterator[Clash]:
    for key, session in held.items():
        part = plan.things[RecordKind.ROUND].get(session.round)
        if part is not None and not part.starts_at <= session.starts_at < session.ends_at <= part.ends_at:
            yield Clash(ClashKind.ROUND, part.label, (key,), (session.title,))
    for key, part in plan.things[RecordKind.ROUND].items():
        if not plan.edition.starts_at <= part.starts_at <= part.ends_at <= plan.edition.ends_at:
            yield Clash(ClashKind.EDITION, plan.edition.title, (key,), (part.label,))


def _upside_down(plan: Plan) -> Iterator[Clash]:
    for (_, key), thing in plan.items():
        if hasattr(thing, "ends_at") and thing.ends_at <= thing.starts_at:
            yield Clash(ClashKind.ORDER, thing.name_of_it, (key,), (thing.name_of_it,))


def _pointing_nowhere(plan: Plan) -> Iterator[Clash]:
    rounds, venues = plan.things[RecordKind.ROUND], plan.things[RecordKind.VENUE]
    people, themes = plan.things[RecordKind.SPEAKER], plan.things[RecordKind.THEME]
    for key, session in plan.sessions.items():
        is_whole = (
            session.round in rounds
            and (session.venue is None or session.venue in venues)
            and all(who in people for who in _people(session))
            and all(theme in themes for theme in session.themes)
        )
        if not is_whole:
            yield Clash(ClashKind.MISSING, session.title, (key,), (session.title,))


def _twice(plan: Plan) -> Iterator[Clash]:
    for kind, name in ONLY_ONE.items():
        there: dict[str, UUID] = {}
        for key, thing in plan.things[kind].items():
            first = there.setdefault(getattr(thing, name), key)
            if first != key:
                titles = (plan.named(kind, first), thing.name_of_it)
                yield Clash(ClashKind.TWICE, getattr(thing, name), (first, key), titles)
