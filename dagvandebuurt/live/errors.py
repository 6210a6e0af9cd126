"""Errors of the live core."""

from dagvandebuurt.core.errors import NotAllowed, RuleBroken, TooFast
from dagvandebuurt.core.i18n import lazy as _l


class BadRequest(RuleBroken):
    """Malformed payload: not exactly one JSON object."""

    code = "live.bad_request"
    status = 400
    message = _l("Dit bericht is niet te lezen.")


class UnknownEvent(RuleBroken):
    code = "live.unknown_event"
    status = 404
    message = _l("Dit kan hier niet.")


class NotEntered(NotAllowed):
    """Write from a socket that is not in the room: enter first, then send again."""

    code = "live.not_entered"
    message = _l("Ga eerst de zaal in.")


class OperationReused(RuleBroken):
    """Idempotency conflict: a known operation id with different content. A client error; nothing was
    changed."""

    code = "live.operation_reused"
    message = _l("Dit is al verstuurd met een andere inhoud.")


class AlreadySent(RuleBroken):
    """Idempotency key reuse: the form with this operation id was submitted before, with different content."""

    code = "live.already_sent"
    message = _l("Dit formulier is al verstuurd, met een andere tekst. Open de pagina opnieuw.")


class TryAgain(RuleBroken):
    """Temporary failure: nothing was stored. The same operation may be sent again."""

    code = "live.try_again"
    status = 503
    is_final = False
    message = _l("Het lukte even niet. We proberen het opnieuw.")
    by_hand = _l("Het lukte niet. Er is niets verstuurd. Druk nog een keer.")  # where no script retries


class SlowDown(TooFast):
    code = "live.slow_down"
