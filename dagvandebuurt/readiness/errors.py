"""Refusals of the checklists."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class TicksItself(RuleBroken):
    """Refusal: the site sees by itself whether this is done."""

    code = "readiness.ticks_itself"
    status = 409
    message = _l("Dit kijkt de site zelf na. Je hoeft het niet af te vinken.")
