"""Certificates as accessible PDF: tagged, with a language and a title (PDF/UA-1)."""

import json
from datetime import datetime
from typing import Any

from dagvandebuurt.attendance.certificate_codes import in_groups
from dagvandebuurt.attendance.errors import CertificatesNotInstalled
from dagvandebuurt.attendance.models import Certificate
from dagvandebuurt.core import worker_pool
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import language, ngettext
from dagvandebuurt.core.paths import resource
from dagvandebuurt.core.qr import svg_of
from dagvandebuurt.parts.branding.queries import brand

try:
    import typst
except ImportError:  # the extra `certificates` is not installed
    typst = None  # type: ignore[assignment]

# Tried in turn: typst's own fonts, which cover Latin, Greek, Cyrillic, Hebrew and Arabic; then the fonts of
# this machine; then without missing characters, with a note where the full name is.
_TRIES: tuple[dict[str, Any], ...] = (
    {"ignore_system_fonts": True, "pdf_standards": ["ua-1"]},
    {"ignore_system_fonts": False, "pdf_standards": ["ua-1"]},
)
_LAST_TRY: dict[str, Any] = {"ignore_system_fonts": True}


def certificate_pdf(certificate: Certificate, *, address: str) -> bytes:
    """Render the certificate as a PDF: the same bytes for the same certificate.

    `address` is the page where anybody checks it. Raises Busy, and CertificatesNotInstalled without typst.
    """
    if typst is None:
        raise CertificatesNotInstalled
    folder = resource("templates") / "pdf"
    how: dict[str, Any] = {"root": str(folder), "timestamp": int(certificate.made_at.timestamp())}
    return worker_pool.PAPERS.do(_set, _data(certificate, address), how, _unshown())


def _set(data: dict[str, Any], how: dict[str, Any], unshown: str) -> bytes:
    for fonts in _TRIES:
        try:
            return _compiled(data, **how, **fonts)
        except typst.TypstError as failure:
            if "could not be displayed with font" not in str(failure):
                raise
    return _compiled(data | {"unshown": unshown}, **how, **_LAST_TRY)


def _compiled(data: dict[str, Any], *, root: str, **how: Any) -> bytes:
    """Compile the template. User text is passed as data, never as template source (injection): `*` and `#`
    stay as they are.
    """
    made: bytes = typst.compile(
        f"{root}/certificate.typ", root=root, sys_inputs={"data": json.dumps(data)}, **how
    )
    return made


def _data(certificate: Certificate, address: str) -> dict[str, Any]:
    says = certificate.says
    return {
        "lang": language(),
        "title": _("Bewijs van deelname"),
        "event": brand.name,
        "accent": brand.accent,
        "before_name": _("Hierbij verklaren wij dat"),
        "name": says["name"],
        "after_name": _("deelnam aan %(edition)s op %(day)s.", edition=says["edition"], day=_day(says["starts_at"])),
        "head": [_("Sessie"), _("Tijd"), _("Minuten aanwezig")],
        "rows": [
            [each["title"], f"{_clock(each['starts_at'])} – {_clock(each['ends_at'])}", str(each["minutes"])]
            for each in says["sessions"]
        ],
        "total": ngettext("Samen %(num)s minuut.", "Samen %(num)s minuten.", says["minutes"]),
        "measured": _(
            "De computer van de organisatie mat hoe lang de deelnemer in elke sessie was. Op dit bewijs staan sessies waarvan de deelnemer minstens 80 procent meemaakte. De naam gaf de deelnemer zelf op."
        ),
        "check": _("Klopt dit bewijs? Kijk het na:"),
        "address": address,
        "code": in_groups(certificate.code),
        "code_word": _("Code"),
        "qr": svg_of(f"{address}/{certificate.code}"),
        "qr_alt": _("QR-code die naar de controle van dit bewijs leidt"),
        "made": _("Gemaakt op %(day)s.", day=_day(certificate.made_at.isoformat())),
        "made_on": local(certificate.made_at).date().isoformat(),
        "unshown": "",
    }  # fmt: skip


def _unshown() -> str:
    return _("Niet elke letter kon op dit papier. Op de controlepagina staat alles voluit.")


def _day(moment: str) -> str:
    months = [
        _("januari"), _("februari"), _("maart"), _("april"), _("mei"), _("juni"), _("juli"), _("augustus"),
        _("september"), _("oktober"), _("november"), _("december"),
    ]  # fmt: skip
    here = local(datetime.fromisoformat(moment))
    return f"{here.day} {months[here.month - 1]} {here.year}"


def _clock(moment: str) -> str:
    return local(datetime.fromisoformat(moment)).strftime("%H.%M")
