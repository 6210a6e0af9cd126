"""Permissions of polls."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, anyone, predicate, publish
from dagvandebuurt.programme.permissions import runs_the_session


class PollPermission(Permission):
    READ = "polls:poll:read"
    VOTE = "polls:poll:vote"
    REACT = "polls:reaction:send"
    READ_DESK = "polls:desk:read"
    RUN = "polls:poll:run"


@predicate
def is_in_the_hall(actor: Actor, session: Any) -> bool:
    """Allow known participants who do not run this session: moderators do not vote in their own polls."""
    return actor.is_known and not runs_the_session(actor, session)


@predicate
def is_somebody(actor: Actor, _session: Any) -> bool:
    return actor.is_known


WHO_MAY = {
    PollPermission.READ: anyone,
    PollPermission.VOTE: is_in_the_hall,
    PollPermission.REACT: is_somebody,
    PollPermission.READ_DESK: runs_the_session,
    PollPermission.RUN: runs_the_session,
}
publish(WHO_MAY)
