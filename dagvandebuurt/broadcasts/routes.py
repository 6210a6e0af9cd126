"""Routes of the organiser's desk for broadcasts."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.broadcasts import rules
from dagvandebuurt.broadcasts.errors import AlreadyWithdrawn
from dagvandebuurt.broadcasts.forms import BroadcastForm
from dagvandebuurt.broadcasts.permissions import BroadcastPermission
from dagvandebuurt.broadcasts.queries import (
    broadcast_by_id,
    earlier,
    names_of,
    sessions_with_a_room,
    standing,
)
from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.live.runtime import live
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.queries import edition_chosen_by

bp = Blueprint("broadcasts", __name__)


@bp.get("/organisatie/omroep")
@allows(BroadcastPermission.SAY)
def desk() -> ResponseReturnValue:
    """Show what everybody reads now, and the form to say something."""
    return _page(_form(_edition()))


@bp.post("/organisatie/omroep")
@allows(BroadcastPermission.SAY)
@once
def say() -> ResponseReturnValue:
    """Say it; or with the button *Bekijk eerst* show it first, without saying it."""
    edition = _edition()
    form = _form(edition)
    if "bekijk" in request.form:
        return _page(form, 200 if form.validate() else 422, is_preview=not form.errors)

    def act() -> None:
        rules.say(
            current_user,
            edition,
            text=form.text.data or "",
            text_en=form.text_en.data or "",
            only_in=form.only_in,
            lasts=form.duration,
            now=clock.now(),
        )

    answer = attempt(
        form, act, page=_page, back=url_for(".desk"), said=_("Het staat er. Iedereen leest het nu.")
    )
    if not form.errors and not form.refused:
        live().tell()
    return answer


@bp.post("/organisatie/omroep/<uuid:broadcast_id>/weg")
@allows(BroadcastPermission.SAY)
@once
def withdraw(broadcast_id: UUID) -> ResponseReturnValue:
    """Take it away from every page and room."""
    edition = _edition()
    said = broadcast_by_id(edition.id, broadcast_id)
    try:
        with transaction():
            rules.withdraw(current_user, said, edition, now=clock.now())
    except AlreadyWithdrawn as broken:
        flash(str(broken.message), "watch")
    else:
        live().tell()
        flash(_("Het bericht is weg."), "done")
    return redirect(url_for(".desk"), 303)


def _edition() -> Edition:
    edition = edition_chosen_by(current_user.id)
    if edition is None:
        raise NotFound
    return edition


def _form(edition: Edition) -> BroadcastForm:
    form = BroadcastForm()
    form.sessions.choices = [(each.id, each.title) for each in sessions_with_a_room(edition.id, clock.now())]
    return form


def _page(form: BroadcastForm, status: int = 200, *, is_preview: bool = False) -> ResponseReturnValue:
    edition, now = _edition(), clock.now()
    said = earlier(edition.id)
    page = render_template(
        "broadcasts/desk.html",
        form=form,
        rooms=sessions_with_a_room(edition.id, now),
        is_preview=is_preview,
        standing=standing(edition.id, now),
        earlier=[each for each in said if not each.shows_at(now)],
        titles=names_of({room.session_id for each in said if not each.is_everywhere for room in each.rooms}),
        names={person: name_of(person) for person in {each.said_by_id for each in said if each.said_by_id}},
    )
    return page, status
