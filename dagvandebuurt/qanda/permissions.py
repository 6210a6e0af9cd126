"""Permissions of the Q&A: who may do what. What is possible in which status is in `states.py`."""

from dagvandebuurt.core.permissions import Permission, anyone, holds_role, is_known, publish
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.permissions import runs_the_session


class QandaPermission(Permission):
    READ = "qanda:question:read"
    ASK = "qanda:question:ask"
    ASK_FOR_OTHERS = "qanda:question:ask_for_others"
    SUPPORT = "qanda:question:support"
    WITHDRAW = "qanda:question:withdraw"
    READ_DESK = "qanda:desk:read"
    MODERATE = "qanda:question:moderate"
    BACKSTAGE = "qanda:backstage:say"


# The subject is the session. Ownership of a question is checked where the question is loaded.
WHO_MAY = {
    QandaPermission.READ: anyone,
    QandaPermission.ASK: is_known,
    QandaPermission.ASK_FOR_OTHERS: holds_role(Role.SUPPORTER) | runs_the_session,
    QandaPermission.SUPPORT: is_known,
    QandaPermission.WITHDRAW: is_known,
    QandaPermission.READ_DESK: runs_the_session,
    QandaPermission.MODERATE: runs_the_session,
    QandaPermission.BACKSTAGE: runs_the_session,
}
publish(WHO_MAY)
