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
