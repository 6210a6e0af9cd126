"""Routes of import (upload, preview, confirmation) and export."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any
from uuid import UUID

from flask import Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.spreadsheets import csv_bytes, xlsx_bytes
from dagvandebuurt.core.text import clean_text, shortened
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.programme.editing.desk_routes import edition_on_the_desk
from dagvandebuurt.programme.editing.load import published
from dagvandebuurt.programme.editing.snapshot import moment
from dagvandebuurt.programme.exchange import importing, jobs, limits, parse, tables
from dagvandebuurt.programme.exchange.labels import DOUBTS, FIELDS, FORMATS, KINDS
from dagvandebuurt.programme.exchange.models import ImportStatus, ProgrammeImport
from dagvandebuurt.programme.exchange.template import template_csv, template_xlsx
from dagvandebuurt.programme.exchange.write_json_v1 import schedule_json as json_1
from dagvandebuurt.programme.exchange.write_json_v2 import schedule_json_2 as json_2
from dagvandebuurt.programme.exchange.write_xml import schedule_xml as xml_of
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.public.routes import bp
from dagvandebuurt.programme.queries import current_edition

BUSY = (ImportStatus.WAITING, ImportStatus.READING, ImportStatus.CONFIRMED, ImportStatus.SAVING)
NOTE_MAX_CHARS = 500
LOOK_AGAIN_SECONDS = 2
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _edition() -> Edition:
    edition = current_edition()
    if edition is None:
        raise NotFound
    return edition


def _lasts(line: dict[str, Any]) -> str:
    """Return the duration of a session in the preview: `45 min`, `1 uur 30`."""
    minutes = round((moment(line["ends_at"]) - moment(line["starts_at"])).total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min", minutes=rest)
    return (
        _("%(hours)d uur %(minutes)d", hours=hours, minutes=rest) if rest else _("%(hours)d uur", hours=hours)
    )


@bp.url_value_preprocessor
def _let_large_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the request size limit of this endpoint before the form is parsed."""
    if endpoint == f"{bp.name}.bring_file" and request.method == "POST":
        request.max_content_length = limits.MOST_BYTES + 100_000


@bp.get("/organisatie/programma/inlezen")
@allows(ProgrammePermission.EDIT)
def bring_in() -> ResponseReturnValue:
    return _bring_in()


def _bring_in(error: str = "", status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "programme/exchange/bring_in.html", error=error, most_megabytes=limits.MOST_BYTES // 1_000_000,
        **_named(edition_on_the_desk()),
    )  # fmt: skip
    return page, status


def _named(edition: Edition) -> dict[str, Any]:
    """Return the edition an import would change, and whether it is the public one."""
    shown = current_edition()
    return {"into": edition, "is_shown": shown is not None and shown.id == edition.id}


@bp.post("/organisatie/programma/inlezen")
@allows(ProgrammePermission.EDIT)
@once
def bring_file() -> ResponseReturnValue:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _bring_in(_("Kies eerst een bestand."), 422)
    content = file.stream.read(limits.MOST_BYTES + 1)
    with transaction():
        upload = importing.receive(
            current_user, edition_on_the_desk(), filename=file.filename, content=content, now=clock.now()
        )
        import_id = upload.id
    return _and_look(import_id, len(content))


def _and_look(import_id: UUID, size: int) -> ResponseReturnValue:
    jobs.start(current_app._get_current_object(), import_id, size)  # type: ignore[attr-defined]
    return redirect(url_for(".look_at_import", import_id=import_id), 303)


@bp.get("/organisatie/programma/inlezen/<uuid:import_id>")
@allows(ProgrammePermission.EDIT)
def look_at_import(import_id: UUID) -> ResponseReturnValue:
    upload = importing.import_of(current_user, import_id)
    if upload.state in BUSY:
        page = render_template("programme/exchange/busy.html", upload=upload, **_far(upload))
        # Without a script the page refreshes itself.
        return page, 200, {"Refresh": str(LOOK_AGAIN_SECONDS)}
    if upload.state is ImportStatus.FAILED:
        return render_template("programme/exchange/failed.html", upload=upload)
    if upload.state is ImportStatus.DONE:
        return render_template("programme/exchange/done.html", upload=upload, **_edition_of(upload))
    return _preview(upload)


def _preview(upload: ProgrammeImport, error: str = "", status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "programme/exchange/preview.html",
        upload=upload, found=upload.summary, lasts=_lasts, formats=FORMATS, fields=FIELDS, kinds=KINDS, doubts=DOUBTS, error=error,
        typed=request.form, ticked=request.form.getlist("call_off"), **_edition_of(upload),
    )  # fmt: skip
    return page, status


def _edition_of(upload: ProgrammeImport) -> dict[str, Any]:
    return _named(db.session.get_one(Edition, upload.edition_id))


