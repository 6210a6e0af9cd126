"""Errors that refuse a certificate."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class NothingToCertify(RuleBroken):
    code = "attendance.nothing_to_certify"
    message = _l("Er is nog geen sessie die op een bewijs kan staan.")


class CertificatesNotInstalled(RuleBroken):
    """Error: the server runs without the extra `certificates` (typst), so no PDF can be rendered."""

    code = "attendance.no_pdf_here"
    status = 503
    message = _l("Deze site kan je bewijs nu niet als PDF maken. Je bewijs blijft wel geldig.")
