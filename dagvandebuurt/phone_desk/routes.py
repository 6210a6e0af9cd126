"""Routes of the phone desk: search, and open the call of one person."""

from uuid import UUID, uuid4, uuid5

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import OP, once
from dagvandebuurt.people.labels import PARTICIPANT_ROLES, masked
from dagvandebuurt.people.models import ParticipantRole, Person
from dagvandebuurt.phone_desk import rules
from dagvandebuurt.phone_desk.errors import PersonGone
from dagvandebuurt.phone_desk.forms import CallerForm, FindForm
from dagvandebuurt.phone_desk.labels import DEEDS, REASONS
from dagvandebuurt.phone_desk.models import LookReason
from dagvandebuurt.phone_desk.queries import MOST_SHOWN, Found, all_looks, my_calls
from dagvandebuurt.programme.queries import current_edition
from dagvandebuurt.registration.entry_cards import path_of_number
from dagvandebuurt.registration.permissions import RegistrationPermission
from dagvandebuurt.registration.routes import the_edition

bp = Blueprint("phone_desk", __name__)

SEARCHES = UUID("7b1d0f1e-0000-4000-8000-70686f6e6500")


@bp.get("/telefoon")
@allows(RegistrationPermission.ANSWER_PHONE)
def desk() -> ResponseReturnValue:
    """Show the search and one's own running calls. Nobody is shown before a search."""
    return _desk(FindForm(formdata=None))


def _desk(form: FindForm, status: int = 200, found: Found | None = None) -> ResponseReturnValue:
    page = render_template(
        "phone_desk/desk.html",
        form=form,
        found=found,
        most=MOST_SHOWN,
        masked=masked,
        role_words=PARTICIPANT_ROLES,
        calls=my_calls(current_user, now=clock.now()),
        edition=current_edition(),
        number_path=path_of_number(_digits(form.typed.data)) if found is not None else None,
        may_read_log=can(current_user, RegistrationPermission.READ_PHONE_LOG),
    )
    return page, status


def _digits(typed: str | None) -> str:
    return "".join(sign for sign in typed or "" if sign not in " -.")


@bp.post("/telefoon")
@allows(RegistrationPermission.ANSWER_PHONE)
def search() -> ResponseReturnValue:
    """Search, as a form: what is typed stands in no address and no log of a server."""
    form = FindForm()
    shown: list[Found] = []

    def act() -> None:
        found = rules.search(
            current_user,
            _look_id(form.typed.data or ""),
            typed=form.typed.data or "",
            reason=LookReason(form.reason.data),
            now=clock.now(),
        )
        shown.append(found)

    return attempt(
        form,
        act,
        page=lambda form, status: _desk(form, status),
        at=form.typed,
        answer=lambda _done: _desk(form, found=shown[-1]),
    )


def _look_id(typed: str) -> UUID:
    """Return the id of this search: the same for the same form with the same words, so that a reload is one row, and
    another word is another row.
    """
    op = request.form.get("op", "")
    return uuid5(SEARCHES, f"{current_user.id} {op} {typed}") if OP.fullmatch(op) else uuid4()


@bp.post("/telefoon/openen/<uuid:person_id>")
@allows(RegistrationPermission.ANSWER_PHONE)
@once
def open_person(person_id: UUID) -> ResponseReturnValue:
    """Begin a call: a form and no link, because it is recorded."""
    reason = request.form.get("reason")
    if reason not in set(LookReason):
        flash(_("Kies eerst waarom deze persoon belt."), "watch")
        return redirect(url_for(".desk"), 303)
    with transaction():
        person = db.session.get(Person, person_id)
        if person is None or person.forgotten_at is not None:
            raise PersonGone
        call = rules.open_person(current_user, person, reason=LookReason(reason), now=clock.now())
        call_id = call.id
    return redirect(url_for(".call", call_id=call_id), 303)


@bp.get("/telefoon/aanmelden")
@allows(RegistrationPermission.ANSWER_PHONE)
def register() -> ResponseReturnValue:
    return _register(CallerForm(formdata=None))


def _register(form: CallerForm, status: int = 200) -> ResponseReturnValue:
    the_edition()
    return render_template("phone_desk/register.html", form=form), status


@bp.post("/telefoon/aanmelden")
@allows(RegistrationPermission.ANSWER_PHONE)
@once
def register_caller() -> ResponseReturnValue:
    """Register somebody who has no e-mail; go on with their call."""
    form = CallerForm()
    return attempt(
        form,
        lambda: rules.register_caller(
            current_user,
            the_edition(),
            name=form.name.data or "",
            participant_role=ParticipantRole(form.participant_role.data),
            neighbourhood=form.neighbourhood.data,
            now=clock.now(),
        ),
        page=_register,
        back=lambda call: url_for(".call", call_id=call.id),
        said=_("Aangemeld. Lees nu het nummer van de kaart voor, of print de kaart."),
    )


@bp.get("/telefoon/wie-keek")
@allows(RegistrationPermission.READ_PHONE_LOG)
def log() -> ResponseReturnValue:
    """Show who looked at whom, when and why."""
    return render_template("phone_desk/log.html", looks=all_looks(), deeds=DEEDS, reasons=REASONS)
