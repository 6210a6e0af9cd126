"""Routes of the attendance list, one's own certificate, and public verification."""

from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.attendance import rules
from dagvandebuurt.attendance.certificate_codes import code_as_typed, in_groups
from dagvandebuurt.attendance.exports import certificate_pdf
from dagvandebuurt.attendance.forms import CheckForm
from dagvandebuurt.attendance.models import Certificate
from dagvandebuurt.attendance.permissions import AttendancePermission
from dagvandebuurt.attendance.queries import certificate_by_code
from dagvandebuurt.attendance.who_is_in import READERS, WhoIsIn, who_is_in
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.redirects import safe_path
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.live.presence import STILL_HERE
from dagvandebuurt.live.runtime import live
from dagvandebuurt.people.hooks import PersonalPage
from dagvandebuurt.people.labels import SHORT_ROLES
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.queries import current_edition, require_open, session_by_slug

bp = Blueprint("attendance", __name__)


@bp.get("/sessies/<slug>/wie-zijn-er")
@limiter.limit("60 per minute")
@allows(ProgrammePermission.READ)
def who_is_here(slug: str) -> ResponseReturnValue:
    """Show who is in a session now, by role and neighbourhood, for everybody who may come in."""
    session, now = session_by_slug(current_user, slug), clock.now()
    require_open(current_user, session, now=now)
    known: dict[UUID, WhoIsIn] = current_app.extensions.setdefault("who_is_in", {})
    found = who_is_in(session.id, known, since=now - STILL_HERE)
    page = make_response(
        render_template(
            "attendance/who_is_in.html",
            session=session,
            present=live().presence.count_now(session.id),
            total=found.present,
            roles=[(_name_of(group), number) for group, number in found.roles.items()],
            places=list(found.places.items()),
        )
    )
    page.headers["Cache-Control"] = "private, no-cache"
    return page


def _name_of(group: str) -> str:
    return _("leest mee zonder naam") if group == READERS else str(SHORT_ROLES[ParticipantRole(group)])


@bp.post("/mijn/aanwezigheid")
@allows(AttendancePermission.CHOOSE)
def choose_listing() -> ResponseReturnValue:
    listed = request.form.get("lijst") == "ja"
    with transaction():
        if listed:
            rules.be_listed(current_user, None)
        else:
            rules.stay_off_the_list(current_user, None, now=clock.now())
    flash(
        _("Je staat weer op de aanwezigheidslijst.")
        if listed
        else _("Je telt mee. Je naam staat op geen aanwezigheidslijst.")
    )
    back = safe_path(
        request.form.get("verder"),
        url_for("people.settings_page", page=PersonalPage.REGISTRATION.value, _anchor="lijst"),
    )
    return redirect(back, 303)


@bp.post("/mijn/bewijs")
@allows(AttendancePermission.CERTIFY)
@once
def certify() -> ResponseReturnValue:
    edition = current_edition()
    if edition is None:
        raise NotFound
    with transaction():
        rules.certify(current_user, edition, now=clock.now())
    flash(_("Je bewijs is klaar. Haal het hieronder op."))
    return redirect(
        url_for("people.settings_page", page=PersonalPage.REGISTRATION.value, _anchor="bewijs"), 303
    )


@bp.get("/mijn/bewijs/<uuid:certificate_id>.pdf")
@limiter.limit("30 per minute")
@allows(PeoplePermission.READ_OWN)
def paper(certificate_id: UUID) -> ResponseReturnValue:
    """Download one's own certificate."""
    content = certificate_pdf(
        _own(certificate_id), address=f"{current_app.config['PUBLIC_URL']}{url_for('.check')}"
    )
    answer = Response(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="bewijs-van-deelname.pdf"'
    return answer


@bp.post("/mijn/bewijs/<uuid:certificate_id>/intrekken")
@allows(PeoplePermission.READ_OWN)
def withdraw(certificate_id: UUID) -> ResponseReturnValue:
    with transaction():
        rules.withdraw(current_user, _own(certificate_id), now=clock.now())
    flash(_("Dit bewijs geldt niet meer. Wie het nakijkt, leest dat, en niet je naam."))
    return redirect(
        url_for("people.settings_page", page=PersonalPage.REGISTRATION.value, _anchor="bewijs"), 303
    )


def _own(certificate_id: UUID) -> Certificate:
    found = db.session.get(Certificate, certificate_id)
    if found is None or not can(current_user, AttendancePermission.WITHDRAW, found):
        raise NotFound
    return found


@bp.get("/bewijs")
@allows(AttendancePermission.CHECK)
def check() -> ResponseReturnValue:
    return _unseen(render_template("attendance/check.html", form=CheckForm(formdata=None)))


@bp.post("/bewijs")
@limiter.limit("60 per minute", key_func=network)
@allows(AttendancePermission.CHECK)
def use_code() -> ResponseReturnValue:
    form = CheckForm()
    if not form.validate():
        return _unseen(render_template("attendance/check.html", form=form), 422)
    code = code_as_typed(form.code.data)
    if code is None:
        return _not_ours()
    return redirect(url_for(".checked", code=code), 303)


def _was_unknown(response: Response) -> bool:
    return response.status_code == 404


@bp.get("/bewijs/<code>")
@limiter.limit("120 per minute", key_func=network)
# Only wrong codes count: an office may check many valid ones from one address.
@limiter.limit("20 per minute; 200 per day", key_func=network, deduct_when=_was_unknown)
@allows(AttendancePermission.CHECK)
def checked(code: str) -> ResponseReturnValue:
    """Show what a certificate says, to compare with the paper. Unknown codes all get the same answer."""
    found = certificate_by_code(code)
    if found is None:
        return _not_ours()
    return _unseen(render_template("attendance/checked.html", certificate=found, code=in_groups(found.code)))


def _not_ours() -> ResponseReturnValue:
    return _unseen(render_template("attendance/not_ours.html", form=CheckForm(formdata=None)), 404)


def _unseen(page: str, status: int = 200) -> ResponseReturnValue:
    """Return a page that search engines do not index."""
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
