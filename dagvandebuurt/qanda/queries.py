"""Queries of the Q&A: questions by reader, asker, session and queue."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import aliased

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.programme.queries import current_edition, sessions_for
from dagvandebuurt.qanda.authors import author_of, sealed_by
from dagvandebuurt.qanda.errors import NotYours
from dagvandebuurt.qanda.models import (
    PUBLIC,
    WHAT_IS_COUNTED,
    Appearance,
    AskingRules,
    BackstageLine,
    Question,
    QuestionChange,
    QuestionStatus,
    RoleShare,
    Support,
)
from dagvandebuurt.qanda.permissions import QandaPermission

STAYS_ON_THE_DESK = timedelta(days=90)


@dataclass(frozen=True)
class Queue:
    """Waiting questions for the moderators of one session, the longest wait first."""

    session: ProgrammeSession
    waiting: list[Question]


def questions_for(actor: Actor, session: ProgrammeSession) -> Select[Question]:
    """Return the questions of `session` that `actor` may read, most supported first.

    The desk sees all of them; everybody else the public ones and their own.
    """
    query = (
        select(Question)
        .where(Question.session_id == session.id, Question.status != QuestionStatus.WITHDRAWN)
        .order_by(Question.support_count.desc(), Question.asked_at, Question.id)
    )
    if can(actor, QandaPermission.READ_DESK, session):
        return query
    return query.where(
        or_(Question.status.in_(PUBLIC), _asked_by([actor], Question.session_id == session.id))
    )


def question_by_id(actor: Actor, session: ProgrammeSession, question_id: UUID) -> Question:
    """Return a question. Raises NotYours both when it does not exist and when `actor` may not see it."""
    found = db.session.scalar(questions_for(actor, session).where(Question.id == question_id))
    if found is None:
        raise NotYours
    return found


def _asked_by(actors: Sequence[Actor], *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the questions of these people among those that match `where`: by name or role, and anonymous."""
    known = [actor.id for actor in actors if actor.id is not None]
    return or_(Question.asker_id.in_(known), Question.id.in_(sealed_by(known, *where)))


def key_rooms(session_id: UUID) -> list[UUID]:
    """Return the rooms whose pseudonyms occur in this one: its own, and those its questions came from."""
    others = select(Question.key_room_id).where(
        Question.session_id == session_id, Question.key_room_id.is_not(None)
    )
    return [session_id, *(room for room in db.session.scalars(others.distinct()) if room is not None)]


def asking_rules(session_id: UUID) -> AskingRules:
    """Return the settings of asking in this session, or the defaults when nobody set any."""
    return db.session.get(AskingRules, session_id) or AskingRules(
        session_id=session_id,
        revision=0,
        is_open=True,
        minutes_between=0,
        shows_first=False,
        registered_only=False,
        turned={},
    )


def supporter_key(actor: Actor, session_id: UUID) -> str | None:
    """Return the pseudonym under which `actor` supports in this room."""
    return None if actor.id is None else pseudonym(session_id, "support", actor.id)


def supported_by(actor: Actor, session_id: UUID) -> set[UUID]:
    """Return the questions of this room that `actor` supports."""
    return set() if actor.id is None else supported_by_each([actor], session_id)[0]


def supported_by_each(actors: Sequence[Actor], session_id: UUID) -> list[set[UUID]]:
    """Return the questions each of many known people supports, in one query."""
    found: list[set[UUID]] = [set() for _ in actors]
    whose = _supporters(actors, session_id)
    rows = db.session.execute(
        select(Support.question_id, Support.supporter_key)
        .join(Question, Question.id == Support.question_id)
        .where(Question.session_id == session_id, Support.supporter_key.in_(whose))
    )
    for question_id, key in rows:
        for place in whose[key]:
            found[place].add(question_id)
    return found


def _supporters(actors: Sequence[Actor], session_id: UUID) -> dict[str, list[int]]:
    """Map every pseudonym of these people in this room to their positions in `actors`: a person with two tabs
    has two.
    """
    rooms = key_rooms(session_id)
    places: dict[str, list[int]] = defaultdict(list)
    for place, actor in enumerate(actors):
        if actor.id is not None:
            for room in rooms:
                places[pseudonym(room, "support", actor.id)].append(place)
    return places


def own_questions(actor: Actor, session_id: UUID) -> Sequence[Question]:
    """Return the questions `actor` asked in this room, in every status, newest first."""
    return () if actor.id is None else own_questions_of([actor], session_id)[0]


def own_questions_of(actors: Sequence[Actor], session_id: UUID) -> list[list[Question]]:
    """Return the own questions of each of many known people, in one query."""
    found: list[list[Question]] = [[] for _ in actors]
    places: dict[UUID | None, list[int]] = defaultdict(list)
    for place, actor in enumerate(actors):
        places[actor.id].append(place)
    here = Question.session_id == session_id
    for question in db.session.scalars(
        select(Question).where(here, _asked_by(actors, here)).order_by(Question.asked_at.desc(), Question.id)
    ):
        for place in places[author_of(question)]:
            found[place].append(question)
    return found


