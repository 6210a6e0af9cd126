"""Permissions of the handbooks: none holds a secret, so they are open to everybody."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class HandbookPermission(Permission):
    READ = "handbooks:handbook:read"


WHO_MAY = {HandbookPermission.READ: anyone}
publish(WHO_MAY)
