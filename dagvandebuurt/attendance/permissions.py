"""Permissions of attendance."""

from typing import Any

from dagvandebuurt.core.permissions import (
    Actor,
    Permission,
    anyone,
    has_account,
    holds_role,
    is_known,
    predicate,
    publish,
)
from dagvandebuurt.people.models import Role


class AttendancePermission(Permission):
    READ = "attendance:visit:read"
    CHOOSE = "attendance:list:choose"
    CERTIFY = "attendance:certificate:make"
    WITHDRAW = "attendance:certificate:withdraw"
    CHECK = "attendance:certificate:check"


@predicate
def is_of_them(actor: Actor, certificate: Any) -> bool:
    return actor.id is not None and certificate.person_id == actor.id


WHO_MAY = {
    AttendancePermission.READ: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
    AttendancePermission.CHOOSE: is_known,
    AttendancePermission.CERTIFY: has_account,
    AttendancePermission.WITHDRAW: is_of_them,
    AttendancePermission.CHECK: anyone,
}
publish(WHO_MAY)
