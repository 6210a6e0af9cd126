"""Who may register and choose."""

from dagvandebuurt.core.permissions import Permission, anyone, is_known, publish


class RegistrationPermission(Permission):
    REGISTER = "registration:day:register"
    READ_OWN = "registration:self:read"
    CHOOSE = "registration:session:choose"


WHO_MAY = {
    RegistrationPermission.REGISTER: anyone,
    RegistrationPermission.READ_OWN: is_known,
    RegistrationPermission.CHOOSE: is_known,
}
publish(WHO_MAY)
