"""Permissions of pictures: public, like the pages they are on."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class FilePermission(Permission):
    READ = "files:picture:read"


publish({FilePermission.READ: anyone})
