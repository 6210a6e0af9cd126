"""Who may do what with lessons and comments."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, anyone, has_account, predicate, publish
from dagvandebuurt.people.models import Role


class LessonPermission(Permission):
    READ = "lessons:lesson:read"
    READ_UNPUBLISHED = "lessons:lesson:read-unpublished"
    COMMENT = "lessons:comment:write"
    WISH = "lessons:wish:make"


@predicate
def works_on_texts(actor: Actor, _subject: Any) -> bool:
    return any(actor.holds(role) for role in (Role.EDITOR, Role.PUBLISHER, Role.ADMIN))


WHO_MAY = {
    LessonPermission.READ: anyone,
    LessonPermission.READ_UNPUBLISHED: works_on_texts,
    LessonPermission.COMMENT: has_account,
    LessonPermission.WISH: anyone,
}
publish(WHO_MAY)
