"""Permissions of hosting."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, holds_role, predicate, publish
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.permissions import runs_the_session


class HostingPermission(Permission):
    READ = "hosting:stage:read"
    RUN = "hosting:stage:run"
    PLAN = "hosting:show:plan"


@predicate
def speaks_in_the_session(actor: Actor, session: Any) -> bool:
    """Allow people with an account who speak in this session, or host it. Others get a link of their own."""
    if actor.id is None:
        return False
    return any(part.speaker.person_id == actor.id for part in getattr(session, "parts", ()))


WHO_MAY = {
    HostingPermission.READ: runs_the_session | speaks_in_the_session,
    HostingPermission.RUN: runs_the_session,
    HostingPermission.PLAN: runs_the_session | holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
}
publish(WHO_MAY)
