"""Whether this site sends SMS at all, and for which day a number can be given now."""

from flask import current_app

from dagvandebuurt.core import clock
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.queries import current_edition


def is_on() -> bool:
    """Return whether there is a gateway. In the demo messages are shown instead of sent."""
    return bool(current_app.config["SMS_GATEWAY"] or current_app.config["DEMO"])


def edition_to_text() -> Edition | None:
    """Return the edition for which a number can be given; None without a gateway, and once it is over."""
    if not is_on():
        return None
    edition = current_edition()
    return edition if edition is not None and clock.now() < edition.ends_at else None
