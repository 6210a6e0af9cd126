"""Errors that refuse a caption."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class NoSuchLine(RuleBroken):
    code = "captions.not_there"
    status = 404
    message = _l("Deze regel is er niet.")


class NotNow(RuleBroken):
    """Refusal: captions are typed up to the end of the session."""

    code = "captions.not_now"
    message = _l("Deze sessie is voorbij. Verbeteren kan nog wel.")
