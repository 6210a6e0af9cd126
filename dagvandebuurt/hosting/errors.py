"""Errors that refuse an action of the host."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class OrderChanged(RuleBroken):
    """Edit conflict: another person changed the order since. `by` is who."""

    code = "hosting.order_changed"
    message = _l("De volgorde is net veranderd. Kijk nog even.")

    def __init__(self, by: str | None = None) -> None:
        said = _l("%(name)s heeft de volgorde net veranderd. Kijk nog even.", name=by)
        super().__init__(said if by else None, by=by)


class NotOnTheList(RuleBroken):
    code = "hosting.not_listed"
    message = _l("Deze vraag staat niet meer klaar.")


class ShowChanged(RuleBroken):
    """Edit conflict: another person changed the run of show since. `by` is who."""

    code = "hosting.show_changed"
    message = _l("Het draaiboek is net veranderd. Kijk nog even.")

    def __init__(self, by: str | None = None) -> None:
        said = _l("%(name)s heeft het draaiboek net veranderd. Kijk nog even.", name=by)
        super().__init__(said if by else None, by=by)


class NoSuchPart(RuleBroken):
    code = "hosting.no_such_part"
    message = _l("Dit onderdeel staat niet meer in het draaiboek.")


class TooManyParts(RuleBroken):
    code = "hosting.too_many_parts"
    message = _l("Er kunnen hoogstens 30 onderdelen in een draaiboek.")


class UnknownSpeaker(RuleBroken):
    code = "hosting.unknown_speaker"
    message = _l("Deze spreker hoort niet bij deze sessie.")


class NotGoingOn(RuleBroken):
    code = "hosting.not_on"
    message = _l("Dit kan alleen terwijl de sessie bezig is.")


class TimesChanged(RuleBroken):
    code = "hosting.times_changed"
    message = _l("De eindtijd is net veranderd. Kijk nog even hoe laat het nu eindigt.")
