"""Who may register and choose."""

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


@predicate
def wrote_the_card(actor: Actor, card: Any) -> bool:
    """Who registered somebody goes on helping them, and nobody else does."""
    return actor.has_account and actor.id is not None and card.helper_id == actor.id


WHO_MAY = {
    RegistrationPermission.REGISTER: anyone,
    RegistrationPermission.READ_OWN: is_known,
    RegistrationPermission.FOLLOW: anyone,  # whoever has its address, which nobody can guess
    RegistrationPermission.CHOOSE: is_known,
    RegistrationPermission.REGISTER_OTHERS: has_account,
    RegistrationPermission.HELP: wrote_the_card,
    RegistrationPermission.ASK: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
    RegistrationPermission.ARRANGE_ACCESS: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
}
publish(WHO_MAY)
