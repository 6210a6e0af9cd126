"""What can stand in the way of a session."""

from dagvandebuurt.core.errors import NotAllowed, RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class NotYetOpen(NotAllowed):
    """The room opens ten minutes before the start. `opens_at` is an ISO moment in UTC."""

    code = "programme.not_yet_open"
    message = _l("Deze zaal is nog dicht. Tien minuten voor het begin gaat de deur open.")


class EndsBeforeItBegins(RuleBroken):
    code = "programme.ends_before_it_begins"
    status = 422
    message = _l("Het einde moet na het begin liggen.")


class CalledOff(NotAllowed):
    code = "programme.called_off"
    message = _l("Deze sessie gaat niet door.")
