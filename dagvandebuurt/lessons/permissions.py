"""Permissions on lessons and comments."""

from typing import Any

from dagvandebuurt.core.permissions import (
    Actor,
    Permission,
    anyone,
    has_account,
    holds_role,
    predicate,
    publish,
)
from dagvandebuurt.people.models import Role


class LessonPermission(Permission):
    READ = "lessons:lesson:read"
    READ_UNPUBLISHED = "lessons:lesson:read-unpublished"
    WRITE = "lessons:lesson:write"
    REVIEW = "lessons:lesson:review"
    PUBLISH = "lessons:lesson:publish"
    TAKE_DOWN = "lessons:lesson:take-down"
    COMMENT = "lessons:comment:write"
    OWN_COMMENT = "lessons:comment:own"
    MODERATE = "lessons:comment:moderate"
    WISH = "lessons:wish:make"


@predicate
def works_on_texts(actor: Actor, _subject: Any) -> bool:
    return any(actor.holds(role) for role in (Role.EDITOR, Role.PUBLISHER, Role.ADMIN))


@predicate
def writes_lessons(actor: Actor, _subject: Any) -> bool:
    return actor.holds(Role.EDITOR) or actor.holds(Role.PUBLISHER)


@predicate
def is_not_its_writer(actor: Actor, lesson: Any) -> bool:
    """Deny review of one's own text, whatever the role. Without a lesson: tell whether they review at all."""
    return lesson is None or lesson.writer_id is None or lesson.writer_id != actor.id


@predicate
def wrote_it(actor: Actor, comment: Any) -> bool:
    return comment is None or comment.author_id == actor.id


@predicate
def moderates_everywhere(actor: Actor, _subject: Any) -> bool:
    """Allow moderators of all sessions; one of a single session has no rights outside it."""
    return actor.holds(Role.MODERATOR)


_publishes = holds_role(Role.PUBLISHER)
WHO_MAY = {
    LessonPermission.READ: anyone,
    LessonPermission.READ_UNPUBLISHED: works_on_texts,
    LessonPermission.WRITE: writes_lessons,
    LessonPermission.REVIEW: _publishes & is_not_its_writer,
    LessonPermission.PUBLISH: _publishes,
    LessonPermission.TAKE_DOWN: moderates_everywhere,
    LessonPermission.COMMENT: has_account,
    LessonPermission.OWN_COMMENT: has_account & wrote_it,
    LessonPermission.MODERATE: moderates_everywhere,
    LessonPermission.WISH: anyone,
}
publish(WHO_MAY)
