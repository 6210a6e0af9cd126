"""Permissions of the programme."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, anyone, holds_role, predicate, publish
from dagvandebuurt.people.models import Role


class ProgrammePermission(Permission):
    READ = "programme:session:read"
    EDIT = "programme:session:edit"
    RUN = "programme:session:run"
    ARCHIVE = "programme:edition:archive"
    ALLOW_HOSTS = "programme:stage_host:allow"


@predicate
def runs_the_session(actor: Actor, session: Any) -> bool:
    """Tell whether `actor` is moderator or host of this session; those roles for all sessions include it."""
    scope = getattr(session, "id", None)
    return actor.holds(Role.MODERATOR, scope) or actor.holds(Role.HOST, scope)


WHO_MAY = {
    ProgrammePermission.READ: anyone,
    ProgrammePermission.EDIT: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
    ProgrammePermission.RUN: runs_the_session,
    ProgrammePermission.ARCHIVE: holds_role(Role.ADMIN),
    ProgrammePermission.ALLOW_HOSTS: holds_role(Role.ADMIN),
}
publish(WHO_MAY)
