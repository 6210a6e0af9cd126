"""Who has a checklist, who ticks, and who adds to them."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, holds_role, predicate, publish
from dagvandebuurt.people.models import Role

# The roles that have a list, in the order in which an organiser reads them.
ROLES = (Role.ORGANISER, Role.MODERATOR, Role.HOST, Role.CAPTIONER, Role.SUPPORTER, Role.EDITOR)


class ReadinessPermission(Permission):
    READ_LIST = "readiness:checklist:read"
    TICK = "readiness:checklist:tick"
    ARRANGE = "readiness:checklist:arrange"


def roles_of(actor: Any) -> list[Role]:
    """Return the roles with a list that somebody holds, everywhere or for one session."""
    held = {role for role, _scope in getattr(actor, "grants", ())}
    if Role.ADMIN in held:
        held.add(Role.ORGANISER)
    return [role for role in ROLES if role in held]


@predicate
def has_a_list(actor: Actor, _subject: Any) -> bool:
    return bool(roles_of(actor))


@predicate
def may_tick(actor: Actor, item: Any) -> bool:
    """Return whether this actor ticks this item: who has its role, and an organiser for all that is not
    somebody's own."""
    role = getattr(item, "role", None)
    if role in roles_of(actor):
        return True
    return Role.ORGANISER in roles_of(actor) and not getattr(item, "is_personal", True)


_organises = holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)
WHO_MAY = {
    ReadinessPermission.READ_LIST: has_a_list,
    ReadinessPermission.TICK: may_tick,
    ReadinessPermission.ARRANGE: _organises,
}
publish(WHO_MAY)
