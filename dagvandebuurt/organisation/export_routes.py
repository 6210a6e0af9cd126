"""Export routes of the desk: each list without names by a link, and with names by a form that says why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.attendance.queries import attendance_of, days_of
from dagvandebuurt.core import clock, worker_pool
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.spreadsheets import Cell, Meanings
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.organisation import edition_exports, exports
from dagvandebuurt.organisation.export_columns import PURPOSES, meanings_of
from dagvandebuurt.organisation.forms import NamesForm
from dagvandebuurt.organisation.models import ExportDownload, NamedExport
from dagvandebuurt.organisation.permissions import OrganisationPermission
from dagvandebuurt.organisation.queries import (
    answers_by_person,
    count_rows,
    registrations_of,
    sessions_of,
    the_edition,
    titles_chosen,
)
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.registration import custom_questions

MOST_SHOWN = 50
EXPORTS = UUID("5e0b8a52-6f0c-4f6e-9d3c-2f1a7c9b4e10")  # namespace of the ids of logged exports


@dataclass(frozen=True)
class Listing:
    """Table of people to export."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    code: str  # of its dictionary of columns


def _registrations(named: bool) -> Listing:
    edition = the_edition(current_user.id)
    questions = custom_questions.questions_of(edition)
    rows = exports.registration_rows(
        registrations_of(edition), titles_chosen(edition), answers_by_person(edition), questions, named=named
    )
    return Listing("aanmeldingen", exports.registration_headers(questions, named=named), rows, "aanmeldingen")


def _attendance(named: bool, slug: str | None = None) -> Listing:
    sessions = [session_by_slug(current_user, slug)] if slug else sessions_of(the_edition(current_user.id))
    rows = exports.attendance_rows(attendance_of(sessions), named=named)
    name = f"aanwezigheid-{sessions[0].slug}" if slug else "aanwezigheid"
    return Listing(name, exports.attendance_headers(named=named), rows, "aanwezigheid")


def _people(named: bool) -> Listing:
    sessions = sessions_of(the_edition(current_user.id))
    rows = exports.day_rows(days_of(attendance_of(sessions)), sessions, named=named)
    return Listing(
        "aanwezigheid-mensen", exports.day_headers(sessions, named=named), rows, "aanwezigheid-mensen"
    )


TAKEN = {
    "vragen": (edition_exports.question_headers, edition_exports.question_rows),
    "peilingen": (edition_exports.poll_headers, edition_exports.poll_rows),
    "meldingen": (edition_exports.report_headers, edition_exports.report_rows),
    "sessiekeuzes": (edition_exports.choice_headers, edition_exports.choice_rows),
    "berichten": (edition_exports.mailing_headers, edition_exports.mailing_rows),
}


@bp.get(
    "/organisatie/meenemen/<any(vragen, peilingen, meldingen, sessiekeuzes, berichten):what>"
    ".<any(csv, xlsx):form>"
)
@allows(OrganisationPermission.EXPORT)
def take_along(what: str, form: str) -> ResponseReturnValue:
    """Export the questions with answers, polls, reports, places chosen or mailings of the edition."""
    with worker_pool.TABLES.turn():
        headers, rows = TAKEN[what]
        return _without_names(Listing(what, headers(), rows(the_edition(current_user.id)), what), form)


@dataclass(frozen=True)
class Dataset:
    """Export on the page of all exports. `meanings` is its dictionary of columns."""

    code: str
    label: str
    purpose: str
    count: int
    files: Sequence[tuple[str, str]]  # kind of file → address
    has_names: bool  # also to be had with names, by the form of `downloads`
    meanings: Meanings


@bp.get("/organisatie/meenemen")
@allows(OrganisationPermission.EXPORT)
def all_exports() -> ResponseReturnValue:
    """Show every dataset of the edition: what it is for, how many rows, its files and its columns."""
    edition = the_edition(current_user.id)
    datasets = [_dataset(code, edition) for code in PURPOSES]
    page = render_template("organisation/exports.html", datasets=datasets)
    return page, 200, {"Cache-Control": "private, no-store"}


def _dataset(code: str, edition: Edition) -> Dataset:
    label, purpose = PURPOSES[code]
    address: tuple[str, dict[str, Any]] = _LISTS.get(code) or (".take_along", {"what": code})
    endpoint, values = address
    return Dataset(
        code=code,
        label=str(label),
        purpose=str(purpose),
        count=len(edition_exports.poll_rows(edition)) if code == "peilingen" else count_rows(code, edition),
        files=[
            (said, url_for(endpoint, form=form, **values))
            for form, said in (("csv", "CSV"), ("xlsx", "Excel"))
        ],
        has_names=code in _LISTS,
        meanings=meanings_of(code, _headers_of(code, edition)),
    )


def _headers_of(code: str, edition: Edition) -> Sequence[str]:
    if code == "aanmeldingen":
        return exports.registration_headers((), named=False)
    if code == "aanwezigheid":
        return exports.attendance_headers(named=False)
    if code == "aanwezigheid-mensen":
        return exports.day_headers(sessions_of(edition), named=False)
    return TAKEN[code][0]()


