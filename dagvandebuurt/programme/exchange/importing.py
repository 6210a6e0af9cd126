"""Import workflow: receive a file, read it, preview the changes, and draft them after confirmation.

All or nothing: a confirmed file is read again and saved in one transaction, and only if the changes are still
those of the preview.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.text import one_line, shortened
from dagvandebuurt.core.timezone import AMSTERDAM
from dagvandebuurt.programme.editing import rules
from dagvandebuurt.programme.editing.load import draft_entries, drafted
from dagvandebuurt.programme.errors import FileHasMistakes, NotAsSeen, NothingInFile
from dagvandebuurt.programme.exchange.document import Beat, Document, no_beat
from dagvandebuurt.programme.exchange.match_result import Choices, MatchResult
from dagvandebuurt.programme.exchange.matching import laid_over
from dagvandebuurt.programme.exchange.models import ImportStatus, ProgrammeImport
from dagvandebuurt.programme.exchange.read_file import read
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission

KEPT = timedelta(hours=1)
STUCK = timedelta(minutes=3)  # the worker is considered dead


@command(needs=ProgrammePermission.EDIT)
def receive(
    actor: Actor, edition: Edition, *, filename: str, content: bytes, now: datetime
) -> ProgrammeImport:
    """Store an uploaded file to be read later."""
    upload = ProgrammeImport(
        edition_id=edition.id, made_by_id=actor.id, made_at=now, beat_at=now, content=content,
        filename=shortened(one_line(filename), 120), summary={}, choices={},
    )  # fmt: skip
    db.session.add(upload)
    return upload


def import_of(actor: Actor, import_id: UUID) -> ProgrammeImport:
    """Return an import. Raises NotFound both when it does not exist and when it is another person's."""
    upload = db.session.get(ProgrammeImport, import_id)
    if upload is None or upload.made_by_id != actor.id:
        raise NotFound
    return upload


@command(needs=ProgrammePermission.EDIT)
def confirm(_actor: Actor, upload: ProgrammeImport, *, choices: dict[str, Any], now: datetime) -> None:
    """Confirm the preview, with these choices. Idempotent. Raises FileHasMistakes."""
    if upload.state is not ImportStatus.READY:
        return
    if upload.summary["errors"]:
        raise FileHasMistakes
    upload.state, upload.choices, upload.beat_at = ImportStatus.CONFIRMED, choices, now


@command(needs=ProgrammePermission.EDIT)
def delete_import(_actor: Actor, upload: ProgrammeImport) -> None:
    db.session.delete(upload)


def delete_old_imports(now: datetime) -> int:
    """Delete imports not confirmed within the hour."""
    gone = db.session.execute(delete(ProgrammeImport).where(ProgrammeImport.made_at < now - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def waiting(now: datetime) -> list[UUID]:
    """Return imports to be read or saved, also those whose worker died."""
    for working, again in (
        (ImportStatus.READING, ImportStatus.WAITING),
        (ImportStatus.SAVING, ImportStatus.CONFIRMED),
    ):
        db.session.execute(
            update(ProgrammeImport)
            .where(ProgrammeImport.state == working, ProgrammeImport.beat_at < now - STUCK)
            .values(state=again)
        )
    wanted = (ImportStatus.WAITING, ImportStatus.CONFIRMED)
    return list(db.session.scalars(select(ProgrammeImport.id).where(ProgrammeImport.state.in_(wanted))))


def claim(import_id: UUID, begin: ImportStatus, then: ImportStatus, *, now: datetime) -> bool:
    """Take an import, if no other worker did (compare and set)."""
    taken = db.session.execute(
        update(ProgrammeImport)
        .where(ProgrammeImport.id == import_id, ProgrammeImport.state == begin)
        .values(state=then, beat_at=now)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def progress(import_id: UUID, done: int, total: int, *, now: datetime) -> None:
    db.session.execute(
        update(ProgrammeImport)
        .where(ProgrammeImport.id == import_id)
        .values(done=done, total=total, beat_at=now)
    )


def what_it_says(upload: ProgrammeImport, beat: Beat = no_beat) -> Document:
    """Parse the file. Raises CannotBeRead, or NothingInFile when it has no session."""
    edition = db.session.get_one(Edition, upload.edition_id)
    near = edition.starts_at.astimezone(AMSTERDAM).date()
    document = read(upload.filename, upload.content, beat, near)
    if not document.sessions and not document.findings.errors:
        raise NothingInFile
    return document


def would_do(edition: Edition, document: Document, choices: Choices, beat: Beat = no_beat) -> MatchResult:
    """Calculate the changes an import would make now, on top of the drafts."""
    others = db.session.scalars(
        select(ProgrammeSession.slug).where(ProgrammeSession.edition_id != edition.id)
    )
    return laid_over(drafted(edition), document, choices, taken=others, beat=beat)


# Defaults of a preview: nothing is cancelled, and the edition itself stays as it is.
AS_SHOWN = Choices()


def chosen_of(choices: dict[str, Any]) -> Choices:
    """Parse the choices of the preview: cancel everything that is gone (True), or these by their ids."""
    call_off = choices.get("call_off")
    ids = frozenset(UUID(each) for each in call_off) if isinstance(call_off, list) else frozenset()
    return Choices(True if call_off is True else ids or False, choices.get("take_edition") is True)


@command(needs=ProgrammePermission.EDIT)
def bring_in(
    actor: Actor, edition: Edition, *, document: Document, upload: ProgrammeImport, now: datetime
) -> int:
    """Draft the contents of the file, and publish where chosen; return how many things changed.

    Raises NotAsSeen when the changes are not those of the preview, and all refusals of publishing.
    """
    shown = would_do(edition, document, AS_SHOWN)
    if rules.fingerprint_of(shown.changes) != upload.summary["seen"]:
        raise NotAsSeen
    chosen = chosen_of(upload.choices)
    outcome = shown if chosen == AS_SHOWN else would_do(edition, document, chosen)
    only = [(each.kind, each.thing_id) for each in outcome.changes]
    rules.save_plan(actor, edition, plan=outcome.plan, only=only, now=now)
    if upload.choices.get("publish") and draft_entries(edition):
        rules.publish(actor, edition, note=str(upload.choices.get("note") or ""), now=now)
    return len(only)


def failure(message: Any, line: int | None = None) -> dict[str, Any]:
    return {"message": str(message), **({"line": line} if line else {})}


def broken() -> str:
    return _("Er ging bij ons iets mis. Er is niets half opgeslagen. Probeer het opnieuw.")


Work = Callable[[UUID], None]
