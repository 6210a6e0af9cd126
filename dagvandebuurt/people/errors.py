"""What can stand in the way of coming in."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class LinkDoesNotWork(RuleBroken):
    """Used, expired, cut off or never made: the answer is the same for all."""

    code = "people.link_does_not_work"
    status = 410
    message = _l("Deze link werkt niet meer.")


class WrongPassword(RuleBroken):
    """The same for an unknown address, one without a password, and a wrong one."""

    code = "people.wrong_password"
    status = 422
    message = _l("Dit e-mailadres en wachtwoord horen niet bij elkaar.")
