"""Errors of registration and places."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l


class RegistrationClosed(RuleBroken):
    """Registration is not open: too early or too late. `opens_at` (ISO, UTC) when it is too early."""

    code = "registration.closed"
    message = _l("Aanmelden kan nu niet.")


class SessionOver(RuleBroken):
    code = "registration.session_over"
    message = _l("Deze sessie is al voorbij of gaat niet door.")


class Clash(RuleBroken):
    """Overlap with a session in which they have a place; `other` is its title. They choose what to do with
    it."""

    code = "registration.clash"

    def __init__(self, other: str) -> None:
        super().__init__(_("Op dat moment heb je al een plek in '%(other)s'.", other=other), other=other)


class OneSeatAtATime(Clash):
    code = "registration.one_seat_at_a_time"


class OfferOver(RuleBroken):
    code = "registration.offer_over"
    message = _l("Deze plek is niet meer voor jou vrijgehouden. Je kunt weer achteraan aansluiten.")


class TooFewPlaces(RuleBroken):
    """Capacity below the `taken` places; in the session with this title where the context does not say it."""

    code = "registration.too_few_places"

    def __init__(self, taken: int, title: str = "") -> None:
        text = _("Er hebben al %(taken)d mensen een plek. Kies %(taken)d of meer.", taken=taken)
        super().__init__(f"{title}: {text}" if title else text, taken=taken)


class TooManyOthers(RuleBroken):
    """Helper limit reached; `most` is how many people one helper may register."""

    code = "registration.too_many_others"

    def __init__(self, most: int) -> None:
        text = _("Je kunt %(most)d mensen aanmelden. Meer nodig? Bel of mail de organisatie.", most=most)
        super().__init__(text, most=most)


TOO_MANY_NUMBERS = _l(
    "Vanaf deze plek is te vaak een verkeerd nummer getypt. Wacht even. Met de QR-code op je kaart kom je "
    "meteen binnen, of bel ons."
)


class CardUnknown(RuleBroken):
    """Invalid card (mistyped, replaced, or expired): the response is the same."""

    code = "registration.card_unknown"
    status = 422
    message = _l("Dit nummer kennen we niet. Kijk het nog eens na, of bel ons.")
