"""Refusals of broadcasts."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class TooManyBroadcasts(RuleBroken):
    code = "broadcasts.too_many"
    status = 422
    message = _l("Er staan al drie berichten. Haal er eerst een weg, anders leest niemand ze.")


class NoSessionChosen(RuleBroken):
    code = "broadcasts.no_session"
    status = 422
    message = _l("Kies ten minste een sessie, of kies 'Iedereen'.")


class AlreadyWithdrawn(RuleBroken):
    code = "broadcasts.withdrawn"
    status = 409
    message = _l("Dit bericht stond er al niet meer.")
