"""The organiser's desk."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from dagvandebuurt.attendance.queries import attendance_of
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.spreadsheets import Cell, csv_bytes, xlsx_bytes
from dagvandebuurt.organisation import exports
from dagvandebuurt.organisation.permissions import OrganisationPermission
from dagvandebuurt.organisation.queries import (
    by_domain,
    by_role,
    by_status,
    figures_of_sessions,
    registrations_of,
    sessions_of,
)
from dagvandebuurt.people.words import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.queries import current_edition

bp = Blueprint("organisation", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _edition() -> Edition:
    edition = current_edition()
    if edition is None:
        raise NotFound
    return edition


@bp.get("/organisatie")
@allows(OrganisationPermission.READ)
def index() -> ResponseReturnValue:
    edition = _edition()
    registrations = registrations_of(edition)
    return render_template(
        "organisation/index.html",
        statuses=by_status(registrations),
        roles=[(str(PARTICIPANT_ROLES[group.of]), group.count) for group in by_role(edition)],
        domains=[(str(DOMAINS[group.of]), group.count) for group in by_domain(edition)],
        figures=figures_of_sessions(edition),
    )


@bp.get("/organisatie/aanmeldingen.<any(csv, xlsx):form>")
@allows(OrganisationPermission.EXPORT)
def registrations(form: str) -> ResponseReturnValue:
    rows = exports.registration_rows(registrations_of(_edition()))
    return _file("aanmeldingen", form, exports.registration_headers(), rows)


@bp.get("/organisatie/aanwezigheid.<any(csv, xlsx):form>")
@allows(OrganisationPermission.EXPORT)
def attendance(form: str) -> ResponseReturnValue:
    rows = exports.attendance_rows(attendance_of(sessions_of(_edition())))
    return _file("aanwezigheid", form, exports.attendance_headers(), rows)


def _file(name: str, form: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    if form == "csv":
        response = Response(csv_bytes(headers, rows), content_type="text/csv; charset=utf-8")
    else:
        response = Response(xlsx_bytes(name, headers, rows), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
