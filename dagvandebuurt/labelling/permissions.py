"""Who may do what with labels: they are of the team, and nobody else reads them."""

from dagvandebuurt.core.permissions import Permission, holds_role, publish
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.permissions import runs_the_session


class LabelPermission(Permission):
    ARRANGE = "labelling:labels:arrange"
    PUT = "labelling:label:put"


# The subject is the session. Who makes the programme may choose labels before the day.
WHO_MAY = {
    LabelPermission.ARRANGE: runs_the_session | holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
    LabelPermission.PUT: runs_the_session,
}
publish(WHO_MAY)
