"""Labels of moderation on pages and in mails."""

from typing import Any

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.moderation.models import AppealStatus, Report, ReportedKind, ReportStatus
from dagvandebuurt.people.queries import ReasonWords
from dagvandebuurt.qanda.forms import HideReason
from dagvandebuurt.qanda.labels import COMPLAINTS, REASONS

# Reasons to report or hide a comment or lesson: the house rules except the urgent one, and the law.
_OF_TEXTS = [reason.value for reason in HideReason if reason is not HideReason.URGENT]
TEXT_REASONS = ReasonWords(
    {code: REASONS[code] for code in _OF_TEXTS}, last={"illegal": _l("Dit mag niet van de wet")}
)
# As who hides or reports would say them.
TEXT_COMPLAINTS = ReasonWords(
    {code: COMPLAINTS[code] for code in _OF_TEXTS}, last={"illegal": _l("Het mag niet van de wet")}
)
KINDS = {
    ReportedKind.QUESTION: _l("Vragen"),
    ReportedKind.COMMENT: _l("Reacties"),
    ReportedKind.LESSON: _l("Lessen"),
    ReportedKind.CHAT_LINE: _l("Zaalgesprek"),
}

REPORT_STATUS = {
    ReportStatus.RECEIVED: _l("Ontvangen. Een moderator kijkt ernaar."),
    ReportStatus.UNDER_REVIEW: _l("Een moderator is ermee bezig."),
    ReportStatus.APPEALED: _l("Een andere moderator kijkt opnieuw."),
}
UPHELD = {
    ReportedKind.QUESTION: _l("Je had gelijk: de vraag is verborgen."),
    ReportedKind.COMMENT: _l("Je had gelijk: de reactie is verborgen."),
    ReportedKind.LESSON: _l("Je had gelijk: de les is weggehaald."),
    ReportedKind.CHAT_LINE: _l("Je had gelijk: de regel is verborgen."),
}
DISMISSED = {
    ReportedKind.QUESTION: _l("De vraag blijft staan."),
    ReportedKind.COMMENT: _l("De reactie blijft staan."),
    ReportedKind.LESSON: _l("De les blijft staan."),
    ReportedKind.CHAT_LINE: _l("De regel blijft staan."),
}
# For the author.
HIDDEN = {
    ReportedKind.COMMENT: _l(
        "Een moderator heeft je reactie verborgen. Niet mee eens? Vraag een ander om te kijken."
    ),
    ReportedKind.LESSON: _l(
        "Een moderator heeft je les weggehaald. Niet mee eens? Vraag een ander om te kijken."
    ),
}
SHOWN_AGAIN = {
    ReportedKind.COMMENT: _l("Iedereen kan je reactie weer lezen."),
    ReportedKind.LESSON: _l("Iedereen kan je les weer lezen."),
}
APPEAL_STATUS = {
    AppealStatus.RECEIVED: _l("Je bezwaar is binnen. Een andere moderator kijkt opnieuw."),
    AppealStatus.GRANTED: _l("Je kreeg gelijk."),
    AppealStatus.REFUSED: _l("Een andere moderator heeft opnieuw gekeken. Het besluit blijft."),
}


def how_it_stands(report: Report) -> str:
    """Return the status of a report, for its reporter."""
    return str(REPORT_STATUS.get(report.status) or decided(report))


def decided(report: Report) -> Any:
    """Return the latest decision."""
    return (UPHELD if report.is_upheld else DISMISSED)[report.kind]
