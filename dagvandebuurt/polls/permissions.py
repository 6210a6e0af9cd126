"""Who may do what with polls."""

from dagvandebuurt.core.permissions import Permission, anyone, publish
from dagvandebuurt.programme.permissions import runs_the_session


class PollPermission(Permission):
    READ = "polls:poll:read"
    READ_DESK = "polls:desk:read"


WHO_MAY = {
    PollPermission.READ: anyone,
    PollPermission.READ_DESK: runs_the_session,
}
publish(WHO_MAY)
