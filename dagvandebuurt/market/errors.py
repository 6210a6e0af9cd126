"""Refusals of the market."""

from typing import Any

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


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


class NobodyThere(RuleBroken):
    code = "market.nobody_there"
    message = _l("Er is nu niemand in deze kraam. Laat je naam of nummer achter, dan bellen of mailen ze je.")


class QueueFull(RuleBroken):
    code = "market.queue_full"
    message = _l("De rij is nu te lang. Laat je naam of nummer achter, dan bellen of mailen ze je.")


class TooManyQueues(RuleBroken):
    code = "market.too_many_queues"
    message = _l("Je staat al in drie rijen. Ga eerst ergens uit de rij.")


class NotAtStand(RuleBroken):
    """Refusal: a holder calls a visitor and did not say that they are there."""

    code = "market.not_at_stand"
    message = _l("Zeg eerst dat je er bent. Druk op Ik ben er.")


class StillTalking(RuleBroken):
    """Refusal: a holder talks to one visitor at a time. `name` is whom they called before."""

    code = "market.still_talking"

    def __init__(self, name: str) -> None:
        said = _l("Je bent nog bij %(name)s. Rond dat eerst af.", name=name)
        super().__init__(said if name else _l("Je bent nog bij een bezoeker. Rond dat eerst af."))


class WaitGone(RuleBroken):
    code = "market.wait_gone"
    status = 404
    message = _l("Deze bezoeker staat hier niet meer.")


class WaitChanged(ChangedMeanwhile):
    """Edit conflict: somebody was first with this visitor. `status` is what is true now, `by` who did that."""

    code = "market.wait_changed"

    def __init__(self, message: Any, status: str, by: str | None) -> None:
        super().__init__(message, status=status, by=by)
