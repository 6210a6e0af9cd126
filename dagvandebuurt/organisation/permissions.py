"""Permissions of organisers."""

from dagvandebuurt.core.permissions import Permission, holds_role, publish
from dagvandebuurt.people.models import Role


class OrganisationPermission(Permission):
    READ = "organisation:figures:read"
    EXPORT = "organisation:people:export"
    ARRANGE = "organisation:programme:arrange"
    READ_AUDIT = "organisation:audit:read"


_organises = holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)
WHO_MAY = {
    OrganisationPermission.READ: _organises,
    OrganisationPermission.EXPORT: _organises,
    OrganisationPermission.ARRANGE: _organises,
    OrganisationPermission.READ_AUDIT: _organises,
}
publish(WHO_MAY)
