"""Refusals of photos of speakers."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class NoPictureGiven(RuleBroken):
    """Refusal: there is no photo yet, and none was sent."""

    code = "photos.no_picture"
    status = 422
    message = _l("Kies eerst een foto.")


class SpeaksNoMore(RuleBroken):
    """Refusal: with the link of a speaker whose days are over, a photo can only be taken away."""

    code = "photos.speaks_no_more"
    status = 409
    message = _l("Deze dag is voorbij. Je kunt je foto hier alleen nog weghalen.")
