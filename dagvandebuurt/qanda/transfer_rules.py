"""Commands that merge a question into another, or move it to another session. Each under the lock of its
room, or of both.
"""

from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, literal, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda import concurrency, hidden_names
from dagvandebuurt.qanda.authors import author_of, seal
from dagvandebuurt.qanda.concurrency import question_in
from dagvandebuurt.qanda.errors import CannotMerge, CannotMove
from dagvandebuurt.qanda.history import changed
from dagvandebuurt.qanda.hooks import question_moved
from dagvandebuurt.qanda.models import Action, Question, QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.rules import SUPPORTS
from dagvandebuurt.qanda.states import MACHINE, MERGE_INTO


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
    MACHINE.apply(moderator, question, Action.MERGE, at)
    return question


def _unite_support(question: Question, target: Question) -> None:
    theirs = select(
        literal(target.id, Question.id.type).cast(Question.id.type), SUPPORTS.c.supporter_key
    ).where(
        SUPPORTS.c.question_id == question.id,
        SUPPORTS.c.supporter_key.not_in(
            select(SUPPORTS.c.supporter_key).where(SUPPORTS.c.question_id == target.id)
        ),
    )
    db.session.execute(insert(SUPPORTS).from_select(["question_id", "supporter_key"], theirs))
    db.session.execute(delete(SUPPORTS).where(SUPPORTS.c.question_id == question.id))
    united = select(func.count()).select_from(SUPPORTS).where(SUPPORTS.c.question_id == target.id)
    target.support_count = db.session.scalar(united) or 0
    question.support_count = 0


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
    db.session.execute(
        update(SUPPORTS).where(SUPPORTS.c.question_id == question.id).values(question_id=there.id)
    )
    for left in (Question.moved_to_id, Question.merged_into_id):
        db.session.execute(update(Question).where(left == question.id).values({left: there.id}))
    question.support_count = 0
    question.moved_to_id = there.id
    MACHINE.apply(moderator, question, Action.MOVE, at)
    question_moved(moderator, question, there, at)
    return question


MOVES_ALONG = (
    "asker_id", "kind", "text", "appearance", "shown_name", "shown_mark", "shown_neighbourhood",
    "asker_role", "via", "consent_at", "asked_at", "support_count",
)  # fmt: skip