def questions_of_person(actor: Actor) -> list[tuple[Question, ProgrammeSession]]:
    """Return everything `actor` asked, anywhere, newest first: also anonymously, while the keys exist."""
    if actor.id is None:
        return []
    rows = db.session.execute(
        select(Question, ProgrammeSession)
        .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
        .where(_asked_by([actor]))
        .where(Question.status != QuestionStatus.MOVED)  # it continues in the session it was moved to
        .order_by(Question.asked_at.desc(), Question.id)
    )
    return [(row.Question, row.ProgrammeSession) for row in rows]


def merged_targets(questions: Iterable[Question]) -> dict[UUID, Question]:
    """Map each merged question of these to the one it was merged into."""
    ids = [question.id for question in questions if question.merged_into_id]
    if not ids:
        return {}
    target = aliased(Question)
    rows = db.session.execute(
        select(Question.id, target)
        .join(target, Question.merged_into_id == target.id)
        .where(Question.id.in_(ids))
    )
    return {row[0]: row[1] for row in rows}


UNDO_WITHIN = timedelta(
    seconds=30
)  # the page offers it for ten; the rest is for a slow line, and without script
# An answer is mailed, and an action point is another section's.
NO_UNDO = frozenset({QuestionStatus.ANSWERED, QuestionStatus.FORWARDED})


def is_undoable(change: QuestionChange) -> bool:
    """Tell whether a decision of this kind has an undo."""
    return change.deed is None and change.after not in NO_UNDO and change.before is not QuestionStatus.MERGED


def undoable(actor: Actor, session: ProgrammeSession, now: datetime) -> list[tuple[Question, QuestionChange]]:
    """Return what `actor` may still undo in this session: questions with the decision, the latest first."""
    rows = db.session.execute(
        select(Question, QuestionChange)
        .join(QuestionChange, QuestionChange.question_id == Question.id)
        .where(Question.session_id == session.id, QuestionChange.at >= now - UNDO_WITHIN)
        .order_by(QuestionChange.at.desc(), QuestionChange.id)
    )
    found: dict[UUID, tuple[Question, QuestionChange]] = {}
    for question, change in rows:
        found.setdefault(question.id, (question, change))
    return [
        (question, change)
        for question, change in found.values()
        if change.moderator_id == actor.id
        and is_undoable(change)
        and question.status is change.after
        and not question.is_muted  # hidden as it came in: nobody read it, nobody pressed
    ]


def merged_into_each(questions: Sequence[Question]) -> dict[UUID, list[Question]]:
    """Map each of these to the questions of its session that were merged into it, the oldest first."""
    found: dict[UUID, list[Question]] = defaultdict(list)
    if not questions:
        return found
    into = {question.id: question.session_id for question in questions}
    for each in db.session.scalars(
        select(Question)
        .where(Question.merged_into_id.in_(into), Question.status == QuestionStatus.MERGED)
        .order_by(Question.asked_at, Question.id)
    ):
        if each.merged_into_id is not None and each.session_id == into[each.merged_into_id]:
            found[each.merged_into_id].append(each)
    return found


FURTHEST = 8  # most hops from one question to the next; ends a cycle


def ends_of(questions: Iterable[Question]) -> dict[UUID, Question]:
    """Map each of these that was merged or moved to its final question, however many hops away."""
    ways = {question.id: question.moved_to_id or question.merged_into_id for question in questions}
    found: dict[UUID, Question] = {}
    for _hop in range(FURTHEST):
        wanted = {there for there in ways.values() if there is not None}
        if not wanted:
            break
        stops = {
            each.id: each for each in db.session.scalars(select(Question).where(Question.id.in_(wanted)))
        }
        for question_id, there in list(ways.items()):
            stop = stops.get(there) if there is not None else None
            if stop is not None:
                found[question_id] = stop
            ways[question_id] = (stop.moved_to_id or stop.merged_into_id) if stop is not None else None
    return found


