"""Permissions of the public entry pages: open to everybody."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class FrontdoorPermission(Permission):
    READ = "frontdoor:page:read"


WHO_MAY = {FrontdoorPermission.READ: anyone}
publish(WHO_MAY)
