"""Routes of the programme desk: overview, edit forms, preview of changes, publishing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.routing import BaseConverter

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import InvalidInput, NotFound, RuleBroken
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.programme.editing import rules
from dagvandebuurt.programme.editing.conflicts import about, clashes
from dagvandebuurt.programme.editing.diff import in_our_words, lines_of
from dagvandebuurt.programme.editing.fields import ThingForm
from dagvandebuurt.programme.editing.forms import FORMS, NoteForm
from dagvandebuurt.programme.editing.labels import FIELDS, MANY, NEW, ONE, PATHS, clash_in_words
from dagvandebuurt.programme.editing.merge import MINE, THEIRS, Conflict, fingerprints, read_fingerprints
from dagvandebuurt.programme.editing.overview import Desk, desk_of
from dagvandebuurt.programme.editing.save import SaveResult, Typed, write_down
from dagvandebuurt.programme.editing.snapshot import RecordKind, SessionPlan
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.public.routes import bp
from dagvandebuurt.programme.queries import edition_chosen_by, who_chose

LISTED = (RecordKind.SPEAKER, RecordKind.ORGANISATION, RecordKind.THEME, RecordKind.VENUE, RecordKind.ROUND)


class KindConverter(BaseConverter):
    """URL converter of a kind of thing, by its Dutch word."""

    regex = "|".join(PATHS.values())

    def to_python(self, value: str) -> RecordKind:
        return next(kind for kind, path in PATHS.items() if path == value)

    def to_url(self, value: Any) -> str:
        return PATHS[RecordKind(value)]


@bp.record_once
def _read_kinds(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["kind"] = KindConverter


def edition_on_the_desk() -> Edition:
    """Return the edition this organiser works on, else the public one, else the newest. Raises NotFound
    without editions.
    """
    edition = edition_chosen_by(current_user.id)
    if edition is None:
        raise NotFound
    return edition


@bp.get("/organisatie/programma")
@allows(ProgrammePermission.EDIT)
def desk() -> ResponseReturnValue:
    """Show the whole draft programme, by round."""
    here = desk_of(edition_on_the_desk())
    return render_template(
        "programme/desk/index.html",
        desk=here,
        kinds=RecordKind,
        rounds=_by_round(here),
        counts=[(kind, MANY[kind], len(here.after.things[kind])) for kind in LISTED],
        **_words(here),
    )


def _by_round(here: Desk) -> list[tuple[UUID | None, list[tuple[UUID, SessionPlan]]]]:
    """Return rounds in the order of the day with their sessions; sessions without a round come last."""
    sessions = sorted(here.after.sessions.items(), key=lambda each: (each[1].starts_at, each[1].title))
    rounds = here.after.things[RecordKind.ROUND]
    found: list[tuple[UUID | None, list[tuple[UUID, SessionPlan]]]] = [
        (key, [each for each in sessions if each[1].round == key])
        for key in sorted(rounds, key=lambda key: (rounds[key].starts_at, rounds[key].code))
    ]
    rest = [each for each in sessions if each[1].round not in rounds]
    return [*found, (None, rest)] if rest else found


def _words(here: Desk) -> dict[str, Any]:
    """Return the template context shared by all pages of the desk."""
    return {"clash_in_words": clash_in_words, "one": ONE, "many": MANY, "new": NEW, "before": here.before}


@bp.get("/organisatie/programma/<kind:kind>")
@allows(ProgrammePermission.EDIT)
def things(kind: RecordKind) -> ResponseReturnValue:
    edition = edition_on_the_desk()
    if kind is RecordKind.EDITION:
        return redirect(url_for(".edit_thing", kind=kind, thing_id=edition.id), 303)
    if kind is RecordKind.SESSION:
        return redirect(url_for(".desk"), 303)
    here = desk_of(edition)
    return render_template(
        "programme/desk/things.html", desk=here, kind=kind, kinds=RecordKind, **_words(here)
    )


@bp.get("/organisatie/programma/<kind:kind>/nieuw")
@allows(ProgrammePermission.EDIT)
def new_thing(kind: RecordKind) -> ResponseReturnValue:
    """Show an empty form. It holds a new id, so that sending it twice creates one thing."""
    if kind not in NEW:
        raise NotFound
    here = desk_of(edition_on_the_desk())
    given = {"round": request.args.get("ronde", "")} if kind is RecordKind.SESSION else {}
    return _editor(here, kind, uuid4(), FORMS[kind].showing(None, here.after, **given))


@bp.get("/organisatie/programma/<kind:kind>/<uuid:thing_id>")
@allows(ProgrammePermission.EDIT)
def edit_thing(kind: RecordKind, thing_id: UUID) -> ResponseReturnValue:
    here = desk_of(edition_on_the_desk())
    thing = here.thing(kind, thing_id)
    if thing is None:
        raise NotFound
    form = FORMS[kind].showing(thing, here.after, shown=fingerprints(thing.values()))
    return _editor(here, kind, thing_id, form)


def _editor(
    here: Desk,
    kind: RecordKind,
    thing_id: UUID,
    form: ThingForm,
    *,
    conflicts: Sequence[Conflict] = (),
    status: int = 200,
) -> ResponseReturnValue:
    difference = here.changed.get((kind, thing_id))
    page = render_template(
        "programme/desk/edit.html",
        desk=here,
        kind=kind,
        thing_id=thing_id,
        thing=here.thing(kind, thing_id),
        form=form,
        is_published=here.is_published(kind, thing_id),
        difference=difference,
        lines=lines_of(difference, here.before, here.after) if difference is not None else [],
        clashes=here.clashes_of(thing_id),
        told=who_chose([thing_id])[thing_id] if kind is RecordKind.SESSION else 0,
        conflicts=conflicts,
        field_words=FIELDS,
        in_our_words=lambda name, value: in_our_words(kind, name, value, here.after),
        sides={"mine": MINE, "theirs": THEIRS},
        **_words(here),
    )
    return page, status


@bp.post("/organisatie/programma/<kind:kind>/<uuid:thing_id>")
@allows(ProgrammePermission.EDIT)
def save_thing(kind: RecordKind, thing_id: UUID) -> ResponseReturnValue:
    """Save a draft. Only organisers see it until it is published."""
    here = desk_of(edition_on_the_desk())
    if kind is RecordKind.EDITION and thing_id != here.edition.id:
        raise NotFound
    form = FORMS[kind].typed(here.thing(kind, thing_id), here.after)
    if not form.validate():
        return _editor(here, kind, thing_id, form, status=422)
    try:
        with transaction():
            outcome = _write_down(form, kind, thing_id)
    except InvalidInput as broken:
        form.refuse(broken.fields)
        return _editor(desk_of(edition_on_the_desk()), kind, thing_id, form, status=broken.status)
    if outcome.conflicts:
        return _editor(
            desk_of(edition_on_the_desk()), kind, thing_id, form, conflicts=outcome.conflicts, status=409
        )
    if outcome.entry is None:
        flash(_("Dit is zoals het al gepubliceerd is. Er is niets te publiceren."))
    else:
        flash(_("Bewaard als concept. Bezoekers zien het pas na publiceren."))
    return redirect(url_for(".edit_thing", kind=kind, thing_id=thing_id), 303)


def _write_down(form: ThingForm, kind: RecordKind, thing_id: UUID) -> SaveResult:
    prefix = "kies-"
    typed = Typed(
        form.values(),
        shown=read_fingerprints(form.shown.data),
        chosen={name[len(prefix) :]: said for name, said in request.form.items() if name.startswith(prefix)},
        along=form.made_along(),
    )
    return write_down(
        current_user, edition_on_the_desk(), kind=kind, thing_id=thing_id, typed=typed, now=clock.now()
    )


@bp.post("/organisatie/programma/<kind:kind>/<uuid:thing_id>/botsingen")
@allows(ProgrammePermission.EDIT)
def look_for_clashes(kind: RecordKind, thing_id: UUID) -> ResponseReturnValue:
    """Return the conflicts the typed values would cause, without saving."""
    here = desk_of(edition_on_the_desk())
    thing = here.thing(kind, thing_id)
    form = FORMS[kind].typed(thing, here.after)
    form.validate()
    typed = form.as_far_as_typed(thing, str(ONE[kind]))
    if typed is None:
        return jsonify(ok=True, clashes=[])
    found = about(thing_id, clashes(here.with_this(kind, thing_id, typed)))
    return jsonify(ok=True, clashes=[clash_in_words(clash) for clash in found])


@bp.post("/organisatie/programma/<kind:kind>/<uuid:thing_id>/vergeten")
@allows(ProgrammePermission.EDIT)
def drop_draft(kind: RecordKind, thing_id: UUID) -> ResponseReturnValue:
    with transaction():
        edition = edition_on_the_desk()
        rules.delete_draft(current_user, edition, kind=kind, thing_id=thing_id)
        stays = desk_of(edition).is_published(kind, thing_id)
    flash(_("Deze verandering is vergeten."))
    if stays:
        return redirect(url_for(".edit_thing", kind=kind, thing_id=thing_id), 303)
    return redirect(url_for(".things", kind=kind), 303)


@bp.get("/organisatie/programma/publiceren")
@allows(ProgrammePermission.EDIT)
def preview() -> ResponseReturnValue:
    return _preview(desk_of(edition_on_the_desk()))


def _preview(
    here: Desk, *, form: NoteForm | None = None, refusal: RuleBroken | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render all differences, and who is notified of them."""
    changed = list(here.changed.values())
    told = who_chose([each.thing_id for each in here.moving])
    if form is None:
        form = NoteForm(formdata=None)
        if here.moving:
            form.needs_a_note()
    form.seen.data = rules.fingerprint_of(changed)
    page = render_template(
        "programme/desk/publish.html",
        desk=here,
        changed=[(each, lines_of(each, here.before, here.after)) for each in changed],
        told=told,
        mails=sum(told.values()),
        form=form,
        refusal=refusal,
        number=here.edition.programme_version + 1,
        **_words(here),
    )
    return page, status


