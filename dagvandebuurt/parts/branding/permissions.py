"""Permissions of branding."""

from dagvandebuurt.core.permissions import Permission, anyone, holds_role, publish


class BrandingPermission(Permission):
    READ = "branding:look:read"
    ARRANGE = "branding:look:arrange"


WHO_MAY = {
    BrandingPermission.READ: anyone,
    BrandingPermission.ARRANGE: holds_role("organiser") | holds_role("admin"),
}
publish(WHO_MAY)
