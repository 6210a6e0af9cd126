"""Queries of attendance, for organisers and for attendees themselves."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from dagvandebuurt.attendance.certificate_codes import code_as_typed
from dagvandebuurt.attendance.models import STEP, Certificate, CountedVisit, Inside, Unlisted, Visit
from dagvandebuurt.attendance.spans import Span, length, most_at_once, time_present, within
from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.worker_pool import Breath
from dagvandebuurt.people.models import ParticipantRole, Person
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus

ROWS_AT_ONCE = 500  # rows per step of a cooperative loop
READER = "~"  # how the key of a reader begins: pseudonyms are in base64, which has no such letter
KEY_LETTERS = 22
ENOUGH = 0.8  # share of a session required for a certificate
IN_FAVOUR = STEP  # largest error of two rounded timestamps


def _minutes(present: timedelta) -> int:
    """Return whole minutes, rounded down: never more than real."""
    return int(present.total_seconds() // 60)


# --- unlisted people ---


def visitor_key(session_id: UUID, person_id: UUID) -> str:
    return pseudonyms.pseudonym(session_id, "visit", person_id)


def inside_key(session_id: UUID, person_id: UUID) -> str:
    return pseudonyms.pseudonym(session_id, "inside", person_id)


def reader_key(session_id: UUID, reader: UUID) -> str:
    """Return the key of a browser in which nobody logged in; no key of a person looks like it."""
    return (READER + pseudonyms.pseudonym(session_id, "reader", reader))[:KEY_LETTERS]


def present_in(sessions: Iterable[UUID], *, since: datetime, named: bool = False) -> dict[UUID, int]:
    """Count the different people seen in each of these since `since`, listed or not, and the readers without a
    name, unless `named`; exact for the last ten minutes only.
    """
    seen = select(Inside.session_id, func.count()).where(
        Inside.session_id.in_(list(sessions)), Inside.seen_at >= since
    )
    if named:
        seen = seen.where(~Inside.visitor_key.startswith(READER, autoescape=True))
    rows = db.session.execute(seen.group_by(Inside.session_id))
    return {row[0]: row[1] for row in rows}


def absent_from(session_id: UUID, people: Iterable[UUID], *, since: datetime) -> set[UUID]:
    """Return those of `people` who were not seen in this session since `since`; exact for the last ten minutes
    only.
    """
    keys = {inside_key(session_id, person_id): person_id for person_id in people}
    seen = select(Inside.visitor_key).where(
        Inside.session_id == session_id, Inside.visitor_key.in_(keys), Inside.seen_at >= since
    )
    return set(keys.values()) - {keys[key] for key in db.session.scalars(seen)}


def recent_visitors(session_id: UUID, *, since: datetime) -> set[UUID]:
    """Return the listed people whose visit reached `since`, within the granularity of visits."""
    return set(
        db.session.scalars(
            select(Visit.person_id).where(Visit.session_id == session_id, Visit.last_seen_at >= since - STEP)
        )
    )


def is_listed(person_id: UUID) -> bool:
    return db.session.get(Unlisted, person_id) is None


def unlisted_among(people: Iterable[UUID]) -> set[UUID]:
    return set(db.session.scalars(select(Unlisted.person_id).where(Unlisted.person_id.in_(set(people)))))


def counted_visits_of(person_id: UUID) -> Sequence[CountedVisit]:
    """Return a person's own unlisted visits; for themselves and for erasure only.

    Rooms whose key is destroyed hold nothing that can be found.
    """
    rooms = db.session.scalars(select(CountedVisit.session_id).distinct())
    mine = [(room, visitor_key(room, person_id)) for room in rooms if pseudonyms.exists(room)]
    return db.session.scalars(
        select(CountedVisit).where(tuple_(CountedVisit.session_id, CountedVisit.visitor_key).in_(mine))
    ).all()


# --- lists ---


@dataclass(frozen=True)
class Attendance:
    """Attendance of one person in one session: all their visits together, from the lobby to the end."""

    session: ProgrammeSession
    person: Person
    first_seen_at: datetime
    last_seen_at: datetime
    spans: list[Span]

    @property
    def present(self) -> timedelta:
        return length(self.spans)

    @property
    def minutes(self) -> int:
        return _minutes(self.present)


def attendees_of(sessions: Iterable[ProgrammeSession]) -> list[tuple[str, UUID]]:
    """Return name and id of all listed people in one of `sessions`."""
    rows = db.session.execute(
        select(Person.name, Person.id)
        .where(
            Person.id.in_(
                select(Visit.person_id).where(Visit.session_id.in_([session.id for session in sessions]))
            )
        )
        .order_by(Person.name, Person.id)
    )
    return [(name, person_id) for name, person_id in rows]


def attendance_of(
    sessions: list[ProgrammeSession], *, people: Sequence[UUID] | None = None
) -> list[Attendance]:
    """Return all listed people in one of `sessions`, by session and name; of `people` alone where given."""
    known = {session.id: session for session in sessions}
    breath = Breath()
    visits = db.session.scalars(
        select(Visit)
        .where(Visit.session_id.in_(known), *([] if people is None else [Visit.person_id.in_(people)]))
        .options(joinedload(Visit.person))
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    together: dict[tuple[object, object], list[Visit]] = defaultdict(list)
    for visit in breath.over(visits):
        together[visit.session_id, visit.person_id].append(visit)
    found = [_joined(known[each[0].session_id], each) for each in breath.over(together.values())]
    return sorted(
        found, key=lambda a: (a.session.starts_at, a.session.title, a.person.name, str(a.person.id))
    )


def _joined(session: ProgrammeSession, visits: list[Visit]) -> Attendance:
    return Attendance(
        session,
        visits[0].person,
        min(visit.first_seen_at for visit in visits),
        max(visit.last_seen_at for visit in visits),
        within(_spans(visits), session.opens_at, session.ends_at),
    )


def _spans(visits: Iterable[Visit]) -> list[Span]:
    return [(visit.first_seen_at, visit.last_seen_at) for visit in visits]


@dataclass(frozen=True)
class Day:
    """Attendance of one person over all sessions. `minutes` is real time: parallel sessions count once."""

    person: Person
    sessions: Mapping[UUID, int]
    minutes: int


def days_of(attendances: Iterable[Attendance]) -> list[Day]:
    """Return the totals for each person, by name."""
    together: dict[UUID, list[Attendance]] = defaultdict(list)
    for attendance in Breath().over(attendances):
        together[attendance.person.id].append(attendance)
    days = [
        Day(
            each[0].person,
            {attendance.session.id: attendance.minutes for attendance in each},
            _minutes(length(span for attendance in each for span in attendance.spans)),
        )
        for each in Breath().over(together.values())
    ]
    return sorted(days, key=lambda day: (day.person.name, str(day.person.id)))


# --- numbers ---


@dataclass(frozen=True)
class Crowd:
    """Statistics of one session, listed and unlisted.

    `peak` and `minutes` (on average) are None without visits, or once the visits are deleted.
    """

    session: ProgrammeSession
    present: int
    visitors: int
    peak: int | None
    minutes: int | None
    roles: Mapping[
        ParticipantRole, int
    ]  # of listed people only: more would reveal something about the others


def crowds_of(sessions: Sequence[ProgrammeSession], *, since: datetime) -> list[Crowd]:
    """Calculate the statistics of `sessions`; present are those seen since `since`. Three queries, however
    many people.
    """
    visits: dict[UUID, dict[Any, list[Span]]] = defaultdict(lambda: defaultdict(list))
    roles: dict[UUID, dict[UUID, ParticipantRole]] = defaultdict(dict)
    ids = [session.id for session in sessions]
    listed = (
        select(Visit.session_id, Visit.person_id, Visit.first_seen_at, Visit.last_seen_at, Person.participant_role)
        .join(Person, Person.id == Visit.person_id)
        .where(Visit.session_id.in_(ids))
    )  # fmt: skip
    counted = select(
        CountedVisit.session_id,
        CountedVisit.visitor_key,
        CountedVisit.first_seen_at,
        CountedVisit.last_seen_at,
    ).where(CountedVisit.session_id.in_(ids))
    breath, slowly = Breath(), {"yield_per": ROWS_AT_ONCE}
    for session_id, person_id, first, last, role in breath.over(
        db.session.execute(listed, execution_options=slowly)
    ):
        visits[session_id][person_id].append((first, last))
        roles[session_id][person_id] = role
    for session_id, key, first, last in breath.over(db.session.execute(counted, execution_options=slowly)):
        visits[session_id][key].append((first, last))
    present = present_in(ids, since=since)
    return [
        _crowd(each, visits[each.id], Counter(roles[each.id].values()), present.get(each.id, 0))
        for each in breath.over(sessions)
    ]


def _crowd(
    session: ProgrammeSession,
    visits: Mapping[Any, list[Span]],
    roles: Mapping[ParticipantRole, int],
    present: int,
) -> Crowd:
    times = [time_present(spans, opens=session.opens_at, closes=session.ends_at) for spans in visits.values()]
    return Crowd(
        session,
        present,
        (session.visitors or 0) + len(visits),
        most_at_once(visits.values()) if visits else None,
        _minutes(sum(times, timedelta()) / len(times)) if times else None,
        roles,
    )


def visitors_by_session(session_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the different people in each of these sessions, as long as visits are stored."""
    ids = list(session_ids)
    numbers: Counter[UUID] = Counter()
    for session_id, visitor in ((Visit.session_id, Visit.person_id), (CountedVisit.session_id, CountedVisit.visitor_key)):  # fmt: skip
        rows = db.session.execute(
            select(session_id, func.count(visitor.distinct())).where(session_id.in_(ids)).group_by(session_id)
        )
        numbers.update({row[0]: row[1] for row in rows})
    return dict(numbers)


