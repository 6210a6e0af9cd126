"""Everybody may read what is public, also a machine."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class ApiPermission(Permission):
    READ = "api:public:read"


WHO_MAY = {ApiPermission.READ: anyone}
publish(WHO_MAY)
