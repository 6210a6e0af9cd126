"""Permissions of SMS."""

from dagvandebuurt.core.permissions import Permission, anyone, is_known, publish


class SmsPermission(Permission):
    CHANGE_OWN = "sms:number:change"
    REPORT = "sms:message:report"


WHO_MAY = {
    SmsPermission.CHANGE_OWN: is_known,
    SmsPermission.REPORT: anyone,  # the gateway, by an address that only it knows
}
publish(WHO_MAY)