def _far(upload: ProgrammeImport) -> dict[str, Any]:
    is_saving = upload.state in (ImportStatus.CONFIRMED, ImportStatus.SAVING)
    known = upload.total if not is_saving else 0
    return {"done": upload.done if known else None, "total": known or None, "is_saving": is_saving}


@bp.get("/organisatie/programma/inlezen/<uuid:import_id>/voortgang")
@allows(ProgrammePermission.EDIT)
def import_progress(import_id: UUID) -> ResponseReturnValue:
    """Return the progress as JSON, for the script of the waiting page."""
    upload = importing.import_of(current_user, import_id)
    return jsonify(busy=upload.state in BUSY, **_far(upload))


@bp.post("/organisatie/programma/inlezen/<uuid:import_id>/bevestigen")
@allows(ProgrammePermission.EDIT)
def confirm_import(import_id: UUID) -> ResponseReturnValue:
    note = shortened(clean_text(request.form.get("note"), lines=6), NOTE_MAX_CHARS)
    choices: dict[str, Any] = {name: request.form.get(name) == "1" for name in ("take_edition", "publish")}
    choices["call_off"] = _to_call_off(request.form.getlist("call_off"))
    if choices["publish"] and not note:
        upload = importing.import_of(current_user, import_id)
        if upload.state is ImportStatus.READY:
            return _preview(upload, _("Schrijf op wat er verandert. Dit leest iedereen."), 422)
    with transaction():
        upload = importing.import_of(current_user, import_id)
        importing.confirm(current_user, upload, choices=choices | {"note": note}, now=clock.now())
        size = len(upload.content)
    return _and_look(import_id, size)


def _to_call_off(ticked: list[str]) -> bool | list[str]:
    """Return the sessions to cancel: all that are gone from the file, or the chosen ones. None chosen, none
    cancelled.
    """
    ids = [str(each) for each in map(parse.uuid_of, ticked) if each is not None]
    return True if "1" in ticked else ids or False


@bp.post("/organisatie/programma/inlezen/<uuid:import_id>/weg")
@allows(ProgrammePermission.EDIT)
def throw_import_away(import_id: UUID) -> ResponseReturnValue:
    with transaction():
        importing.delete_import(current_user, importing.import_of(current_user, import_id))
    flash(_("Het bestand is weg. Er is niets veranderd."))
    return redirect(url_for(".bring_in"), 303)


# --- tables: template and export ---


@bp.get("/organisatie/programma/voorbeeld.<any(csv, xlsx):form>")
@allows(ProgrammePermission.EDIT)
def import_template(form: str) -> ResponseReturnValue:
    made = template_csv() if form == "csv" else template_xlsx()
    return _download(made, f"programma-voorbeeld.{form}", form)


@bp.get("/organisatie/programma/programma.<any(csv, xlsx):form>")
@allows(ProgrammePermission.EDIT)
def programme_table(form: str) -> ResponseReturnValue:
    """Return the published programme as a table that can be imported again."""
    rows = tables.rows_of(published(edition_on_the_desk()))
    headings = tables.headings()
    made = csv_bytes(headings, rows) if form == "csv" else xlsx_bytes("Programma", headings, rows)
    return _download(made, f"programma.{form}", form)


def _download(made: bytes, name: str, form: str) -> Response:
    response = Response(made, content_type="text/csv; charset=utf-8" if form == "csv" else XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- schedule files, public ---

_made: dict[tuple[Any, ...], bytes] = {}
MOST_MADE = 8


@bp.get("/programma/schedule.json")
@allows(ProgrammePermission.READ)
def schedule_json() -> ResponseReturnValue:
    write = json_2 if request.args.get("versie") == "2" else json_1
    return _schedule(write, "application/json")


@bp.get("/programma/schedule.xml")
@allows(ProgrammePermission.READ)
def schedule_xml() -> ResponseReturnValue:
    return _schedule(xml_of, "application/xml; charset=utf-8")


def _schedule(write: Callable[..., bytes], content_type: str) -> Response:
    """Return the published programme, cached by version."""
    edition = _edition()
    key = (write.__name__, edition.id, edition.programme_version, *_touched(edition))
    made = _made.get(key)
    if made is None:
        if len(_made) >= MOST_MADE:
            _made.clear()
        public = current_app.config["PUBLIC_URL"]
        made = _made[key] = write(published(edition), public=public, number=edition.programme_version)
    response = Response(made, content_type=content_type)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"  # neighbourhood sites may embed it
    response.set_etag(blake2b(made, digest_size=16).hexdigest())
    return response.make_conditional(request)  # type: ignore[return-value]


def _touched(edition: Edition) -> tuple[Any, ...]:
    """Return what changes when a session is changed at once."""
    mine = ProgrammeSession.edition_id == edition.id
    return tuple(
        db.session.execute(
            select(func.count(), func.max(ProgrammeSession.changed_at)).where(mine)
        ).one()
    )  # fmt: skip
