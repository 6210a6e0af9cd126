"""Permission to read the API: everybody, because it holds public content only."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class ApiPermission(Permission):
    READ = "api:public:read"


WHO_MAY = {ApiPermission.READ: anyone}
publish(WHO_MAY)
