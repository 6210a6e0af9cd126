"""Commands on comments under a lesson. The state machine is in `states.py`."""

from datetime import datetime, timedelta
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.lessons.errors import (
    CommentsClosed,
    NothingToReplyTo,
    RulesNotAccepted,
    TooLateToEdit,
)
from dagvandebuurt.lessons.models import Comment, CommentStatus, Lesson, LessonStatus
from dagvandebuurt.lessons.queries import has_been_read_before
from dagvandebuurt.lessons.states import COMMENTS, CommentAction
from dagvandebuurt.people.queries import current_house_rules, person_of
from dagvandebuurt.people.rules import agreed_house_rules

TIME_TO_EDIT = timedelta(minutes=15)


@COMMENTS.command(CommentAction.REPLY)
def comment(
    actor: Actor,
    lesson: Lesson,
    *,
    text: str,
    parent_id: UUID | None,
    accepts_rules: bool,
    now: datetime,
) -> Comment:
    """Comment on a lesson. A person's first comment is moderated before it shows.

    Raises RulesNotAccepted, CommentsClosed, or NothingToReplyTo when the parent comment is gone. A reply to a
    reply is stored under the same parent: one level, to fit a phone.
    """
    if lesson.status is not LessonStatus.PUBLISHED:
        raise CommentsClosed
    person = person_of(actor)
    if person.house_rules_version != current_house_rules(now).version:
        if not accepts_rules:
            raise RulesNotAccepted
        person.house_rules_version = agreed_house_rules(now)
    parent = db.session.get(Comment, parent_id) if parent_id else None
    if parent_id and (
        parent is None
        or parent.lesson_id != lesson.id
        or not COMMENTS.is_possible(parent, CommentAction.REPLY)
    ):
        raise NothingToReplyTo
    written = Comment(
        lesson_id=lesson.id,
        parent_id=(parent.parent_id or parent.id) if parent else None,
        author_id=person.id,
        text=text,
        status=CommentStatus.VISIBLE if has_been_read_before(person.id) else CommentStatus.PENDING,
        rules_version=person.house_rules_version,
        written_at=now,
    )
    db.session.add(written)
    return written


@COMMENTS.command(CommentAction.EDIT)
def edit_comment(actor: Actor, comment: Comment, *, text: str, now: datetime) -> None:
    """Edit one's own comment within a quarter of an hour. Raises TooLateToEdit, or CommentChanged."""
    _change(actor, comment, CommentAction.EDIT)
    if now - comment.written_at > TIME_TO_EDIT:
        raise TooLateToEdit
    if text != comment.text:
        comment.text, comment.edited_at = text, now


@COMMENTS.command(CommentAction.DELETE)
def delete_comment(actor: Actor, comment: Comment, *, now: datetime) -> None:
    """Delete one's own comment. With replies, a placeholder stays."""
    _change(actor, comment, CommentAction.DELETE)
    comment.text, comment.badge, comment.author_id = "", None, None
    comment.hidden_reason = comment.hidden_note = None


@COMMENTS.command(CommentAction.LET_THROUGH)
def let_through(moderator: Actor, comment: Comment) -> None:
    """Approve a person's first comment. Later ones show at once."""
    _change(moderator, comment, CommentAction.LET_THROUGH)


@COMMENTS.command(CommentAction.HIDE)
def hide_comment(moderator: Actor, comment: Comment, *, reason: str, note: str) -> None:
    """Hide a comment from everybody; its author reads the reason."""
    _change(moderator, comment, CommentAction.HIDE, reason=reason, note=note)


@COMMENTS.command(CommentAction.SHOW)
def show_comment(moderator: Actor, comment: Comment) -> None:
    _change(moderator, comment, CommentAction.SHOW)


def _change(
    actor: Actor, comment: Comment, action: CommentAction, *, reason: str | None = None, note: str = ""
) -> None:
    """Apply an action to the comment as it stands now, under the lock of its row."""
    db.session.refresh(comment, ["status"], with_for_update=True)
    COMMENTS.apply(actor, comment, action, reason=reason, note=note)
