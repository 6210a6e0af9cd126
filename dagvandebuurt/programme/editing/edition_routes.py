"""Routes of editions: list, choose, create, and the rules for all halls."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.text import clean_text
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.programme.editing import editions as rules
from dagvandebuurt.programme.editing.desk_routes import edition_on_the_desk
from dagvandebuurt.programme.editing.forms import NextEditionForm
from dagvandebuurt.programme.editing.labels import EDITION_STATUSES
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.public.routes import bp
from dagvandebuurt.programme.queries import current_edition

MOST_WORDS = 10_000  # characters of the block list


@bp.get("/organisatie/programma/edities")
@allows(ProgrammePermission.EDIT)
def editions() -> ResponseReturnValue:
    return _editions(NextEditionForm.after(current_edition(), clock.today()))


def _editions(form: NextEditionForm, *, status: int = 200) -> ResponseReturnValue:
    found = rules.all_editions()
    page = render_template(
        "programme/desk/editions.html",
        editions=found,
        shown=current_edition(),
        here=edition_on_the_desk() if found else None,
        form=form,
        statuses=EDITION_STATUSES,
    )
    return page, status


@bp.post("/organisatie/programma/edities")
@allows(ProgrammePermission.EDIT)
@once
def begin_edition() -> ResponseReturnValue:
    """Create the next edition and choose it for the desk."""
    form = NextEditionForm()
    if not form.validate():
        return _editions(form, status=422)
    with transaction():
        edition = rules.begin_edition(
            current_user,
            current_edition(),
            title=form.title.data,
            starts_at=form.starts_at,
            ends_at=form.ends_at,
            copies=bool(form.copies.data),
        )
        rules.work_on(current_user, edition)
    flash(_("De nieuwe editie staat klaar. Bezoekers zien hem pas als je hem opent."))
    return redirect(url_for(".desk"), 303)


@bp.post("/organisatie/programma/edities/<uuid:edition_id>/kiezen")
@allows(ProgrammePermission.EDIT)
def choose_edition(edition_id: UUID) -> ResponseReturnValue:
    with transaction():
        rules.work_on(current_user, rules.edition_by_id(edition_id))
    return redirect(url_for(".desk"), 303)


@bp.post("/organisatie/programma/edities/<uuid:edition_id>/zaalregels")
@allows(ProgrammePermission.EDIT)
def set_hall_rules(edition_id: UUID) -> ResponseReturnValue:
    """Save the settings for all halls of a day: who supports and votes, and the block list."""
    with transaction():
        edition = rules.edition_by_id(edition_id)
        edition.registered_only = request.form.get("registered_only") == "1"
        edition.held_words = clean_text(request.form.get("held_words"), lines=300)[:MOST_WORDS]
    flash(_("Zo gaat het in alle zalen van deze dag."))
    return redirect(url_for(".editions"), 303)
