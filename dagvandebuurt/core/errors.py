"""What can go wrong by rule. The doors translate these; nobody else catches them.

`code` is stable and for machines, `message` is one Dutch sentence and for people.
"""

from collections.abc import Mapping
from typing import Any

from dagvandebuurt.core.i18n import lazy as _l


class RuleBroken(Exception):
    """Somebody asked for something the rules do not allow.

    `details` travel with the refusal to whoever asked, so they hold nothing that person may not
    know: how long to wait, what is true now.
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
        """The one shape of a refusal: `{"code": …, "message": …, **details}`."""
        return {"code": self.code, "message": str(self.message), **self.details}


class NotAllowed(RuleBroken):
    """The person is known, or known to be nobody; the deed is not theirs to do."""

    code = "house.not_allowed"
    status = 403
    message = _l("Dat mag je hier niet doen.")


class LoginNeeded(NotAllowed):
    """A stranger asks for something that people we know may do. Pages offer the way in."""

    code = "house.login_needed"
    status = 401
    message = _l("Log eerst in of meld je aan. Dat kost een minuut.")


class NotFound(RuleBroken):
    """Not there, or not theirs to see: the answer is the same."""

    code = "house.not_found"
    status = 404
    message = _l("Dat bestaat niet, of niet meer.")


class InvalidInput(RuleBroken):
    """The shape is wrong. `fields` maps a field to its sentences."""

    code = "house.invalid_input"
    status = 422
    message = _l("Niet alles is goed ingevuld.")

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        super().__init__(None, fields={name: list(texts) for name, texts in fields.items()})
        self.fields = self.details["fields"]


class Busy(RuleBroken):
    """The machine has no hands free for heavy work just now; nothing was done. `retry_after` in seconds."""

    code = "house.busy"
    status = 503
    is_final = False
    message = _l("Het is nu druk. Probeer het zo weer.")

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__(None, retry_after=retry_after)


class TooFast(RuleBroken):
    """Asked more often than is fair to the others. `retry_after` is in seconds."""

    code = "house.slow_down"
    status = 429
    is_final = False
    message = _l("Dat gaat wat snel. Wacht even en probeer het dan opnieuw.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(None, retry_after=retry_after)
