"""Commands that merge a question into another, or move it to another session. Each under the lock of its
room, or of both.
"""

from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import Table, delete, func, insert, literal, select, true, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda import concurrency, hidden_names, mending
from dagvandebuurt.qanda.authors import author_of, seal
from dagvandebuurt.qanda.concurrency import question_in
from dagvandebuurt.qanda.errors import CannotMerge, CannotMove, CannotUnmerge
from dagvandebuurt.qanda.history import add_change, changed
from dagvandebuurt.qanda.hooks import question_moved
from dagvandebuurt.qanda.models import Action, MergedSupport, Question, QuestionChange, QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.rules import SUPPORTS
from dagvandebuurt.qanda.states import MACHINE, MERGE_INTO

MERGED = cast(Table, MergedSupport.__table__)


@MACHINE.command(Action.MERGE)
def merge(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    into_id: UUID,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Merge one question into another that asks the same, and unite their supporters, each counted once.

    Its asker sees the other question, and is notified of its outcome. Raises Changed (for either question),
    CannotMerge.
    """
    question, target = question_in(session, question_id), question_in(session, into_id)
    if question is target or question.key_room != target.key_room:
        raise CannotMerge
    concurrency.require_unchanged(moderator, question, Action.MERGE, seen)
    if target.status not in MERGE_INTO:
        raise changed(target)
    _unite_support(question, target)
    db.session.execute(
        update(Question)
        .where(Question.merged_into_id == question.id)
        .values(merged_into_id=target.id, revision=at.revision)
    )
    question.merged_into_id = target.id
    target.revision = at.revision
    MACHINE.apply(moderator, question, Action.MERGE, at, beside=target)
    return question


@MACHINE.command(Action.UNMERGE)
def unmerge(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, seen: int | None = None, at: Moment
) -> Question:
    """Take a merged question apart again: it is what it was before, with its own supporters. Who took back their
    support since supports neither. Raises Changed, or CannotUnmerge when the other one was moved away.
    """
    question = question_in(session, question_id)
    concurrency.require_unchanged(moderator, question, Action.UNMERGE, seen)
    separate(moderator, question, at)
    return question


def separate(moderator: Actor, question: Question, at: Moment, *, deed: str | None = None) -> None:
    """Do what `unmerge` does, with `deed` in the history."""
    target = db.session.get(Question, question.merged_into_id)
    if target is None or target.session_id != question.session_id:
        raise CannotUnmerge
    status = _status_before(question, QuestionStatus.MERGED)
    _divide_support(question, target)
    question.merged_into_id = None
    target.revision = at.revision
    before, question.status = question.status, status
    add_change(moderator, question, before, status, at, deed=deed, beside=target)


def _status_before(question: Question, status: QuestionStatus) -> QuestionStatus:
    """Return what the question was before its history brought it to `status`."""
    last = db.session.scalar(
        select(QuestionChange)
        .where(
            QuestionChange.question_id == question.id,
            QuestionChange.after == status,
            QuestionChange.before != status,
        )
        .order_by(QuestionChange.at.desc())
        .limit(1)
    )
    return last.before if last is not None else QuestionStatus.VISIBLE


def _unite_support(question: Question, target: Question) -> None:
    """Count the supporters of both at the target, each once, and remember whose support was the question's own."""
    own = select(SUPPORTS.c.question_id, SUPPORTS.c.supporter_key).where(
        SUPPORTS.c.question_id == question.id, SUPPORTS.c.is_merged.is_(False)
    )
    db.session.execute(insert(MERGED).from_select(["question_id", "supporter_key"], own))
    theirs = select(
        literal(target.id, Question.id.type).cast(Question.id.type), SUPPORTS.c.supporter_key, true()
    ).where(
        SUPPORTS.c.question_id == question.id,
        SUPPORTS.c.supporter_key.not_in(
            select(SUPPORTS.c.supporter_key).where(SUPPORTS.c.question_id == target.id)
        ),
    )
    db.session.execute(insert(SUPPORTS).from_select(["question_id", "supporter_key", "is_merged"], theirs))
    db.session.execute(delete(SUPPORTS).where(SUPPORTS.c.question_id == question.id))
    target.support_count = _supporters(target)
    question.support_count = 0


def _divide_support(question: Question, target: Question) -> None:
    """Give the question back the supporters it had who still support the two; the target keeps its own, and
    those of what else is merged into it.
    """
    behind_target = select(SUPPORTS.c.supporter_key).where(SUPPORTS.c.question_id == target.id)
    own = select(MERGED.c.question_id, MERGED.c.supporter_key).where(
        MERGED.c.question_id == question.id, MERGED.c.supporter_key.in_(behind_target)
    )
    db.session.execute(insert(SUPPORTS).from_select(["question_id", "supporter_key"], own))
    db.session.execute(delete(MERGED).where(MERGED.c.question_id == question.id))
    others = select(Question.id).where(Question.merged_into_id == target.id, Question.id != question.id)
    of_others = select(MERGED.c.supporter_key).where(MERGED.c.question_id.in_(others))
    db.session.execute(
        delete(SUPPORTS).where(
            SUPPORTS.c.question_id == target.id,
            SUPPORTS.c.is_merged.is_(True),
            SUPPORTS.c.supporter_key.not_in(of_others),
        )
    )
    question.support_count, target.support_count = _supporters(question), _supporters(target)


def _supporters(question: Question) -> int:
    found = select(func.count()).select_from(SUPPORTS).where(SUPPORTS.c.question_id == question.id)
    return db.session.scalar(found) or 0


@MACHINE.command(Action.MOVE)
def move(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    to: ProgrammeSession,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Move a question and its supporters to another session. Both rooms are locked.

    It waits there for that session's moderators, unless `moderator` is one of them. Returns the question that
    stays behind. Raises Changed, or CannotMove for a session that is over.
    """
    question = question_in(session, question_id)
    if to.id == session.id or to.phase_at(at.now) in (Phase.CANCELLED, Phase.ENDED):
        raise CannotMove
    was_shown = question.status is not QuestionStatus.WAITING
    concurrency.require_unchanged(moderator, question, Action.MOVE, seen)
    shown = was_shown and can(moderator, QandaPermission.MODERATE, to)
    kept = {name: getattr(question, name) for name in MOVES_ALONG}
    there = Question(
        id=uuid4(),
        session_id=to.id,
        revision=at.beside[to.id],
        desk_revision=at.beside[to.id],
        key_room_id=question.key_room,
        status=QuestionStatus.VISIBLE if shown else QuestionStatus.WAITING,
        was_public=shown,
        shown_at=at.now if shown else None,
        **kept,
    )
    there.name_hidden = question.name_hidden or hidden_names.is_hidden(to.id, question)
    author = author_of(question)
    if question.author_key is not None and author is not None:
        there.author_key = seal(there.id, question.key_room, author)
    db.session.add(there)
    db.session.flush()
    mending.take_along(question, there)
    db.session.execute(
        update(SUPPORTS).where(SUPPORTS.c.question_id == question.id).values(question_id=there.id)
    )
    for left in (Question.moved_to_id, Question.merged_into_id):
        db.session.execute(update(Question).where(left == question.id).values({left: there.id}))
    question.support_count = 0
    question.moved_to_id = there.id
    MACHINE.apply(moderator, question, Action.MOVE, at, beside=there)
    question_moved(moderator, question, there, at)
    return question


MOVES_ALONG = (
    "asker_id", "kind", "text", "appearance", "shown_name", "shown_mark", "shown_neighbourhood",
    "asker_role", "via", "consent_at", "asked_at", "support_count",
)  # fmt: skip
