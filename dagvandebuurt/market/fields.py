"""Form fields of the market: a phone number."""

import re
from typing import Any

from wtforms import TelField, ValidationError

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line

# Digits with the spaces, dots, dashes and brackets that people write between them; ITU-T E.164 has 15 at most.
_WRITTEN = re.compile(r"\+?[0-9][0-9 ().\-/]*")


def phone_number(written: str) -> str | None:
    """Return a number as it is called from the Netherlands, "0612345678" or "+3225551234". None: it is none."""
    if not _WRITTEN.fullmatch(written):
        return None
    bare = re.sub(r"[^0-9+]", "", written.replace("(0)", ""))
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    if bare.startswith("+31"):
        bare = f"0{bare[3:].removeprefix('0')}"
    if bare.startswith("+"):
        return bare if 8 <= len(bare) - 1 <= 15 else None
    return bare if re.fullmatch(r"0[1-9][0-9]{8}|0[89]00[0-9]{4}|0[89]00[0-9]{7}", bare) else None


class PhoneField(TelField):
    """A phone number, or nothing; its data is what `phone_number` returns."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, filters=[one_line], **more)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data and not validation_stopped:
            found = phone_number(self.data)
            if found is None:
                raise ValidationError(_l("Dit is geen telefoonnummer. Schrijf het zoals 06 12 34 56 78."))
            self.data = found
