"""Who may write the texts of the site."""

from dagvandebuurt.core.permissions import Permission, holds_role, publish
from dagvandebuurt.people.models import Role


class TextPermission(Permission):
    WRITE = "texts:site:write"


WHO_MAY = {TextPermission.WRITE: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)}
publish(WHO_MAY)
