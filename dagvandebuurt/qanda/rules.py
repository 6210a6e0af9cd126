"""What can be done with questions. Each under the lock of its room, and safe to repeat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput, RuleBroken
from dagvandebuurt.core.facts import record
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.keys import pseudonym
from dagvandebuurt.core.permissions import Actor, can, require, rule
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda.errors import (
    AlreadyThere,
    CannotMerge,
    CannotMove,
    Changed,
    NotYours,
    QuestionsClosed,
    SlowMode,
    TooManyWaiting,
)
from dagvandebuurt.qanda.facts import QuestionAnswered, QuestionHidden, QuestionMoved
from dagvandebuurt.qanda.models import (
    Appearance,
    AskingRules,
    BackstageLine,
    Question,
    QuestionChange,
    QuestionKind,
    QuestionStatus,
    Support,
    Via,
)
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import asking_rules, author_key, author_keys, last_change, supporter_key
from dagvandebuurt.qanda.states import MERGE_INTO, TABLE, Deed

WhenHidden = Callable[[Any, Question, Moment], None]  # who, what
WhenMoved = Callable[[Any, Question, Question, Moment], None]  # who, what, what it became there
_when_hidden: list[WhenHidden] = []
_when_moved: list[WhenMoved] = []


def when_hidden(then: WhenHidden) -> WhenHidden:
    """Let a room above do something in the same write, whenever a question is hidden."""
    if then not in _when_hidden:
        _when_hidden.append(then)
    return then


def when_moved(then: WhenMoved) -> WhenMoved:
    """The same, whenever a question is passed on."""
    if then not in _when_moved:
        _when_moved.append(then)
    return then


MOST_WAITING = 5  # questions of one person that may wait for a moderator at once
MOST_WAITING_FOR_OTHERS = 50  # of whoever writes them down for many


@dataclass(frozen=True)
class Behalf:
    """For whom somebody asks who is not the asker: how it came in, and who they are."""

    via: Via
    role: ParticipantRole
    place: str | None
    consent: bool


@rule(needs=QandaPermission.ASK)
def ask(
    actor: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    text: str,
    kind: QuestionKind,
    appear: Appearance,
    behalf: Behalf | None = None,
    at: Moment,
) -> Question:
    """Put a question before the moderator. It waits until somebody shows it; where the moderators
    show first, the hall reads it at once, unless it is anonymous.

    Raises QuestionsClosed, TooManyWaiting or SlowMode (try later), or AlreadyThere for a used id; for
    somebody else NotAllowed, or InvalidInput without their consent or with their name.
    """
    asking = asking_rules(session.id)
    if not accepts_questions(session, asking, at.now):
        raise QuestionsClosed
    if behalf is not None:
        require(actor, QandaPermission.ASK_FOR_OTHERS, session)
        _has_consent(behalf, appear)
    key = author_key(actor, session.id)
    _takes_turns(session, key, asking, at.now, for_others=behalf is not None)
    if db.session.get(Question, question_id) is not None:
        raise AlreadyThere
    minute = at.now.replace(second=0, microsecond=0)
    at_once = asking.shows_first and appear is not Appearance.ANONYMOUS
    question = Question(
        id=question_id,
        session_id=session.id,
        revision=at.revision,
        author_key=key,
        kind=kind,
        text=text,
        appearance=appear,
        status=QuestionStatus.VISIBLE if at_once else QuestionStatus.WAITING,
        was_public=at_once,
        shown_at=minute if at_once else None,
        asked_at=minute,
        **_shown_as(actor, appear, behalf),
    )
    if behalf is not None:
        question.via, question.consent_at = behalf.via, minute
    db.session.add(question)
    return question


def accepts_questions(session: ProgrammeSession, asking: AskingRules, moment: datetime) -> bool:
    """From the lobby to the end, while the moderator keeps them open."""
    return asking.is_open and session.phase_at(moment) in (Phase.LOBBY, Phase.LIVE)


def _has_consent(behalf: Behalf, appear: Appearance) -> None:
    if not behalf.consent:
        raise InvalidInput(
            {"consent": [_("Vraag eerst of diegene het goed vindt. Zet dan hier een vinkje.")]}
        )
    if appear is Appearance.NAME:
        raise InvalidInput(
            {"appear": [_("De naam van een ander zetten we er niet bij. Kies rol of anoniem.")]}
        )


def _takes_turns(
    session: ProgrammeSession, key: str | None, asking: AskingRules, now: datetime, *, for_others: bool
) -> None:
    """Not too many at once, and the pause of slow mode. The pause is counted in whole minutes: when
    somebody asked is kept no more exactly than that."""
    mine = select(Question).where(Question.session_id == session.id, Question.author_key == key)
    waiting = db.session.scalar(
        select(func.count()).select_from(mine.where(Question.status == QuestionStatus.WAITING).subquery())
    )
    if waiting and waiting >= (MOST_WAITING_FOR_OTHERS if for_others else MOST_WAITING):
        raise TooManyWaiting(60)
    if not asking.minutes_between or for_others:
        return
    last = db.session.scalar(
        select(func.max(Question.asked_at)).where(
            Question.session_id == session.id, Question.author_key == key, Question.via.is_(None)
        )
    )
    if last is not None:
        wait = last + timedelta(minutes=asking.minutes_between) - now
        if wait > timedelta(0):
            raise SlowMode(ceil(wait.total_seconds()))


def _shown_as(actor: Any, appear: Appearance, behalf: Behalf | None) -> dict[str, Any]:
    """What is kept of the asker: no more than they want to show, and the role for the shares."""
    role = behalf.role if behalf else actor.participant_role
    place = behalf.place if behalf else actor.neighbourhood
    kept: dict[str, Any] = {"asker_role": role}
    if appear is not Appearance.ANONYMOUS:
        kept["asker_id"] = actor.id
    if appear is Appearance.NAME:
        kept["shown_name"] = actor.name
    if appear is Appearance.ROLE:
        kept["shown_neighbourhood"] = place
    return kept


@rule(needs=QandaPermission.WITHDRAW)
def withdraw(actor: Actor, session: ProgrammeSession, *, question_id: UUID, at: Moment) -> Question:
    """Take one's own question back. Raises NotYours, or Changed once it is on stage or answered."""
    question = db.session.scalar(
        select(Question).where(
            Question.id == question_id,
            Question.session_id == session.id,
            Question.author_key.in_(author_keys(actor, session.id)),
        )
    )
    if question is None:
        raise NotYours
    _allow(question, Deed.WITHDRAW)
    question.status = QuestionStatus.WITHDRAWN
    question.revision = at.revision
    return question


