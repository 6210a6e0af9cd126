"""Permissions of captions."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, anyone, predicate, publish
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.permissions import runs_the_session


class CaptionPermission(Permission):
    READ = "captions:line:read"
    TYPE = "captions:line:type"
    READ_LIST = "captions:sessions:read"


@predicate
def captions_the_session(actor: Actor, session: Any) -> bool:
    """Allow captioners of this session, or of all sessions."""
    return actor.holds(Role.CAPTIONER, getattr(session, "id", None))


@predicate
def captions_somewhere(actor: Actor, _subject: Any) -> bool:
    return any(role == Role.CAPTIONER for role, _scope in getattr(actor, "grants", ()))


WHO_MAY = {
    CaptionPermission.READ: anyone,
    CaptionPermission.TYPE: captions_the_session | runs_the_session,
    CaptionPermission.READ_LIST: captions_somewhere,
}
publish(WHO_MAY)
