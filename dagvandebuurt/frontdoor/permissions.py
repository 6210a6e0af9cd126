"""Everybody may come to the front door."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class FrontdoorPermission(Permission):
    READ = "frontdoor:page:read"


WHO_MAY = {FrontdoorPermission.READ: anyone}
publish(WHO_MAY)
