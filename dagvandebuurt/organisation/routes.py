"""The organiser's desk."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.attendance.queries import attendance_of
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.spreadsheets import Cell, csv_bytes, xlsx_bytes
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.organisation import exports
from dagvandebuurt.organisation.forms import CallOffForm, MomentForm, PlacesForm
from dagvandebuurt.organisation.permissions import OrganisationPermission
from dagvandebuurt.organisation.queries import (
    by_domain,
    by_role,
    by_status,
    figures_of_mail,
    figures_of_sessions,
    refused_mail,
    registrations_of,
    sessions_of,
)
from dagvandebuurt.parts.mail import rules as mail_rules
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.words import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.programme import rules as programme_rules
from dagvandebuurt.programme.errors import EndsBeforeItBegins
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.programme.queries import current_edition, session_by_slug
from dagvandebuurt.registration import rules as registration_rules
from dagvandebuurt.registration.errors import TooFewPlaces
from dagvandebuurt.registration.queries import choices_in

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


@bp.get("/organisatie/sessies/<slug>")
@allows(OrganisationPermission.ARRANGE)
def session(slug: str) -> ResponseReturnValue:
    return _session_page(session_by_slug(current_user, slug))


def _session_page(
    here: ProgrammeSession,
    *,
    moment: MomentForm | None = None,
    places: PlacesForm | None = None,
    off: CallOffForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    starts, ends = clock.local(here.starts_at), clock.local(here.ends_at)
    page = render_template(
        "organisation/session.html",
        session=here,
        told=len(choices_in(here)),
        moment=moment or MomentForm(formdata=None, day=starts.date(), starts=starts.time(), ends=ends.time()),
        places=places or PlacesForm(formdata=None, capacity=here.capacity),
        off=off or CallOffForm(formdata=None),
    )
    return page, status


@bp.post("/organisatie/sessies/<slug>/tijd")
@allows(OrganisationPermission.ARRANGE)
def reschedule(slug: str) -> ResponseReturnValue:
    """Move it; everybody who chose it is mailed."""
    form = MomentForm()
    if not form.validate():
        return _session_page(session_by_slug(current_user, slug), moment=form, status=422)
    try:
        with transaction():
            moved = programme_rules.reschedule(
                current_user,
                session_by_slug(current_user, slug),
                starts_at=form.starts_at,
                ends_at=form.ends_at,
                note=form.note.data or None,
                now=clock.now(),
            )
    except EndsBeforeItBegins as broken:
        form.ends.errors = [str(broken.message)]
        return _session_page(session_by_slug(current_user, slug), moment=form, status=broken.status)
    flash(_("De sessie is verzet. Wie hem koos, krijgt een mail.") if moved else _("Er veranderde niets."))
    return redirect(url_for(".session", slug=slug), 303)


@bp.post("/organisatie/sessies/<slug>/plekken")
@allows(OrganisationPermission.ARRANGE)
def set_capacity(slug: str) -> ResponseReturnValue:
    form = PlacesForm()
    if not form.validate():
        return _session_page(session_by_slug(current_user, slug), places=form, status=422)
    try:
        with transaction():
            here = session_by_slug(current_user, slug)
            registration_rules.set_capacity(current_user, here, capacity=form.capacity.data, now=clock.now())
    except TooFewPlaces as broken:
        form.capacity.errors = [str(broken.message)]
        return _session_page(session_by_slug(current_user, slug), places=form, status=broken.status)
    flash(_("Bewaard. Wie wachtte, hoort het als er een plek is."))
    return redirect(url_for(".session", slug=slug), 303)


@bp.post("/organisatie/sessies/<slug>/gaat-niet-door")
@allows(OrganisationPermission.ARRANGE)
def call_off(slug: str) -> ResponseReturnValue:
    form = CallOffForm()
    if not form.validate():
        return _session_page(session_by_slug(current_user, slug), off=form, status=422)
    with transaction():
        here = session_by_slug(current_user, slug)
        programme_rules.call_off(current_user, here, note=form.note.data or None, now=clock.now())
    flash(_("De sessie gaat niet door. Wie hem koos, krijgt een mail."))
    return redirect(url_for(".session", slug=slug), 303)


@bp.get("/organisatie/post")
@allows(OrganisationPermission.EXPORT)
def post() -> ResponseReturnValue:
    """What waits to be mailed, and what the other side refused."""
    return render_template(
        "organisation/post.html", figures=figures_of_mail(clock.now()), refused=refused_mail()
    )


@bp.post("/organisatie/post/<uuid:mail_id>/opnieuw")
@allows(OrganisationPermission.EXPORT)
def mail_again(mail_id: UUID) -> ResponseReturnValue:
    with transaction():
        mail = db.session.get(Mail, mail_id)
        if mail is None:
            raise NotFound
        mail_rules.try_again(mail, now=clock.now())
    flash(_("We proberen het opnieuw."))
    return redirect(url_for(".post"), 303)


def _file(name: str, form: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    if form == "csv":
        response = Response(csv_bytes(headers, rows), content_type="text/csv; charset=utf-8")
    else:
        response = Response(xlsx_bytes(name, headers, rows), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
