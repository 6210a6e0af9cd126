"""Refusals of the file store."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class StoreAway(RuleBroken):
    """The store does not answer, or refuses us (503); nothing was stored. `reason` is for the operator."""

    code = "files.store_away"
    status = 503
    is_final = False
    message = _l(
        "De plek waar foto's bewaard worden, is nu niet bereikbaar. Probeer het over een minuut weer."
    )

    def __init__(self, reason: str) -> None:
        super().__init__(None, retry_after=60)
        self.reason = reason
