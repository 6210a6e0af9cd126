"""Permission to read other people's mail: in the demo only; the routes see to that."""

from dagvandebuurt.core.permissions import Permission, anyone, publish


class MailPermission(Permission):
    READ_IN_DEMO = "mail:demo:read"


WHO_MAY = {MailPermission.READ_IN_DEMO: anyone}
publish(WHO_MAY)