@bp.get("/organisatie/bestanden")
@allows(OrganisationPermission.EXPORT)
def downloads() -> ResponseReturnValue:
    """Offer every export, and show who took names along."""
    return _page(NamesForm(formdata=None))


def _page(form: NamesForm, status: int = 200) -> ResponseReturnValue:
    taken = select(NamedExport).order_by(NamedExport.made_at.desc(), NamedExport.id).limit(MOST_SHOWN)
    lists: list[tuple[str, Any, dict[str, str]]] = [
        ("organisation.registrations", _l("Aanmeldingen"), {}),
        ("organisation.attendance", _l("Aanwezigheid per sessie"), {}),
        ("organisation.attendance_of_people", _l("Aanwezigheid per persoon"), {}),
    ]
    slug = request.args.get("sessie") or (request.view_args or {}).get("slug")
    if slug:
        session = session_by_slug(current_user, slug)
        label = _("Aanwezigheid bij %(title)s", title=session.title)
        lists.append(("organisation.attendance_of_session", label, {"slug": session.slug}))
    page = render_template(
        "organisation/downloads.html",
        form=form,
        lists=lists,
        others=[
            ("vragen", _l("Vragen met antwoorden")),
            ("peilingen", _l("Peilingen")),
            ("meldingen", _l("Meldingen")),
        ],
        taken=db.session.scalars(taken).all(),
    )
    return page, status


def _export(listing: Callable[[bool], Listing], form: str) -> ResponseReturnValue:
    """Send the list without names (GET), or with names to those who say why (POST), and log that."""
    if request.method != "POST":
        with worker_pool.TABLES.turn():
            return _without_names(listing(False), form)
    asked = NamesForm()
    if not asked.validate():
        return _page(asked, 422)
    with worker_pool.TABLES.turn():
        return _with_names(listing(True), form, str(asked.reason.data))


def _without_names(found: Listing, form: str) -> ResponseReturnValue:
    """Log the download and return its file. Asking for its headers alone (HEAD) downloads nothing."""
    if request.method == "GET":
        with transaction():  # after the list was read: that takes a while, and there is one writer
            db.session.add(
                ExportDownload(
                    file=f"{found.name}.{form}",
                    row_count=len(found.rows),
                    made_at=clock.now(),
                    made_by_id=current_user.id,
                )
            )
    return exports.as_file(
        found.name, form, found.headers, found.rows, meanings_of(found.code, found.headers)
    )


def _with_names(found: Listing, form: str, reason: str) -> ResponseReturnValue:
    """Log the export and return its file, in which each row names who made it."""
    now, name = clock.now(), f"{found.name}-met-namen"
    with transaction():  # after the list was read: that takes a while, and there is one writer
        _log(f"{name}.{form}", reason)
    by = f"{current_user.name}, {local(now):%d-%m-%Y %H.%M}"
    headers = [*found.headers, _("Opgehaald door")]
    meanings = meanings_of(found.code, headers)
    return exports.as_file(name, form, headers, [[*row, by] for row in found.rows], meanings)


def _log(file: str, reason: str) -> None:
    """Add one row to the audit log, however often the same form arrives (idempotent)."""
    op = request.form.get("op") or uuid4().hex
    key = uuid5(EXPORTS, f"{current_user.id} {op} {file}")
    values = {
        "id": key,
        "file": file,
        "reason": reason,
        "made_at": clock.now(),
        "made_by_id": current_user.id,
    }
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(NamedExport).values(**values).on_conflict_do_nothing())


_METHODS = ["GET", "POST"]
_LISTS: dict[str, tuple[str, dict[str, Any]]] = {
    "aanmeldingen": ("organisation.registrations", {}),
    "aanwezigheid": ("organisation.attendance", {}),
    "aanwezigheid-mensen": ("organisation.attendance_of_people", {}),
}


@bp.route("/organisatie/aanmeldingen.<any(csv, xlsx):form>", methods=_METHODS)
@allows(OrganisationPermission.EXPORT)
def registrations(form: str) -> ResponseReturnValue:
    return _export(_registrations, form)


@bp.route("/organisatie/aanwezigheid.<any(csv, xlsx):form>", methods=_METHODS)
@allows(OrganisationPermission.EXPORT)
def attendance(form: str) -> ResponseReturnValue:
    """Export a row for each person in each session."""
    return _export(_attendance, form)


@bp.route("/organisatie/aanwezigheid/mensen.<any(csv, xlsx):form>", methods=_METHODS)
@allows(OrganisationPermission.EXPORT)
def attendance_of_people(form: str) -> ResponseReturnValue:
    """Export a row for each person."""
    return _export(_people, form)


@bp.route("/organisatie/sessies/<slug>/aanwezigheid.<any(csv, xlsx):form>", methods=_METHODS)
@allows(OrganisationPermission.EXPORT)
def attendance_of_session(slug: str, form: str) -> ResponseReturnValue:
    return _export(lambda named: _attendance(named, slug), form)
