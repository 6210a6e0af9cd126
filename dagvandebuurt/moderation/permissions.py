"""Everybody may read the rules, who is in may report, who runs a session decides."""

from dagvandebuurt.core.permissions import Permission, anyone, is_known, publish
from dagvandebuurt.programme.permissions import runs_the_session


class ModerationPermission(Permission):
    READ_RULES = "moderation:rules:read"
    REPORT = "moderation:report:send"
    CONTEST = "moderation:hiding:contest"
    HANDLE = "moderation:report:handle"


# The subject of HANDLE is the session.
WHO_MAY = {
    ModerationPermission.READ_RULES: anyone,
    ModerationPermission.REPORT: is_known,
    # The way back to a question says who asked it; its holder may have no login any more.
    ModerationPermission.CONTEST: anyone,
    ModerationPermission.HANDLE: runs_the_session,
}
publish(WHO_MAY)
