"""Permission to search: everybody, because the index holds public content only."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class SearchPermission(Permission):
    SEEK = "search:everything:seek"


WHO_MAY = {SearchPermission.SEEK: anyone}
publish(WHO_MAY)
