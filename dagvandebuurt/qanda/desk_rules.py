"""Commands of the moderator's desk on questions and on how asking goes, each under the lock of its room.

Optimistic concurrency control: each command carries the revision its user had on screen (`seen`: the
question's `desk_revision`). When a colleague decided something since, it is refused with who did what.
Without `seen`, only commands that undo nothing are accepted (`states.TABLE`).
"""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, literal, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, can, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda import hidden_names
from dagvandebuurt.qanda.authors import author_of, seal
from dagvandebuurt.qanda.errors import (
    AskingChanged,
    CannotMerge,
    CannotMove,
    Changed,
    NotYours,
    StageChanged,
)
from dagvandebuurt.qanda.hooks import question_hidden, question_moved
from dagvandebuurt.qanda.models import (
    AskingRules,
    BackstageLine,
    Question,
    QuestionChange,
    QuestionStatus,
)
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import after_the_last, asking_rules, changed, last_change
from dagvandebuurt.qanda.rules import SUPPORTS, allow, who_changed
from dagvandebuurt.qanda.states import MERGE_INTO, TABLE, Deed


@command(needs=QandaPermission.MODERATE)
def show(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, seen: int | None = None, at: Moment
) -> Question:
    """Publish a waiting or hidden question to the hall. Raises Changed."""
    question = _seen(moderator, session, question_id, Deed.SHOW, seen)
    _move(moderator, question, Deed.SHOW, at)
    if question.answered_at is not None:  # hidden after it was answered: the answer is still valid
        question.status = QuestionStatus.ANSWERED
    if _was_forwarded(question.id):
        question.status = QuestionStatus.FORWARDED
    question.was_public = True
    question.shown_at = question.shown_at or at.now
    question.hidden_reason = question.hidden_note = None
    return question


