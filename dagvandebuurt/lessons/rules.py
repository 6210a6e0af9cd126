"""Saying something under a lesson."""

from datetime import datetime
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, rule
from dagvandebuurt.lessons.errors import NothingToReplyTo, RulesNotAccepted
from dagvandebuurt.lessons.models import Comment, CommentStatus, Lesson
from dagvandebuurt.lessons.permissions import LessonPermission
from dagvandebuurt.lessons.queries import has_been_read_before
from dagvandebuurt.people.queries import current_house_rules, person_of


@rule(needs=LessonPermission.COMMENT)
def comment(
    actor: Actor,
    lesson: Lesson,
    *,
    text: str,
    parent_id: UUID | None,
    accepts_rules: bool,
    now: datetime,
) -> Comment:
    """Write something under a lesson. The first time, somebody reads it before it shows.

    Raises RulesNotAccepted, or NothingToReplyTo when the comment above is gone. A reply to a reply
    hangs under the same comment: one level, so that a phone can show it.
    """
    person = person_of(actor)
    rules = current_house_rules(now)
    if rules is not None and person.house_rules_version != rules.version:
        if not accepts_rules:
            raise RulesNotAccepted
        person.house_rules_version = rules.version
    parent = db.session.get(Comment, parent_id) if parent_id else None
    if parent_id and (
        parent is None or parent.lesson_id != lesson.id or parent.status is not CommentStatus.VISIBLE
    ):
        raise NothingToReplyTo
    written = Comment(
        lesson_id=lesson.id,
        parent_id=(parent.parent_id or parent.id) if parent else None,
        author_id=person.id,
        text=text,
        status=CommentStatus.VISIBLE if has_been_read_before(person.id) else CommentStatus.PENDING,
        written_at=now,
    )
    db.session.add(written)
    return written
