"""Permissions of the hall chat."""

from dagvandebuurt.core.permissions import Permission, anyone, is_known, publish
from dagvandebuurt.programme.permissions import runs_the_session


class ChatPermission(Permission):
    READ = "chat:line:read"
    SAY = "chat:line:say"
    MODERATE = "chat:line:moderate"


WHO_MAY = {
    ChatPermission.READ: anyone,
    ChatPermission.SAY: is_known,
    ChatPermission.MODERATE: runs_the_session,
}
publish(WHO_MAY)
