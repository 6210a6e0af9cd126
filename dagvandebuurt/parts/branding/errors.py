"""Refusals of branding."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import language
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.branding import colours


class BrandingChanged(RuleBroken):
    code = "branding.changed"
    status = 409
    message = _l(
        "Iemand anders bewaarde dit intussen. Hieronder staat wat jij typte. "
        "Druk nog een keer om dat toch te bewaren."
    )


class HardToRead(RuleBroken):
    code = "branding.hard_to_read"
    status = 422
    message = _l("Met deze kleur is tekst niet te lezen.")


class NoColour(RuleBroken):
    code = "branding.no_colour"
    status = 422
    message = _l("Een kleur begint met een hekje, met zes cijfers of letters van a tot en met f: #a03a2c.")


def contrast_sentence(of: str, colour: str) -> str:
    """Return which text cannot be read in this colour and what would do, or nothing."""
    found = colours.unreadable(of, colour)
    if not found:
        return ""
    texts = ", ".join(f"{what} ({_number(ratio)})" for what, ratio in found)
    return _(
        "In %(colour)s is dit niet goed te lezen: %(texts)s. Het contrast moet 4,5 zijn of meer. "
        "Probeer %(instead)s: die is net donker genoeg.",
        colour=colour, texts=texts, instead=colours.readable_neighbour(of, colour),
    )  # fmt: skip


def _number(ratio: float) -> str:
    """Round down, so that what is refused never reads as enough."""
    told = f"{int(ratio * 10) / 10:.1f}"
    return told.replace(".", ",") if language() == "nl" else told