@bp.post("/organisatie/programma/publiceren")
@allows(ProgrammePermission.EDIT)
def publish() -> ResponseReturnValue:
    """Publish the changes of the preview as one version."""
    here = desk_of(edition_on_the_desk())
    form = NoteForm()
    if here.moving:
        form.needs_a_note()
    return attempt(
        form,
        lambda: (
            rules.publish(
                current_user,
                edition_on_the_desk(),
                note=form.note.data or "",
                seen=form.seen.data,
                now=clock.now(),
            ).number
        ),
        page=lambda form, status: _preview(
            desk_of(edition_on_the_desk()) if form.refused else here,
            form=form,
            refusal=form.refused,
            status=status,
        ),
        back=lambda number: (
            url_for(".releases", _anchor=f"versie-{number}")
            if here.edition.is_open  # else the edition is not public yet
            else url_for(".desk")
        ),
        said=lambda number: _("Versie %(number)s is gepubliceerd.", number=number),
        passes_on=(),
    )


@bp.post("/organisatie/programma/vergeten")
@allows(ProgrammePermission.EDIT)
def drop_drafts() -> ResponseReturnValue:
    if request.form.get("zeker") != "on":
        flash(_("Vink eerst aan dat je het zeker weet."))
        return redirect(url_for(".preview"), 303)
    with transaction():
        rules.delete_drafts(current_user, edition_on_the_desk())
    flash(_("Alle concepten zijn weg. Het programma is zoals het gepubliceerd is."))
    return redirect(url_for(".desk"), 303)
