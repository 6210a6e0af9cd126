"""Background jobs that read and save imported files."""

import logging
import time
from threading import Thread
from uuid import UUID

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.core.worker_pool import Breath
from dagvandebuurt.live.runtime import live
from dagvandebuurt.parts.jobs import beat as a_sign_of_life
from dagvandebuurt.parts.jobs import job
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.editing.load import drafted
from dagvandebuurt.programme.errors import NotAsSeen
from dagvandebuurt.programme.exchange import importing, previews
from dagvandebuurt.programme.exchange.document import Beat, Document
from dagvandebuurt.programme.exchange.models import ImportStatus, ProgrammeImport
from dagvandebuurt.programme.models import Edition

logger = logging.getLogger(__name__)
SMALL_BYTES = 100_000  # bytes: read within the request, in at most a second
BEAT_SECONDS = 0.3


@job("import_programmes", lane="slow", minute="*")
def import_programmes(app: Flask) -> None:
    """Resume imports whose process stopped, and delete unconfirmed ones."""
    with app.app_context(), transaction():
        importing.delete_old_imports(clock.now())
        left = importing.waiting(clock.now())
    for import_id in left:
        work_on(app, import_id)


def start(app: Flask, import_id: UUID, size: int) -> None:
    """Run the next step: a small file within the request, a large one in the background."""
    if size <= SMALL_BYTES:
        work_on(app, import_id)
    else:
        Thread(target=work_on, args=(app, import_id), daemon=True, name="import").start()


def work_on(app: Flask, import_id: UUID) -> None:
    """Read or save it, if no other worker does. Never raises: errors are shown on its page."""
    with app.app_context():
        try:
            if _claims(import_id, ImportStatus.WAITING, ImportStatus.READING):
                _in_their_language(import_id, _read)
            elif _claims(import_id, ImportStatus.CONFIRMED, ImportStatus.SAVING):
                _in_their_language(import_id, _save)
        except Exception:
            logger.exception("an import failed")
            _say(import_id, ImportStatus.FAILED, importing.failure(importing.broken()))
        finally:
            db.session.remove()


def _claims(import_id: UUID, begin: ImportStatus, then: ImportStatus) -> bool:
    with transaction():
        return importing.claim(import_id, begin, then, now=clock.now())


def _in_their_language(import_id: UUID, work: importing.Work) -> None:
    upload = db.session.get_one(ProgrammeImport, import_id)
    maker = db.session.get(Person, upload.made_by_id) if upload.made_by_id is not None else None
    with speaking(maker.language if maker is not None else None):
        work(import_id)


def _read(import_id: UUID) -> None:
    upload = db.session.get_one(ProgrammeImport, import_id)
    try:
        document = importing.what_it_says(upload, _beat(import_id))
    except RuleBroken as broken:
        _say(import_id, ImportStatus.FAILED, importing.failure(broken.message, broken.details.get("line")))
        return
    _show(import_id, document)


def _show(import_id: UUID, document: Document, refused: str = "") -> None:
    """Calculate the preview, against the current programme."""
    upload = db.session.get_one(ProgrammeImport, import_id)
    edition = db.session.get_one(Edition, upload.edition_id)
    outcome = importing.would_do(edition, document, importing.AS_SHOWN)
    summary = previews.summary_of(edition, document, outcome, drafted(edition))
    _say(import_id, ImportStatus.READY, summary | ({"refused": refused} if refused else {}))


def _save(import_id: UUID) -> None:
    upload = db.session.get_one(ProgrammeImport, import_id)
    document = importing.what_it_says(upload, _beat(import_id))
    try:
        with transaction():
            upload = db.session.get_one(ProgrammeImport, import_id)
            actor = Identity.of(db.session.get_one(Person, upload.made_by_id))
            edition = db.session.get_one(Edition, upload.edition_id)
            count = importing.bring_in(actor, edition, document=document, upload=upload, now=clock.now())
            upload.state, upload.content = ImportStatus.DONE, b""
            upload.summary = {
                "count": count, "published": bool(upload.choices.get("publish")), "new": upload.summary["new_count"],
            }  # fmt: skip
    except NotAsSeen as changed:
        _show(import_id, document, str(changed.message))
    except RuleBroken as broken:
        _show(import_id, document, _with_titles(broken))
    else:
        live().tell()


def _with_titles(broken: RuleBroken) -> str:
    titles = ", ".join(broken.details.get("titles", [])[:5])
    return f"{broken.message} {titles}".strip()


def _say(import_id: UUID, state: ImportStatus, summary: dict[str, object]) -> None:
    with transaction():
        upload = db.session.get(ProgrammeImport, import_id)
        if upload is not None:
            upload.state, upload.summary, upload.beat_at = state, summary, clock.now()


def _beat(import_id: UUID) -> Beat:
    """Record progress now and then, and let other threads run."""
    told, breath = 0.0, Breath()

    def beat(done: int, total: int) -> None:
        nonlocal told
        breath.take()
        a_sign_of_life()
        if total and time.monotonic() - told > BEAT_SECONDS:
            told = time.monotonic()
            with transaction():
                importing.progress(import_id, done, total, now=clock.now())

    return beat
