"""Refusals of partners."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class TooManyPartners(RuleBroken):
    code = "partners.too_many"
    status = 422
    message = _l("Er staan al zestig partners. Haal er eerst een weg.")
