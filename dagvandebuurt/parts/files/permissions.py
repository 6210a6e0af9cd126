"""Pictures stand on pages that everybody may read."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class FilePermission(Permission):
    READ = "files:picture:read"


publish({FilePermission.READ: anyone})
