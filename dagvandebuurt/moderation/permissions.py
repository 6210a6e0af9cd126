"""Everybody may read the rules."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class ModerationPermission(Permission):
    READ_RULES = "moderation:rules:read"


WHO_MAY = {ModerationPermission.READ_RULES: anyone}
publish(WHO_MAY)
