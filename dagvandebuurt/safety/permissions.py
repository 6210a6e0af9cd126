"""Permissions of alarms. The subject of RAISE and ANSWER is the session."""

from dagvandebuurt.core.permissions import Permission, anyone, holds_role, is_known, publish
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.permissions import runs_the_session


class SafetyPermission(Permission):
    LOOK = "safety:alarm:look"
    RAISE = "safety:alarm:raise"
    ANSWER = "safety:alarm:answer"
    READ_HELP = "safety:help:read"
    ARRANGE = "safety:help:arrange"


_organises = holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)
WHO_MAY = {
    SafetyPermission.LOOK: anyone,  # everybody gets what concerns them: mostly nothing
    SafetyPermission.RAISE: runs_the_session,
    SafetyPermission.ANSWER: runs_the_session | _organises,
    # The asker, also a guest. Ownership is checked where the question is loaded.
    SafetyPermission.READ_HELP: is_known,
    SafetyPermission.ARRANGE: _organises,
}
publish(WHO_MAY)
