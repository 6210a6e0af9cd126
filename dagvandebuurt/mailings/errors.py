"""Refusals of mailings."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


class MailingChanged(ChangedMeanwhile):
    """Edit conflict: somebody else was first. `state` is the current status."""

    code = "mailings.changed"
    message = _l("Dit bericht is intussen veranderd. Kijk hoe het er nu voor staat.")


class NobodyGetsIt(RuleBroken):
    code = "mailings.nobody"
    status = 422
    message = _l("Niemand krijgt dit bericht. Kies andere mensen.")


class InThePast(RuleBroken):
    code = "mailings.in_the_past"
    status = 422
    message = _l("Dit moment is al voorbij. Kies een later moment, of verstuur het nu.")


class NoAddressOfYourOwn(RuleBroken):
    code = "mailings.no_address"
    status = 422
    message = _l("Je hebt zelf geen e-mailadres. Daarom kunnen we je geen proef sturen.")
