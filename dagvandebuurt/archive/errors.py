"""Why an archive was not made."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class ArchiveProblem(Exception):
    """Why it cannot be made, in one sentence that says what to do. Nothing was left behind."""


class NotOverYet(RuleBroken):
    code = "archive.not_over"
    message = _l("Deze dag is nog niet voorbij. Maak het archief daarna.")


class ArchiveTooLarge(RuleBroken):
    code = "archive.too_large"
    status = 422
    message = _l("Dit archief is te groot om hier op te halen. Vraag het aan wie de server beheert.")


class ArchiveFailed(RuleBroken):
    code = "archive.failed"
    status = 503
    message = _l("Het archief kon niet gemaakt worden. Vraag het aan wie de server beheert.")
