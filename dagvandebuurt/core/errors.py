"""Domain errors: refusals by rule. Routes and the live dispatcher translate these; nothing else catches
them.

`code` is stable and for machines, `message` is one Dutch sentence and for people.
"""

from collections.abc import Mapping
from typing import Any

from dagvandebuurt.core.i18n import lazy as _l


class RuleBroken(Exception):
    """Base of all refusals by a rule.

    `details` are sent along to the requester, so they hold only what that person may know, such as how long
    to wait or the current value.
    """

    code = "house.rule_broken"
    status = 409
    message = _l("Dat kan nu niet.")
    is_final = True  # asking the same thing again would be refused again

    def __init__(self, message: Any = None, **details: Any) -> None:
        self.message = message or type(self).message
        self.details = details
        super().__init__(self.code)

    def as_dict(self) -> dict[str, Any]:
        """Return the one JSON shape of a refusal: `{"code": …, "message": …, **details}`."""
        return {"code": self.code, "message": str(self.message), **self.details}


class NotAllowed(RuleBroken):
    """Permission denied (403): the actor is known, or anonymous, and may not do this."""

    code = "house.not_allowed"
    status = 403
    message = _l("Dat mag je hier niet doen.")


class LoginNeeded(NotAllowed):
    """Login required: an anonymous visitor asks for something that members may do. Pages offer the login
    form."""

    code = "house.login_needed"
    status = 401
    message = _l("Log eerst in of meld je aan. Dat kost een minuut.")


class NotFound(RuleBroken):
    """Not found (404), or not visible to this actor: the answer is the same, so ids cannot be enumerated."""

    code = "house.not_found"
    status = 404
    message = _l("Dat bestaat niet, of niet meer.")


class InvalidInput(RuleBroken):
    """Validation error (422). `fields` maps a field to its sentences."""

    code = "house.invalid_input"
    status = 422
    message = _l("Niet alles is goed ingevuld.")

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        super().__init__(None, fields={name: list(texts) for name, texts in fields.items()})
        self.fields = self.details["fields"]


class Busy(RuleBroken):
    """Overload (503): the worker pool is full; nothing was done. `retry_after` is in seconds."""

    code = "house.busy"
    status = 503
    is_final = False
    message = _l("Het is nu druk. Probeer het zo weer.")

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__(None, retry_after=retry_after)


class TooFast(RuleBroken):
    """Rate limit exceeded (429). `retry_after` is in seconds."""

    code = "house.slow_down"
    status = 429
    is_final = False
    message = _l("Dat gaat wat snel. Wacht even en probeer het dan opnieuw.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(None, retry_after=retry_after)
