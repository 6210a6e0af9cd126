"""State machines of a lesson and of a comment, from which the tests and the diagrams are made."""

from datetime import datetime
from enum import StrEnum

from dagvandebuurt.core.db import db
from dagvandebuurt.core.states import Change, Machine, Transition
from dagvandebuurt.lessons.errors import CommentChanged, LessonMoved
from dagvandebuurt.lessons.models import READABLE, Comment, Lesson, LessonStep
from dagvandebuurt.lessons.models import CommentStatus as C
from dagvandebuurt.lessons.models import LessonStatus as S
from dagvandebuurt.lessons.permissions import LessonPermission as P


class Action(StrEnum):
    """Action on a lesson that exists. GO_LIVE is done by the scheduler."""

    SAVE = "save"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    ASK_CHANGES = "ask_changes"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"
    GO_LIVE = "go_live"
    AMEND = "amend"
    ACCEPT = "accept"
    DECLINE = "decline"
    ARCHIVE = "archive"
    RESTORE = "restore"
    TAKE_DOWN = "take_down"
    PUT_BACK = "put_back"


def _record_step(change: Change[Lesson, Action, S], *, now: datetime, note: str = "") -> None:
    """Write down who brought the lesson from one status to the next."""
    db.session.add(
        LessonStep(
            lesson_id=change.entity.id, deed=change.action.value, after=change.after, note=note or None,
            at=now, by_id=change.actor.id if change.actor is not None else None,
        )
    )  # fmt: skip


UNFINISHED = frozenset({S.DRAFT, S.CHANGES_REQUESTED})

LESSONS = Machine(
    Lesson,
    S.DRAFT,
    {
        Action.SAVE: Transition(P.WRITE, UNFINISHED),
        Action.SUBMIT: Transition(P.WRITE, UNFINISHED, S.IN_REVIEW),
        Action.TAKE_BACK: Transition(P.WRITE, frozenset({S.IN_REVIEW, S.APPROVED, S.SCHEDULED}), S.DRAFT),
        Action.ASK_CHANGES: Transition(P.REVIEW, frozenset({S.IN_REVIEW}), S.CHANGES_REQUESTED),
        Action.APPROVE: Transition(P.REVIEW, frozenset({S.IN_REVIEW}), S.APPROVED),
        Action.SCHEDULE: Transition(P.PUBLISH, frozenset({S.APPROVED, S.SCHEDULED}), S.SCHEDULED),
        Action.UNSCHEDULE: Transition(P.PUBLISH, frozenset({S.SCHEDULED}), S.APPROVED),
        Action.PUBLISH: Transition(P.PUBLISH, frozenset({S.APPROVED, S.SCHEDULED}), S.PUBLISHED),
        Action.GO_LIVE: Transition(None, frozenset({S.SCHEDULED}), S.PUBLISHED),
        # A published text changes in two steps: somebody proposes it, somebody else puts it in its place.
        Action.AMEND: Transition(P.WRITE, frozenset({S.PUBLISHED})),
        Action.ACCEPT: Transition(P.REVIEW, frozenset({S.PUBLISHED})),
        Action.DECLINE: Transition(P.REVIEW, frozenset({S.PUBLISHED})),
        Action.ARCHIVE: Transition(P.PUBLISH, frozenset({S.PUBLISHED}), S.ARCHIVED),
        Action.RESTORE: Transition(P.PUBLISH, frozenset({S.ARCHIVED}), S.PUBLISHED),
        Action.TAKE_DOWN: Transition(P.TAKE_DOWN, READABLE, S.TAKEN_DOWN),
        Action.PUT_BACK: Transition(P.TAKE_DOWN, frozenset({S.TAKEN_DOWN}), S.PUBLISHED),
    },
    refusal=lambda lesson: LessonMoved(state=lesson.status.value),
    history=_record_step,
)


class CommentAction(StrEnum):
    """Action on a comment that was written."""

    REPLY = "reply"
    EDIT = "edit"
    DELETE = "delete"
    LET_THROUGH = "let_through"
    HIDE = "hide"
    SHOW = "show"


def _set_reason(
    change: Change[Comment, CommentAction, C], *, reason: str | None = None, note: str = ""
) -> None:
    """Keep why a comment is hidden, as long as it is."""
    if change.before is not change.after:
        change.entity.hidden_reason, change.entity.hidden_note = reason, note or None


COMMENTS = Machine(
    Comment,
    C.PENDING,
    {
        CommentAction.REPLY: Transition(P.COMMENT, frozenset({C.VISIBLE})),
        CommentAction.EDIT: Transition(P.OWN_COMMENT, frozenset({C.PENDING, C.VISIBLE})),
        CommentAction.DELETE: Transition(
            P.OWN_COMMENT, frozenset({C.PENDING, C.VISIBLE, C.HIDDEN}), C.DELETED
        ),
        CommentAction.LET_THROUGH: Transition(P.MODERATE, frozenset({C.PENDING}), C.VISIBLE),
        CommentAction.HIDE: Transition(P.MODERATE, frozenset({C.PENDING, C.VISIBLE}), C.HIDDEN),
        CommentAction.SHOW: Transition(P.MODERATE, frozenset({C.HIDDEN}), C.VISIBLE),
    },
    refusal=lambda comment: CommentChanged(state=comment.status.value),
    history=_set_reason,
)
