"""Refusals of the texts of the site."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class TextWrittenMeanwhile(RuleBroken):
    """Another version was saved since this one was opened."""

    code = "texts.written_meanwhile"
    status = 409
    message = _l("Intussen bewaarde iemand anders deze tekst. Jouw tekst is nog niet bewaard.")
