"""Permissions on registrations and places."""

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


class RegistrationPermission(Permission):
    REGISTER = "registration:day:register"
    READ_OWN = "registration:self:read"
    FOLLOW = "registration:calendar:follow"
    CHOOSE = "registration:session:choose"
    REGISTER_OTHERS = "registration:others:register"
    HELP = "registration:others:help"
    ASK = "registration:questions:ask"
    ARRANGE_ACCESS = "registration:access:arrange"
    ANSWER_PHONE = "registration:phone:answer"
    READ_PHONE_LOG = "registration:phone:read_log"


@predicate
def wrote_the_card(actor: Actor, card: Any) -> bool:
    """Return whether the actor registered this person: only that helper may go on helping."""
    return actor.has_account and actor.id is not None and card.helper_id == actor.id


WHO_MAY = {
    RegistrationPermission.REGISTER: anyone,
    RegistrationPermission.READ_OWN: is_known,
    RegistrationPermission.FOLLOW: anyone,  # anybody with its unguessable address
    RegistrationPermission.CHOOSE: is_known,
    RegistrationPermission.REGISTER_OTHERS: has_account,
    RegistrationPermission.HELP: wrote_the_card,
    RegistrationPermission.ASK: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
    RegistrationPermission.ARRANGE_ACCESS: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
    RegistrationPermission.ANSWER_PHONE: holds_role(Role.PHONE_DESK)
    | holds_role(Role.ORGANISER)
    | holds_role(Role.ADMIN),
    RegistrationPermission.READ_PHONE_LOG: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
}
publish(WHO_MAY)