# --- certificates ---


@dataclass(frozen=True)
class InSession:
    """Time of one person in one session, between its beginning and its end."""

    session: ProgrammeSession
    spans: list[Span]

    @property
    def minutes(self) -> int:
        return _minutes(length(self.spans))

    @property
    def is_enough(self) -> bool:
        whole = self.session.ends_at - self.session.starts_at
        return length(self.spans) + IN_FAVOUR >= ENOUGH * whole


@dataclass(frozen=True)
class Presence:
    """Sessions that could be on a certificate, sessions that could not, and the total time of the first."""

    enough: list[InSession]
    too_short: list[InSession]

    @property
    def minutes(self) -> int:
        return _minutes(length(span for each in self.enough for span in each.spans))


def presence_of(person_id: UUID, edition: Edition, *, now: datetime) -> Presence:
    """Calculate presence in past sessions that were held; empty for an unlisted person."""
    rows = db.session.execute(
        select(ProgrammeSession, Visit)
        .join(Visit, Visit.session_id == ProgrammeSession.id)
        .where(
            Visit.person_id == person_id,
            ProgrammeSession.edition_id == edition.id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.ends_at <= now,
        )
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
    )
    together: dict[ProgrammeSession, list[Visit]] = defaultdict(list)
    for session, visit in rows:
        together[session].append(visit)
    found = [
        InSession(session, within(_spans(visits), session.starts_at, session.ends_at))
        for session, visits in together.items()
    ]
    return Presence(
        [each for each in found if each.is_enough], [each for each in found if not each.is_enough]
    )


def certificates_of(person_id: UUID) -> Sequence[Certificate]:
    """Return the valid ones, newest first."""
    return db.session.scalars(
        select(Certificate)
        .where(Certificate.person_id == person_id, Certificate.withdrawn_at.is_(None))
        .order_by(Certificate.made_at.desc(), Certificate.id)
    ).all()


def certificate_by_code(typed: str) -> Certificate | None:
    """Find a certificate by its code, valid or withdrawn. None when it does not exist."""
    code = code_as_typed(typed)
    return db.session.scalar(select(Certificate).where(Certificate.code == code)) if code else None
