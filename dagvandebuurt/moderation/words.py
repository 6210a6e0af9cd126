"""What we call the things of moderation on a page and in a mail."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.moderation.models import AppealStatus, Report, ReportStatus

REPORT_STATUS = {
    ReportStatus.RECEIVED: _l("Ontvangen. Een moderator kijkt ernaar."),
    ReportStatus.UNDER_REVIEW: _l("Een moderator is ermee bezig."),
    ReportStatus.APPEALED: _l("Een andere moderator kijkt opnieuw."),
}
UPHELD = _l("Je had gelijk: de vraag is verborgen.")
DISMISSED = _l("De vraag blijft staan.")
APPEAL_STATUS = {
    AppealStatus.RECEIVED: _l("Je bezwaar is binnen. Een andere moderator kijkt opnieuw."),
    AppealStatus.GRANTED: _l("Je kreeg gelijk."),
    AppealStatus.REFUSED: _l("Een andere moderator heeft opnieuw gekeken. Het besluit blijft."),
}


def how_it_stands(report: Report) -> str:
    """To whoever reported: what became of it."""
    return str(REPORT_STATUS.get(report.status) or (UPHELD if report.is_upheld else DISMISSED))
