"""Who may see who was there."""

from dagvandebuurt.core.permissions import Permission, holds_role, publish
from dagvandebuurt.people.models import Role


class AttendancePermission(Permission):
    READ = "attendance:visit:read"


WHO_MAY = {AttendancePermission.READ: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)}
publish(WHO_MAY)
