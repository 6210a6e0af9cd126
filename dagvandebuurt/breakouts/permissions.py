"""Permissions of breakout rounds."""

from dagvandebuurt.core.permissions import Permission, anyone, is_known, publish
from dagvandebuurt.programme.permissions import runs_the_session


class BreakoutPermission(Permission):
    READ = "breakouts:round:read"
    SIT = "breakouts:seat:take"
    RUN = "breakouts:round:run"


WHO_MAY = {
    BreakoutPermission.READ: anyone,
    BreakoutPermission.SIT: is_known,
    BreakoutPermission.RUN: runs_the_session,
}
publish(WHO_MAY)
