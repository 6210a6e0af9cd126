"""Comments stay until their author takes them away, and go with them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import keeps_until
from dagvandebuurt.lessons.models import Comment, CommentStatus
from dagvandebuurt.people.forgetting import forgets

keeps_until(
    "comment",
    order=120,
    what=_l("Je reacties onder lessen"),
    why=_l("Omdat je ze daar plaatste, voor anderen."),
    until=_l("Tot je je gegevens laat wissen"),
)


@forgets
def comments_go(person_id: UUID, now: datetime) -> None:
    """A trace without words stays where replies of others hang on it."""
    mine = db.session.scalars(select(Comment).where(Comment.author_id == person_id)).all()
    for comment in sorted(mine, key=lambda each: each.parent_id is None):  # replies first
        has_replies = db.session.scalar(select(Comment.id).where(Comment.parent_id == comment.id).limit(1))
        if has_replies is None:
            db.session.delete(comment)
        else:
            comment.text, comment.badge, comment.author_id = "", None, None
            comment.status, comment.hidden_reason = CommentStatus.DELETED, None
        db.session.flush()
