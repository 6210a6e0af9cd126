"""Who may do what with accounts."""

from dagvandebuurt.core.permissions import Permission, anyone, has_account, is_known, publish


class PeoplePermission(Permission):
    ENTER = "people:door:enter"
    LEAVE = "people:door:leave"
    READ_OWN = "people:self:read"
    CHANGE_OWN = "people:self:change"
    SAVE = "people:bookmark:save"


WHO_MAY = {
    PeoplePermission.ENTER: anyone,
    PeoplePermission.LEAVE: anyone,
    PeoplePermission.READ_OWN: is_known,
    PeoplePermission.CHANGE_OWN: is_known,
    PeoplePermission.SAVE: has_account,
}
publish(WHO_MAY)
