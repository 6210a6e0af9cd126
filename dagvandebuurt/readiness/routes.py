"""Routes of the checklists."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.people.labels import ROLES as ROLE_NAMES
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.readiness import queries, rules
from dagvandebuurt.readiness.forms import ItemForm
from dagvandebuurt.readiness.models import ChecklistItem
from dagvandebuurt.readiness.permissions import ROLES, ReadinessPermission, roles_of

bp = Blueprint("readiness", __name__)


@bp.get("/mijn/lijst")
@allows(ReadinessPermission.READ_LIST)
def checklist() -> ResponseReturnValue:
    """Show what is to be done by whom: late first. `?rol=` shows the list of one role."""
    edition = queries.edition_of_lists(current_user)
    return _page(edition)


@bp.get("/mijn/lijst/<slug>")
@allows(ReadinessPermission.READ_LIST)
def checklist_of(slug: str) -> ResponseReturnValue:
    """Show the same of another edition."""
    return _page(queries.edition_by_slug(slug))


def _readable() -> Sequence[Role]:
    """Return the roles whose lists this person reads: an organiser all of them."""
    return ROLES if can(current_user, ReadinessPermission.ARRANGE) else roles_of(current_user)


def _chosen(readable: Sequence[Role]) -> list[Role]:
    asked = request.args.get("rol", "")
    if not asked:
        return roles_of(current_user)
    if asked == "alle":
        return list(readable)
    return [role for role in readable if role.value == asked] or roles_of(current_user)


def _page(edition: Edition | None, form: ItemForm | None = None, status: int = 200) -> ResponseReturnValue:
    readable = _readable()
    chosen = _chosen(readable)
    now = clock.now()
    tasks = queries.tasks_for(current_user, edition, chosen, now) if edition is not None else []
    page = render_template(
        "readiness/checklist.html",
        asked=edition,
        others=[each for each in queries.editions() if edition is None or each.id != edition.id],
        tasks=tasks,
        done=sum(task.is_done for task in tasks),
        late=sum(task.is_late for task in tasks),
        role_names=ROLE_NAMES,
        chosen=chosen,
        tabs=_tabs(edition, readable),
        here=_address(edition, request.args.get("rol", "")),
        rol=request.args.get("rol", ""),
        form=form or ItemForm(formdata=None, role=chosen[0], due_on=clock.today()),
        may_arrange=can(current_user, ReadinessPermission.ARRANGE),
    )
    return page, status


def _address(edition: Edition | None, rol: str) -> str:
    more: dict[str, Any] = {"rol": rol} if rol else {}
    return url_for(".checklist_of", slug=edition.slug, **more) if edition else url_for(".checklist", **more)


def _tabs(edition: Edition | None, readable: Sequence[Role]) -> list[tuple[str, str]]:
    """Return a tab for each list, where there is more than one."""
    if len(readable) < 2:
        return []
    own = [("", _("Mijn lijst"))] if roles_of(current_user) else []
    each = [(role.value, str(ROLE_NAMES[role])) for role in readable]
    return [(_address(edition, rol), name) for rol, name in (*own, *each, ("alle", _("Alles bij elkaar")))]


@bp.post("/mijn/lijst/<slug>/vink/<code>")
@allows(ReadinessPermission.READ_LIST)
@once
def tick(slug: str, code: str) -> ResponseReturnValue:
    """Tick an item, or take the tick away. Who was second reads that it was done."""
    is_done = request.form.get("klaar") == "ja"
    with transaction():
        edition = queries.edition_by_slug(slug)
        item = queries.item_by_code(edition, code)
        made = rules.tick(current_user, item, edition=edition, is_done=is_done, now=clock.now())
        sentence = str(item.sentence)
    if made is None:
        flash(_("Dat was al zo: iemand was je voor. Er is niets veranderd."))
    else:
        said = _("Afgevinkt: %(item)s") if is_done else _("Het vinkje is weg: %(item)s")
        flash(said % {"item": sentence})
    return redirect(_back(slug), 303)


@bp.post("/mijn/lijst/<slug>/eigen")
@allows(ReadinessPermission.ARRANGE)
@once
def add(slug: str) -> ResponseReturnValue:
    """Add an item of one's own to the list of a role."""
    form = ItemForm()

    def act() -> None:
        assert form.due_on.data is not None  # it is required
        rules.add_item(
            current_user,
            queries.edition_by_slug(slug),
            role=form.role.data,
            sentence=form.sentence.data or "",
            due_on=form.due_on.data,
            now=clock.now(),
        )

    return attempt(
        form,
        act,
        page=lambda form, status: _page(queries.edition_by_slug(slug), form, status),
        back=_back(slug),
        said=_("Het staat op de lijst."),
    )


@bp.post("/mijn/lijst/<slug>/eigen/<uuid:item_id>/weg")
@allows(ReadinessPermission.ARRANGE)
@once
def remove(slug: str, item_id: UUID) -> ResponseReturnValue:
    """Take an added item off the list."""
    with transaction():
        edition = queries.edition_by_slug(slug)
        item = db.session.get(ChecklistItem, item_id)
        if item is None or item.edition_id != edition.id:
            raise NotFound
        rules.remove_item(current_user, item, now=clock.now())
    flash(_("Het staat niet meer op de lijst."))
    return redirect(_back(slug), 303)


def _back(slug: str) -> str:
    rol = request.form.get("rol", "")
    more: dict[str, Any] = {"rol": rol} if rol in {"alle", *(role.value for role in ROLES)} else {}
    return url_for(".checklist_of", slug=slug, **more)
