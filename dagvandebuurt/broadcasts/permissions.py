"""Permissions of broadcasts."""

from dagvandebuurt.core.permissions import Permission, holds_role, publish
from dagvandebuurt.people.models import Role


class BroadcastPermission(Permission):
    SAY = "broadcasts:broadcast:say"


WHO_MAY = {BroadcastPermission.SAY: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)}
publish(WHO_MAY)
