"""Routes of the list of places: by hand, and from a table with a preview."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.text import one_line
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import throttle
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.places.names import KEY_MAX_CHARS
from dagvandebuurt.programme.errors import NoPlacesInFile, TooManyPlaces
from dagvandebuurt.programme.models import Place
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.places import rules
from dagvandebuurt.programme.places.forms import PlaceForm
from dagvandebuurt.programme.places.place_table import MOST_BYTES, PlaceRow, as_table, read_places, text_of
from dagvandebuurt.programme.places.queries import page_of_places, places_that_begin_with
from dagvandebuurt.programme.public.routes import bp

# One byte of an old encoding can take three in the form that carries the text on.
PAGE = 100
MOST_BYTES_OF_FORM = 3 * MOST_BYTES + 100_000


@bp.url_value_preprocessor
def _let_a_table_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the request size limit of these endpoints before the form is parsed."""
    if endpoint in (f"{bp.name}.look_at_places", f"{bp.name}.take_places") and request.method == "POST":
        request.max_content_length = request.max_form_memory_size = MOST_BYTES_OF_FORM


@bp.get("/organisatie/plaatsen")
@allows(ProgrammePermission.EDIT)
def places() -> ResponseReturnValue:
    return _page(_form(formdata=None))


def _form(**how: Any) -> PlaceForm:
    form = PlaceForm(**how)
    form.offer(rules.municipalities())
    return form


def _page(form: PlaceForm, status: int = 200, *, error: str = "", **looked_at: Any) -> ResponseReturnValue:
    sought = one_line(request.args.get("q"))[:KEY_MAX_CHARS]
    found, number, pages, count = page_of_places(sought, request.args.get("blad", 1, type=int), PAGE)
    page = render_template(
        "programme/desk/places.html",
        form=form,
        places=found,
        count=count,
        sought=sought,
        page=number,
        pages=pages,
        previous=_here(sought, number - 1) if number > 1 else None,
        next=_here(sought, number + 1) if number < pages else None,
        error=error,
        table=looked_at.get("table"),
        new=looked_at.get("new", ()),
        text=looked_at.get("text", ""),
        only=looked_at.get("only", ""),
    )
    return page, status


def _here(sought: str, number: int) -> str:
    return url_for(".places", q=sought or None, blad=number if number > 1 else None)


@bp.get("/plaatsen.json")
@throttle("120 per minute", together="1200 per minute")
@allows(ProgrammePermission.READ)
def suggest_places() -> ResponseReturnValue:
    """Return names of places that begin with what somebody types."""
    found = places_that_begin_with(request.args.get("q", ""))
    answer = jsonify(places=[place.full_name for place in found])
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


@bp.post("/organisatie/plaatsen")
@allows(ProgrammePermission.EDIT)
@once
def add_place() -> ResponseReturnValue:
    form = _form()
    return attempt(
        form,
        lambda: _add([form.row]),
        page=_page,
        back=url_for(".places"),
        said=lambda added: _("De plaats staat in de lijst.") if added else _("Deze plaats stond er al."),
        at=form.name,
    )


def _add(rows: Sequence[PlaceRow]) -> int:
    try:
        with db.session.begin_nested():
            return rules.add_places(current_user, rows)
    except IntegrityError:  # two at once on PostgreSQL: what the other added is known now
        return rules.add_places(current_user, rows)


@bp.post("/organisatie/plaatsen/<uuid:place_id>/weg")
@allows(ProgrammePermission.EDIT)
@once
def remove_place(place_id: UUID) -> ResponseReturnValue:
    def act() -> None:
        place = db.session.get(Place, place_id)
        if place is None:
            raise NotFound
        rules.remove_place(current_user, place)

    form = _form(formdata=None)
    return attempt(
        form,
        act,
        page=_page,
        back=_here(one_line(request.args.get("q")), request.args.get("blad", 1, type=int)),
        said=_("De plaats is uit de lijst."),
        validate=False,
    )


@bp.post("/organisatie/plaatsen/inlezen")
@allows(ProgrammePermission.EDIT)
def look_at_places() -> ResponseReturnValue:
    """Preview a table. Nothing is stored: the page carries the text of the file."""
    form = _form(formdata=None)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(form, 422, error=_("Kies eerst een bestand."))
    with file.stream:
        content = file.stream.read(MOST_BYTES + 1)
    return _looked_at(form, lambda: text_of(content, str(file.filename)))


def _looked_at(form: PlaceForm, text: Any) -> ResponseReturnValue:
    only = one_line(request.form.get("only"))[:80]
    try:
        said = text()
        table = read_places(said, only)
    except NoPlacesInFile as refused:
        return _page(form, refused.status, error=str(refused.message), only=only)
    known = rules.known_places()
    new = [row for row in table.rows if row.key not in known]
    try:
        rules.check_room(len(known), len(new))
    except TooManyPlaces as refused:
        return _page(form, refused.status, error=str(refused.message), only=only)
    return _page(form, table=table, new=new, text=as_table(new), only="")


@bp.post("/organisatie/plaatsen/opslaan")
@allows(ProgrammePermission.EDIT)
@once
def take_places() -> ResponseReturnValue:
    """Add the places of a table that was looked at."""
    form = _form(formdata=None)
    only = one_line(request.form.get("only"))[:80]
    try:
        table = read_places(request.form.get("text", ""), only)
        with transaction():
            added = _add(table.rows)
    except (NoPlacesInFile, TooManyPlaces) as refused:
        return _page(form, refused.status, error=str(refused.message))
    flash(ngettext("%(num)s plaats erbij.", "%(num)s plaatsen erbij.", added))
    return redirect(url_for(".places"), 303)