# Rows instead of objects, and statements made once: thousands of wishes a second pass through here.
QUESTIONS, SUPPORTS = cast(Table, Question.__table__), cast(Table, Support.__table__)
SUPPORTED = select(
    QUESTIONS.c.id,
    QUESTIONS.c.status,
    QUESTIONS.c.support_count,
    QUESTIONS.c.key_room_id,
    QUESTIONS.c.was_public,
    QUESTIONS.c.author_key,
).where(QUESTIONS.c.session_id == bindparam("room"), QUESTIONS.c.id.in_(bindparam("ids", expanding=True)))
STAND_BEHIND = {
    name: dialect.insert(SUPPORTS).on_conflict_do_nothing().returning(SUPPORTS.c.question_id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
STAND_BACK = delete(SUPPORTS).where(
    SUPPORTS.c.question_id == bindparam("question"), SUPPORTS.c.supporter_key == bindparam("key")
)
COUNT = (
    update(QUESTIONS)
    .where(QUESTIONS.c.id == bindparam("question"))
    .values(support_count=QUESTIONS.c.support_count + bindparam("change"), revision=bindparam("at"))
)


def support_many(
    wishes: Sequence[tuple[Actor, UUID, bool]], session_id: UUID, *, at: Moment
) -> list[int | RuleBroken]:
    """Put people behind questions of one room, or take them away again: the hot path.

    Each wish is (who, which question, on). Three statements, however many yeses, and one for each
    no. Answers each with the question's support after all of them, or with the refusal. Permission
    was asked before; the room's lock keeps the counts true.
    """
    rows = db.session.execute(SUPPORTED, {"room": session_id, "ids": list({q for _, q, _ in wishes})})
    found = {row.id: row for row in rows}
    refused: dict[int, RuleBroken] = {}
    last: dict[tuple[UUID, str], bool] = {}
    roles: dict[str, ParticipantRole] = {}
    for place, (actor, question_id, on) in enumerate(wishes):
        question = found.get(question_id)
        if question is None:
            refused[place] = NotYours()
        elif question.status not in TABLE[Deed.SUPPORT].states:
            refused[place] = _not_now(actor, question, session_id)
        else:
            key = supporter_key(actor, question.key_room_id or session_id)
            assert key is not None
            roles[key] = actor.participant_role  # type: ignore[attr-defined]
            last[question_id, key] = on  # of two wishes of one person the later one holds
    changes = _store_support(last, roles)
    if changes:
        changed = [{"question": q, "change": by, "at": at.revision} for q, by in changes.items()]
        db.session.execute(COUNT, changed)
    return [
        refused.get(place) or found[question_id].support_count + changes.get(question_id, 0)
        for place, (_, question_id, _) in enumerate(wishes)
    ]


def _not_now(actor: Actor, question: Any, session_id: UUID) -> RuleBroken:
    """Who has read a question is told where it is now. For anybody else it is not there."""
    assert actor.id is not None
    own = pseudonym(question.key_room_id or session_id, "author", actor.id) == question.author_key
    return Changed(status=question.status.value) if question.was_public or own else NotYours()


def _store_support(
    wishes: dict[tuple[UUID, str], bool], roles: dict[str, ParticipantRole]
) -> dict[UUID, int]:
    """Insert the yeses, delete the noes; return by how much each question's support changed."""
    difference: dict[UUID, int] = {}
    wanted = [
        {"question_id": q, "supporter_key": key, "role": roles[key]} for (q, key), on in wishes.items() if on
    ]
    if wanted:
        inserted = db.session.execute(STAND_BEHIND[db.engine.dialect.name], wanted)
        for question_id in inserted.scalars():
            difference[question_id] = difference.get(question_id, 0) + 1
    for (question_id, key), on in wishes.items():
        if not on:
            gone = db.session.execute(STAND_BACK, {"question": question_id, "key": key})
            difference[question_id] = difference.get(question_id, 0) - gone.rowcount  # type: ignore[attr-defined]
    return {question_id: change for question_id, change in difference.items() if change}


@rule(needs=QandaPermission.MODERATE)
def show(moderator: Actor, session: ProgrammeSession, *, question_id: UUID, at: Moment) -> Question:
    """Let the hall read a waiting question, or one that was hidden. Raises Changed."""
    question = _find(session, question_id)
    _move(moderator, question, Deed.SHOW, at)
    if question.answered_at is not None:  # hidden after it was answered: the answer still stands
        question.status = QuestionStatus.ANSWERED
    if _was_forwarded(question.id):
        question.status = QuestionStatus.FORWARDED
    question.was_public = True
    question.shown_at = question.shown_at or at.now
    question.hidden_reason = question.hidden_note = None
    return question


@rule(needs=QandaPermission.MODERATE)
def hide(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, reason: str, note: str, at: Moment
) -> Question:
    """Keep a question from the hall, for a reason of the house rules that its asker is told."""
    question = _find(session, question_id)
    question.hidden_reason = reason if question.status in TABLE[Deed.HIDE].states else question.hidden_reason
    _move(moderator, question, Deed.HIDE, at, reason=reason, note=note or None)
    question.hidden_note = note or None
    for then in _when_hidden:
        then(moderator, question, at)
    record(QuestionHidden(question.id, session.id))
    return question


@rule(needs=QandaPermission.MODERATE)
def shortlist(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, on: bool, at: Moment
) -> Question:
    """Put a question ready for the host, or take it off that list. The hall sees no difference."""
    question = _find(session, question_id)
    _move(moderator, question, Deed.SHORTLIST if on else Deed.UNLIST, at)
    return question


@rule(needs=QandaPermission.MODERATE)
def put_live(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, on: bool = True, at: Moment
) -> Question:
    """It is this question's turn; the one that had it goes back among the visible ones. `on` false
    ends a turn without an answer."""
    question = _find(session, question_id)
    if not on:
        _move(moderator, question, Deed.REST, at)
        return question
    _allow(question, Deed.LIVE)
    for earlier in db.session.scalars(
        select(Question).where(Question.session_id == session.id, Question.status == QuestionStatus.LIVE)
    ):
        _move(moderator, earlier, Deed.REST, at)
    _move(moderator, question, Deed.LIVE, at)
    return question


@rule(needs=QandaPermission.MODERATE)
def answer(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    text: str,
    instead_of: str | None = None,
    at: Moment,
) -> Question:
    """Write down what was answered; doing it again corrects the text.

    Raises Changed, with what stands there, when that is not what it would be written instead of.
    """
    question = _find(session, question_id)
    _allow(question, Deed.ANSWER)
    if instead_of is not None:
        _still_says(question, instead_of)
    question.answered_at = question.answered_at or at.now
    question.answer = text
    question.answered_by = moderator.name  # type: ignore[attr-defined]
    _move(moderator, question, Deed.ANSWER, at)
    record(QuestionAnswered(question.id, session.id))
    return question


def _still_says(question: Question, known: str) -> None:
    if (question.answer or "") != known:
        raise Changed(status=QuestionStatus.ANSWERED.value, by=question.answered_by, answer=question.answer)


@rule(needs=QandaPermission.MODERATE)
def merge(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, into_id: UUID, at: Moment
) -> Question:
    """Let one question go up in another that asks the same. Their supporters are united: who stood
    behind both counts once. Its asker sees the other one, and is told what becomes of it.

    Raises Changed (also for the one it would go into), CannotMerge.
    """
    question, target = _find(session, question_id), _find(session, into_id)
    if question is target or question.key_room != target.key_room:
        raise CannotMerge
    _allow(question, Deed.MERGE)
    if target.status not in MERGE_INTO:
        raise Changed(status=target.status.value, by=_who_changed(target))
    _unite_support(question, target)
    db.session.execute(
        update(Question)
        .where(Question.merged_into_id == question.id)
        .values(merged_into_id=target.id, revision=at.revision)
    )
    question.merged_into_id = target.id
    target.revision = at.revision
    _move(moderator, question, Deed.MERGE, at)
    return question


def _unite_support(question: Question, target: Question) -> None:
    theirs = select(
        literal(target.id, Question.id.type).cast(Question.id.type), SUPPORTS.c.supporter_key, SUPPORTS.c.role
    ).where(
        SUPPORTS.c.question_id == question.id,
        SUPPORTS.c.supporter_key.not_in(
            select(SUPPORTS.c.supporter_key).where(SUPPORTS.c.question_id == target.id)
        ),
    )
    db.session.execute(insert(SUPPORTS).from_select(["question_id", "supporter_key", "role"], theirs))
    db.session.execute(delete(SUPPORTS).where(SUPPORTS.c.question_id == question.id))
    united = select(func.count()).select_from(SUPPORTS).where(SUPPORTS.c.question_id == target.id)
    target.support_count = db.session.scalar(united) or 0
    question.support_count = 0


@rule(needs=QandaPermission.MODERATE)
def move(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, to: ProgrammeSession, at: Moment
) -> Question:
    """Pass a question on to another session, with everybody who stands behind it. Both rooms are
    locked. It waits there for that session's moderators, unless `moderator` is one of them.

    Returns the question that stays behind. Raises Changed, or CannotMove for a session that is over.
    """
    question = _find(session, question_id)
    if to.id == session.id or to.phase_at(at.now) in (Phase.CANCELLED, Phase.ENDED):
        raise CannotMove
    was_shown = question.status is not QuestionStatus.WAITING
    _allow(question, Deed.MOVE)
    shown = was_shown and can(moderator, QandaPermission.MODERATE, to)
    kept = {name: getattr(question, name) for name in MOVES_ALONG}
    there = Question(
        id=uuid4(),
        session_id=to.id,
        revision=at.beside[to.id],
        key_room_id=question.key_room,
        status=QuestionStatus.VISIBLE if shown else QuestionStatus.WAITING,
        was_public=shown,
        shown_at=at.now if shown else None,
        **kept,
    )
    db.session.add(there)
    db.session.flush()
    db.session.execute(
        update(SUPPORTS).where(SUPPORTS.c.question_id == question.id).values(question_id=there.id)
    )
    for left in (Question.moved_to_id, Question.merged_into_id):
        db.session.execute(update(Question).where(left == question.id).values({left: there.id}))
    question.support_count = 0
    question.moved_to_id = there.id
    _move(moderator, question, Deed.MOVE, at)
    for then in _when_moved:
        then(moderator, question, there, at)
    record(QuestionMoved(there.id, to.id))
    return question


MOVES_ALONG = (
    "author_key", "asker_id", "kind", "text", "appearance", "shown_name", "shown_neighbourhood",
    "asker_role", "via", "consent_at", "asked_at", "support_count",
)  # fmt: skip


@rule(needs=QandaPermission.MODERATE)
def arrange(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    is_open: bool | None = None,
    minutes_between: int | None = None,
    shows_first: bool | None = None,
    at: Moment,
) -> AskingRules:
    """Open or close the questions, set the pause, choose who reads first. None leaves it as it is."""
    asking = asking_rules(session.id)
    wanted = {"is_open": is_open, "minutes_between": minutes_between, "shows_first": shows_first}
    for name, value in wanted.items():
        if value is not None:
            setattr(asking, name, value)
    asking.revision = at.revision
    db.session.add(asking)
    return asking


@rule(needs=QandaPermission.BACKSTAGE)
def say_backstage(actor: Actor, session: ProgrammeSession, *, text: str, at: Moment) -> BackstageLine:
    """Tell the others who run this session something. The hall never gets it."""
    line = BackstageLine(
        id=uuid4(),
        session_id=session.id,
        revision=at.revision,
        author_id=actor.id,
        author_name=actor.name,  # type: ignore[attr-defined]
        text=text,
        at=at.now,
    )
    db.session.add(line)
    return line


def carry_over(session_id: UUID, *, at: Moment) -> list[Question]:
    """The session is over: what was asked and not answered stays open, and is told so."""
    left = db.session.scalars(
        select(Question).where(
            Question.session_id == session_id, Question.status.in_(TABLE[Deed.CARRY_OVER].states)
        )
    ).all()
    for question in left:
        question.status = QuestionStatus.OPEN_AFTER
        question.revision = at.revision
    return list(left)


def forward(moderator: Any, question: Question, at: Moment) -> None:
    """It became an agendapunt. Part of the write of the room above that made it. Raises Changed."""
    _move(moderator, question, Deed.FORWARD, at)


def _find(session: ProgrammeSession, question_id: UUID) -> Question:
    question = db.session.get(Question, question_id)
    if question is None or question.session_id != session.id:
        raise NotYours
    return question


def _was_forwarded(question_id: UUID) -> bool:
    """Whether an agendapunt was made of it, whatever happened to it since."""
    forwarded = select(QuestionChange.id).where(
        QuestionChange.question_id == question_id, QuestionChange.after == QuestionStatus.FORWARDED
    )
    return db.session.scalar(forwarded.limit(1)) is not None


def _allow(question: Question, deed: Deed) -> None:
    if question.status not in TABLE[deed].states:
        raise Changed(status=question.status.value, by=_who_changed(question))


def _who_changed(question: Question) -> str | None:
    change = last_change(question.id)
    return change.moderator_name if change else None


def _move(
    moderator: Any,
    question: Question,
    deed: Deed,
    at: Moment,
    *,
    reason: str | None = None,
    note: str | None = None,
) -> None:
    _allow(question, deed)
    after = TABLE[deed].after
    assert after is not None
    before, question.status = question.status, after
    question.revision = at.revision
    # Who asked the same in other words is told what becomes of it as well.
    db.session.execute(
        update(Question).where(Question.merged_into_id == question.id).values(revision=at.revision)
    )
    db.session.add(
        QuestionChange(
            question_id=question.id,
            moderator_id=moderator.id,
            moderator_name=moderator.name,
            before=before,
            after=after,
            reason=reason,
            note=note,
            at=at.now,
        )
    )
