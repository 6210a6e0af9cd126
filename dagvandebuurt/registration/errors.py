"""What can stand in the way of a place."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class RegistrationClosed(RuleBroken):
    """Too early or too late. `opens_at` (ISO, UTC) when it is too early."""

    code = "registration.closed"
    message = _l("Aanmelden kan nu niet.")


class SessionOver(RuleBroken):
    code = "registration.session_over"
    message = _l("Deze sessie is al voorbij of gaat niet door.")
