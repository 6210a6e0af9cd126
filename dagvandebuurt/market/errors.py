"""Refusals of the market."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class TooManyStands(RuleBroken):
    code = "market.too_many_stands"
    status = 422
    message = _l("Er staan al driehonderd kramen. Haal er eerst een weg.")


class TooMuchAtStand(RuleBroken):
    code = "market.too_much_at_stand"
    status = 422
    message = _l("Er staat al genoeg in deze kraam. Haal eerst iets weg.")


class StandClosed(RuleBroken):
    code = "market.closed"
    message = _l("Deze kraam is nu dicht.")


class TooManyContacts(RuleBroken):
    code = "market.too_many_contacts"
    message = _l("Er liggen hier al heel veel briefjes. Probeer het later nog eens.")
