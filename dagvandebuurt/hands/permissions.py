"""Permissions of raised hands."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, anyone, predicate, publish
from dagvandebuurt.programme.permissions import runs_the_session


class HandPermission(Permission):
    READ = "hands:hand:read"
    RAISE = "hands:hand:raise"
    CALL = "hands:hand:call"


@predicate
def listens(actor: Actor, session: Any) -> bool:
    """Allow known participants who do not run this session: who runs it speaks anyhow."""
    return actor.is_known and not runs_the_session(actor, session)


WHO_MAY = {
    HandPermission.READ: anyone,
    HandPermission.RAISE: listens,
    HandPermission.CALL: runs_the_session,
}
publish(WHO_MAY)
