"""Permissions of the market. The subject is a stand."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, anyone, holds_role, predicate, publish
from dagvandebuurt.people.models import Role


class MarketPermission(Permission):
    READ = "market:stand:read"
    VISIT = "market:stand:visit"
    ARRANGE = "market:stand:arrange"
    EDIT = "market:stand:edit"
    KEEP = "market:stand:keep"


@predicate
def keeps_the_stand(actor: Actor, stand: Any) -> bool:
    """Allow the holders of this stand. Without a stand: those of any. The role is always for one stand."""
    held = {scope for role, scope in getattr(actor, "grants", ()) if role == Role.STAND_HOLDER and scope}
    return bool(held) if stand is None else stand.id in held


_arranges = holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)

WHO_MAY = {
    MarketPermission.READ: anyone,
    MarketPermission.VISIT: anyone,
    MarketPermission.ARRANGE: _arranges,
    MarketPermission.EDIT: keeps_the_stand | _arranges,
    MarketPermission.KEEP: keeps_the_stand,
}
publish(WHO_MAY)
