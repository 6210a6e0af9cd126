"""Routes on the life of an edition: preview link, planned opening, opening, closing, closing for good.

Nothing happens by a GET, and what visitors notice is asked first, with what changes.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.editing import edition_lifecycle as lifecycle
from dagvandebuurt.programme.editing.editions import edition_by_id, first_after_opening
from dagvandebuurt.programme.editing.labels import EDITION_ACTIONS, EDITION_STATUSES
from dagvandebuurt.programme.editing.lifecycle_forms import ArchiveForm, CloseForm, DecisionForm, PlanForm
from dagvandebuurt.programme.editing.models import EditionAction
from dagvandebuurt.programme.errors import EditionMoved
from dagvandebuurt.programme.hooks import preparation_steps
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.preview import token_of
from dagvandebuurt.programme.public.routes import bp
from dagvandebuurt.programme.queries import current_edition
from dagvandebuurt.programme.states import MACHINE

PATH = "/organisatie/programma/edities/<uuid:edition_id>"
ASKED = {EditionAction.OPEN: "open", EditionAction.CLOSE: "close", EditionAction.ARCHIVE: "archive"}
Act = Callable[[Edition], None]


@bp.get(PATH)
@allows(ProgrammePermission.EDIT)
def edition_status(edition_id: UUID) -> ResponseReturnValue:
    """Show where an edition stands, what can be done with it, and what was done by whom."""
    return _page(edition_by_id(edition_id))


def _page(
    edition: Edition, status: int = 200, *, refusal: RuleBroken | None = None, plan: PlanForm | None = None
) -> ResponseReturnValue:
    changes = lifecycle.changes_of(edition)
    token = token_of(edition)
    page = render_template(
        "programme/desk/edition_status.html",
        asked=edition,
        status=EDITION_STATUSES[edition.status],
        can_do={str(action) for action in MACHINE.possible(edition)},
        may_archive=can(current_user, ProgrammePermission.ARCHIVE, edition),
        is_over=edition.ends_at <= clock.now(),
        plan=plan or PlanForm(formdata=None),
        refusal=refusal,
        preview_address=f"{current_app.config['PUBLIC_URL']}/voorproef/{token}" if token else None,
        changes=[(each, EDITION_ACTIONS[each.action], _name_of(each.by_id)) for each in changes],
    )
    return page, status


def _name_of(person_id: UUID | None) -> str:
    person = db.session.get(Person, person_id) if person_id is not None else None
    return person.name if person is not None else ""


def _do(edition_id: UUID, act: Act, said: str) -> ResponseReturnValue:
    """Run a decision that needs no question. Where a colleague was first, show how it is now."""
    try:
        with transaction():
            act(lifecycle.held(edition_id))
    except EditionMoved as moved:
        return _page(edition_by_id(edition_id), moved.status, refusal=moved)
    flash(said)
    return redirect(url_for(".edition_status", edition_id=edition_id), 303)


@bp.post(f"{PATH}/voorproef")
@allows(ProgrammePermission.EDIT)
@once
def share_preview(edition_id: UUID) -> ResponseReturnValue:
    """Make a preview link, in place of an earlier one."""
    seen, now = DecisionForm().revision, clock.now()
    return _do(
        edition_id,
        lambda edition: lifecycle.share_preview(current_user, edition, seen=seen, now=now),
        _("De link voor de voorproef staat klaar. Deel hem met wie mee mag kijken."),
    )


@bp.post(f"{PATH}/voorproef/weg")
@allows(ProgrammePermission.EDIT)
@once
def end_preview(edition_id: UUID) -> ResponseReturnValue:
    """Revoke the preview link."""
    seen, now = DecisionForm().revision, clock.now()
    return _do(
        edition_id,
        lambda edition: lifecycle.end_preview(current_user, edition, seen=seen, now=now),
        _("De link werkt niet meer, ook niet bij wie hem al opende."),
    )


@bp.post(f"{PATH}/plannen")
@allows(ProgrammePermission.EDIT)
@once
def plan_opening(edition_id: UUID) -> ResponseReturnValue:
    """Plan when the edition opens by itself."""
    form = PlanForm()

    def act() -> None:
        assert form.opens_at is not None
        edition = lifecycle.held(edition_id)
        lifecycle.plan_opening(
            current_user, edition, opens_at=form.opens_at, seen=form.revision, now=clock.now()
        )

    return attempt(
        form,
        act,
        page=lambda form, status: _page(
            edition_by_id(edition_id),
            status,
            plan=form,
            refusal=form.refused if isinstance(form.refused, EditionMoved) else None,
        ),
        back=url_for(".edition_status", edition_id=edition_id),
        said=_("Gepland. De editie gaat dan vanzelf open. Tot die tijd kun je dit nog veranderen."),
        at=form.day,
    )


@bp.post(f"{PATH}/plan-weg")
@allows(ProgrammePermission.EDIT)
@once
def cancel_planned_opening(edition_id: UUID) -> ResponseReturnValue:
    """Cancel the planned opening."""
    seen, now = DecisionForm().revision, clock.now()
    return _do(
        edition_id,
        lambda edition: lifecycle.cancel_planned_opening(current_user, edition, seen=seen, now=now),
        _("De editie gaat niet meer vanzelf open."),
    )


@bp.post(f"{PATH}/openen")
@allows(ProgrammePermission.EDIT)
@once
def open_edition(edition_id: UUID) -> ResponseReturnValue:
    """Open an edition to visitors. Asks first; `zeker=ja` confirms."""
    form = DecisionForm()
    return _decide(
        EditionAction.OPEN,
        edition_id,
        form,
        lambda edition: lifecycle.open_edition(current_user, edition, seen=form.revision, now=clock.now()),
        _("Deze editie is open. Van de andere edities is niets veranderd. Terug kan ook: sluit hem weer."),
    )


@bp.post(f"{PATH}/sluiten")
@allows(ProgrammePermission.EDIT)
@once
def close_edition(edition_id: UUID) -> ResponseReturnValue:
    """Undo opening. Asks first too."""
    form = CloseForm()
    return _decide(
        EditionAction.CLOSE,
        edition_id,
        form,
        lambda edition: lifecycle.close_edition(
            current_user, edition, note=form.note.data or "", seen=form.revision, now=clock.now()
        ),
        _("Deze editie is weer dicht. Alleen wie hem maakt ziet hem. Er is niets gewist."),
    )


@bp.post(f"{PATH}/afsluiten")
@allows(ProgrammePermission.ARCHIVE)
@once
def archive_edition(edition_id: UUID) -> ResponseReturnValue:
    """Close an edition for good, after its name was typed."""
    form = ArchiveForm()
    return _decide(
        EditionAction.ARCHIVE,
        edition_id,
        form,
        lambda edition: lifecycle.archive_edition(
            current_user, edition, typed=form.typed.data or "", seen=form.revision, now=clock.now()
        ),
        _("Deze editie is voorgoed afgesloten. Iedereen kan hem blijven lezen."),
    )


def _decide(action: EditionAction, edition_id: UUID, form: Any, act: Act, said: str) -> ResponseReturnValue:
    """Ask, or do what was confirmed."""
    edition = edition_by_id(edition_id)
    if request.form.get("zeker") != "ja":
        return _ask(action, edition, type(form)(formdata=None))
    if not form.validate():
        return _ask(action, edition, form)
    try:
        with transaction():
            act(lifecycle.held(edition_id))
    except EditionMoved as moved:
        return _page(edition_by_id(edition_id), moved.status, refusal=moved)
    except RuleBroken as broken:
        if not isinstance(form, ArchiveForm):
            raise
        form.typed.errors = [str(broken.message)]
        return _ask(action, edition_by_id(edition_id), form, broken.status)
    flash(said)
    return redirect(url_for(".edition_status", edition_id=edition_id), 303)


def _ask(action: EditionAction, edition: Edition, form: Any, status: int = 422) -> ResponseReturnValue:
    if not MACHINE.is_possible(edition, action):
        moved = EditionMoved(status=edition.status.value)
        return _page(edition, moved.status, refusal=moved)
    is_opening = action is EditionAction.OPEN
    steps = [step for there in preparation_steps(edition) for step in there] if is_opening else []
    page = render_template(
        "programme/desk/open_edition.html",
        asked=edition,
        asks=ASKED[action],
        form=form,
        before=current_edition(),
        after=first_after_opening(edition, now=clock.now()) if is_opening else None,
        missing=[
            step
            for step in sorted(steps, key=lambda step: step.order)
            if not step.is_done and step.code != "open"
        ],
    )
    return page, status