def merge_targets(question_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Map each question to the one that stands for it: the target of its merge, or itself."""
    ids = list(question_ids)
    merged = db.session.execute(
        select(Question.id, Question.merged_into_id).where(
            Question.id.in_(ids), Question.merged_into_id.is_not(None)
        )
    )
    return {each: each for each in ids} | {row[0]: row[1] for row in merged if row[1]}


def moved_places(questions: Iterable[Question]) -> dict[UUID, tuple[str, str]]:
    """Map each moved question of these to the slug and title of the session it went to."""
    ids = [question.id for question in questions if question.moved_to_id]
    if not ids:
        return {}
    there = aliased(Question)
    rows = db.session.execute(
        select(Question.id, ProgrammeSession.slug, ProgrammeSession.title)
        .join(there, Question.moved_to_id == there.id)
        .join(ProgrammeSession, ProgrammeSession.id == there.session_id)
        .where(Question.id.in_(ids))
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def backstage_lines(session_id: UUID, since: int = 0) -> Sequence[BackstageLine]:
    """Return the backstage messages of this session after revision `since`, oldest first."""
    return db.session.scalars(
        select(BackstageLine)
        .where(BackstageLine.session_id == session_id, BackstageLine.revision > (since or -1))
        .order_by(BackstageLine.revision, BackstageLine.at)
    ).all()


def sessions_at_desk(actor: Actor, now: datetime) -> Sequence[ProgrammeSession]:
    """Return the sessions that `actor` may be at work in, of every edition: opening the next one takes no
    session away from its moderators. A session stays until three months after its day, or while its edition is
    the public one.
    """
    edition = current_edition()
    shown = ProgrammeSession.edition_id == edition.id if edition is not None else false()
    return db.session.scalars(
        sessions_for(actor).where(
            ProgrammeSession.status != SessionStatus.CANCELLED,
            or_(shown, ProgrammeSession.ends_at > now - STAYS_ON_THE_DESK),
        )
    ).all()


def queues_of(actor: Actor, sessions: Iterable[ProgrammeSession]) -> list[Queue]:
    """Return the queue of each of these sessions that `actor` runs, the longest wait first."""
    mine = {session.id: session for session in sessions if can(actor, QandaPermission.READ_DESK, session)}
    waiting: dict[UUID, list[Question]] = {session_id: [] for session_id in mine}
    for question in db.session.scalars(
        select(Question)
        .where(Question.session_id.in_(list(mine)), Question.status == QuestionStatus.WAITING)
        .order_by(Question.asked_at, Question.id)
    ):
        waiting[question.session_id].append(question)
    queues = [Queue(session, waiting[session.id]) for session in mine.values()]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(
        queues,
        key=lambda q: (q.waiting[0].asked_at if q.waiting else far, q.session.starts_at, q.session.title),
    )


def shares_of(session_id: UUID) -> dict[str, RoleShare]:
    """Return the last count here of each of `WHAT_IS_COUNTED`, without those never counted."""
    found = db.session.scalars(select(RoleShare).where(RoleShare.session_id == session_id))
    return {share.what: share for share in found}


def totals_of(session_id: UUID) -> dict[str, int]:
    """Count the questions, answers and support to divide by role. Anonymous questions are in none."""
    asked = select(func.count()).select_from(Question).where(*_asked_openly(session_id))
    behind = select(func.coalesce(func.sum(Question.support_count), 0)).where(
        Question.session_id == session_id
    )
    queries = (asked, behind, asked.where(Question.answered_at.is_not(None)))
    return {what: db.session.scalar(query) or 0 for what, query in zip(WHAT_IS_COUNTED, queries, strict=True)}


def counts_by_role(session_id: UUID, what: str) -> dict[str, int]:
    """Count this by participant role: raw numbers, before `small_cell_suppression.safe`.

    Support has no role in its row: the process, which has the keys, recovers it.
    """
    if what == "support":
        return _supporters_by_role(session_id)
    query = select(Question.asker_role, func.count()).where(*_asked_openly(session_id))
    if what == "answers":
        query = query.where(Question.answered_at.is_not(None))
    return {role.value: number for role, number in db.session.execute(query.group_by(Question.asker_role))}


def _asked_openly(session_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Question.session_id == session_id,
        Question.appearance != Appearance.ANONYMOUS,
        Question.status.not_in((QuestionStatus.WITHDRAWN, QuestionStatus.MOVED)),
    )


def _supporters_by_role(session_id: UUID) -> dict[str, int]:
    behind = Counter(
        db.session.scalars(
            select(Support.supporter_key)
            .join(Question, Question.id == Support.question_id)
            .where(Question.session_id == session_id)
        )
    )
    people = db.session.execute(
        select(Person.id, Person.participant_role).where(Person.forgotten_at.is_(None))
    ).all()
    found: Counter[str] = Counter()
    for room in key_rooms(session_id):
        for person_id, role in people:
            number = behind.get(pseudonym(room, "support", person_id), 0)
            if number:
                found[role.value] += number
    return dict(found)


def guests_behind(session_id: UUID) -> dict[UUID, int]:
    """Count the support of each question here that comes from guests; those without any are absent.

    No row says so: the process, which has the keys, recovers it.
    """
    guests = db.session.scalars(
        select(Person.id).where(Person.email.is_(None), Person.forgotten_at.is_(None))
    )
    ids = list(guests)
    keys = {pseudonym(room, "support", guest) for room in key_rooms(session_id) for guest in ids}
    behind = db.session.execute(
        select(Support.question_id, Support.supporter_key)
        .join(Question, Question.id == Support.question_id)
        .where(Question.session_id == session_id)
    )
    return Counter(row.question_id for row in behind if row.supporter_key in keys)