@command(needs=QandaPermission.MODERATE)
def hide(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    reason: str,
    note: str,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Hide a question from the hall, for a reason from the house rules that its asker is given.

    A request to hide it before the hall could read it succeeds even when a colleague published it in that
    same moment: potentially harmful text does not stay up because of a conflict. Otherwise raises Changed.
    """
    question = _seen(moderator, session, question_id, Deed.HIDE, seen)
    question.hidden_reason = reason
    _move(moderator, question, Deed.HIDE, at, reason=reason, note=note or None)
    question.hidden_note = note or None
    question_hidden(moderator, question, at)
    return question


@command(needs=QandaPermission.MODERATE)
def shortlist(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    on: bool,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Put a question on the host's shortlist, or take it off. The hall sees no difference."""
    deed = Deed.SHORTLIST if on else Deed.UNLIST
    question = _seen(moderator, session, question_id, deed, seen)
    _move(moderator, question, deed, at)
    return question


@command(needs=QandaPermission.MODERATE)
def put_live(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    on: bool = True,
    seen: int | None = None,
    instead_of: UUID | None = None,
    at: Moment,
) -> Question:
    """Put this question on stage; the one on stage goes back to the visible ones. `on` false ends a turn
    without an answer.

    `instead_of` is the question on stage when the button was pressed, None for none. Raises StageChanged when
    another one is on stage now: nothing changes on the big screen during an answer.
    """
    deed = Deed.LIVE if on else Deed.REST
    question = _seen(moderator, session, question_id, deed, seen)
    if on:
        on_stage = db.session.scalar(
            select(Question).where(Question.session_id == session.id, Question.status == QuestionStatus.LIVE)
        )
        if on_stage is not None:
            knows = on_stage.id == instead_of or (seen is None and _decided_last(moderator, on_stage))
            if not knows:
                raise StageChanged(live=str(on_stage.id), text=on_stage.text, by=who_changed(on_stage))
            _move(moderator, on_stage, Deed.REST, at)
    _move(moderator, question, deed, at)
    return question


@command(needs=QandaPermission.MODERATE)
def answer(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    text: str,
    instead_of: str | None = None,
    at: Moment,
) -> Question:
    """Record what was answered; repeating it corrects the text. `instead_of`: the answer its author had on
    screen, None or empty for none.

    Raises Changed, with the current text, when that is not the answer it would replace.
    """
    question = _find(session, question_id)
    allow(question, Deed.ANSWER)
    _still_says(question, instead_of or "")
    question.answered_at = question.answered_at or at.now
    question.answer = text
    question.answered_by = moderator.name
    _move(moderator, question, Deed.ANSWER, at)
    return question


def _still_says(question: Question, known: str) -> None:
    if (question.answer or "") != known:
        raise Changed(status=QuestionStatus.ANSWERED.value, by=question.answered_by, answer=question.answer)


@command(needs=QandaPermission.MODERATE)
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
    question, target = _find(session, question_id), _find(session, into_id)
    if question is target or question.key_room != target.key_room:
        raise CannotMerge
    _still_as_seen(moderator, question, Deed.MERGE, seen)
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
    _move(moderator, question, Deed.MERGE, at)
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


@command(needs=QandaPermission.MODERATE)
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
    question = _find(session, question_id)
    if to.id == session.id or to.phase_at(at.now) in (Phase.CANCELLED, Phase.ENDED):
        raise CannotMove
    was_shown = question.status is not QuestionStatus.WAITING
    _still_as_seen(moderator, question, Deed.MOVE, seen)
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
    _move(moderator, question, Deed.MOVE, at)
    question_moved(moderator, question, there, at)
    return question


MOVES_ALONG = (
    "asker_id", "kind", "text", "appearance", "shown_name", "shown_mark", "shown_neighbourhood",
    "asker_role", "via", "consent_at", "asked_at", "support_count",
)  # fmt: skip


@command(needs=QandaPermission.MODERATE)
def arrange(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    is_open: bool | None = None,
    minutes_between: int | None = None,
    shows_first: bool | None = None,
    registered_only: bool | None = None,
    seen: int | None = None,
    at: Moment,
) -> AskingRules:
    """Open or close the questions, set the pause, choose who reads first. None leaves a setting as it is.

    `seen` is the revision of the settings on screen. Raises AskingChanged when a colleague changed the same
    setting since; without `seen`, when a colleague changed it at all.
    """
    asking = asking_rules(session.id)
    knobs = {"is_open": is_open, "minutes_between": minutes_between, "shows_first": shows_first}
    knobs["registered_only"] = registered_only
    wanted = {name: value for name, value in knobs.items() if value is not None}
    turned = max((asking.turned.get(name, 0) for name in wanted), default=0)
    by_another = asking.changed_by_id not in (None, moderator.id)
    if turned > (seen or 0) and (seen is not None or by_another):
        raise AskingChanged(by=name_of(asking.changed_by_id))
    for name, value in wanted.items():
        setattr(asking, name, value)
    if registered_only is not None:
        session.registered_only = registered_only
    asking.turned = asking.turned | dict.fromkeys(wanted, at.revision)
    asking.revision, asking.changed_by_id = at.revision, moderator.id
    db.session.add(asking)
    return asking


@command(needs=QandaPermission.BACKSTAGE)
def say_backstage(actor: Actor, session: ProgrammeSession, *, text: str, at: Moment) -> BackstageLine:
    """Send a message to the others who run this session. It never reaches the hall."""
    line = BackstageLine(
        id=uuid4(),
        session_id=session.id,
        revision=at.revision,
        author_id=actor.id,
        author_name=actor.name,
        text=text,
        at=at.now,
    )
    db.session.add(line)
    return line


def forward(moderator: Any, question: Question, at: Moment) -> None:
    """Mark a question as an agenda point, in the transaction of the section that makes it. Raises Changed."""
    _move(moderator, question, Deed.FORWARD, at)


def _find(session: ProgrammeSession, question_id: UUID) -> Question:
    question = db.session.get(Question, question_id)
    if question is None or question.session_id != session.id:
        raise NotYours
    return question


def _seen(
    moderator: Actor, session: ProgrammeSession, question_id: UUID, deed: Deed, seen: int | None
) -> Question:
    """Return the question, if it is unchanged since its moderator saw it. Raises NotYours, or Changed."""
    question = _find(session, question_id)
    _still_as_seen(moderator, question, deed, seen)
    return question


def _still_as_seen(moderator: Actor, question: Question, deed: Deed, seen: int | None) -> None:
    """Raise Changed when a colleague decided something since `moderator` looked.

    Without `seen`, a moderator may undo only their own last decision.
    """
    allow(question, deed)
    if seen is None:
        is_same = question.status in TABLE[deed].unseen or _decided_last(moderator, question)
    else:
        is_same = seen == question.desk_revision or (deed is Deed.HIDE and _was_only_shown(question))
    if not is_same:
        raise changed(question)


def _decided_last(moderator: Actor, question: Question) -> bool:
    last = last_change(question.id)
    return last is not None and last.moderator_id == moderator.id


def _was_only_shown(question: Question) -> bool:
    """Tell whether the only decisions were to publish it or hide its asker's name: any older view showed it
    waiting.
    """
    changes = db.session.scalars(
        select(QuestionChange)
        .where(QuestionChange.question_id == question.id, QuestionChange.deed.is_(None))
        .limit(2)
    ).all()
    if not changes:
        return question.status is QuestionStatus.WAITING
    return (
        question.status is QuestionStatus.VISIBLE
        and len(changes) == 1
        and changes[0].before is QuestionStatus.WAITING
    )


def _was_forwarded(question_id: UUID) -> bool:
    """Tell whether an agenda point was made of it, whatever happened to it since."""
    forwarded = select(QuestionChange.id).where(
        QuestionChange.question_id == question_id, QuestionChange.after == QuestionStatus.FORWARDED
    )
    return db.session.scalar(forwarded.limit(1)) is not None


def _move(
    moderator: Any,
    question: Question,
    deed: Deed,
    at: Moment,
    *,
    reason: str | None = None,
    note: str | None = None,
) -> None:
    allow(question, deed)
    after = TABLE[deed].after
    assert after is not None
    before, question.status = question.status, after
    question.revision = question.desk_revision = at.revision
    # The askers of questions merged into it are notified too.
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
            at=after_the_last(question.id, at.now),
        )
    )
