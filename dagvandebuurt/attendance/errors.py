"""What can stand in the way of a certificate."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class NothingToCertify(RuleBroken):
    code = "attendance.nothing_to_certify"
    message = _l("Er is nog geen sessie die op een bewijs kan staan.")
