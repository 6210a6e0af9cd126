"""Everybody may seek: there is nothing in the index that not everybody may read."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class SearchPermission(Permission):
    SEEK = "search:everything:seek"


WHO_MAY = {SearchPermission.SEEK: anyone}
publish(WHO_MAY)
