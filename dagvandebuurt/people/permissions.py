"""Permissions on accounts and roles."""

from typing import Any

from dagvandebuurt.core.permissions import (
    Actor,
    Permission,
    anyone,
    has_account,
    holds_role,
    is_known,
    predicate,
    publish,
)


class PeoplePermission(Permission):
    ENTER = "people:door:enter"
    LEAVE = "people:door:leave"
    READ_OWN = "people:self:read"
    CHANGE_OWN = "people:self:change"
    SAVE = "people:bookmark:save"
    INVITE = "people:role:invite"
    GIVE_ROLE = "people:role:give"
    SUSPEND = "people:account:suspend"
    STEP_IN = "people:role:step_in"


@predicate
def gives_roles(actor: Actor, role: Any) -> bool:
    """Return whether the actor may give this role: an organiser gives every role but those that are above
    them; an admin gives all."""
    return actor.holds("admin") or (actor.holds("organiser") and role not in ("organiser", "admin"))


WHO_MAY = {
    PeoplePermission.ENTER: anyone,
    PeoplePermission.LEAVE: anyone,
    PeoplePermission.READ_OWN: is_known,
    PeoplePermission.CHANGE_OWN: is_known,
    PeoplePermission.SAVE: has_account,
    PeoplePermission.INVITE: holds_role("organiser") | holds_role("admin"),
    PeoplePermission.GIVE_ROLE: gives_roles,
    PeoplePermission.SUSPEND: holds_role("admin"),
    PeoplePermission.STEP_IN: holds_role("admin"),
}
publish(WHO_MAY)
