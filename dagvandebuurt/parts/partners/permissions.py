"""Permissions of partners."""

from dagvandebuurt.core.permissions import Permission, holds_role, publish


class PartnerPermission(Permission):
    ARRANGE = "partners:partner:arrange"


WHO_MAY = {PartnerPermission.ARRANGE: holds_role("organiser") | holds_role("admin")}
publish(WHO_MAY)
