"""Commands on the programme: save drafts, and publish them as a numbered release.

An urgent change (another time, cancelled) is published at once, as a release of its own.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import delete, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.forms import sentences
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.programme.editing.apply import apply
from dagvandebuurt.programme.editing.conflicts import clashes
from dagvandebuurt.programme.editing.load import (
    MODELS,
    draft_entries,
    draft_of,
    drafted,
    laid_over,
    planned,
    published,
)
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.editing.snapshot import (
    MOVES,
    Difference,
    FieldChange,
    Key,
    Plan,
    Planned,
    RecordKind,
    differences,
)
from dagvandebuurt.programme.errors import (
    CannotBePublished,
    ChangedMeanwhile,
    EditionArchived,
    EndsBeforeItBegins,
    NotAsSeen,
    NothingToPublish,
)
from dagvandebuurt.programme.hooks import Change, session_changed
from dagvandebuurt.programme.models import (
    DraftEntry,
    Edition,
    ProgrammeRelease,
    ProgrammeSession,
    SessionStatus,
)
from dagvandebuurt.programme.permissions import ProgrammePermission


@command(needs=ProgrammePermission.EDIT)
def save_draft(
    actor: Actor,
    edition: Edition,
    *,
    kind: RecordKind,
    thing_id: UUID,
    values: Mapping[str, Any],
    seen: int | None,
    now: datetime,
) -> DraftEntry | None:
    """Save the wanted values of one thing. Deletes the draft and returns None when nothing differs from the
    published ones.

    `seen` is the revision of the draft on screen, 0 for none, None to skip the check. Raises ChangedMeanwhile
    when there is another one, InvalidInput for invalid values.
    """
    hold(edition)
    entry = draft_of(edition, kind, thing_id)
    if seen is not None and seen != (entry.revision if entry is not None else 0):
        raise ChangedMeanwhile(theirs=entry.values if entry is not None else {})
    row = db.session.get(MODELS[kind], thing_id)
    earlier = planned(kind, row) if row is not None else None
    thing = _checked(kind, earlier, values)
    return _keep(edition, (kind, thing_id), earlier, thing, entry, by=actor.id, now=now)


@command(needs=ProgrammePermission.EDIT)
def save_plan(
    actor: Actor, edition: Edition, *, plan: Plan, only: Iterable[Key] | None = None, now: datetime
) -> int:
    """Draft all differences of `plan`, all or nothing; return how many things that are.

    Replaces earlier drafts of the same things. For imported programmes.
    """
    hold(edition)
    before = published(edition)
    entries = {(RecordKind(each.kind), each.thing_id): each for each in draft_entries(edition)}
    wanted = set(only) if only is not None else None
    count = 0
    for key, thing in plan.items():
        if wanted is not None and key not in wanted:
            continue
        kind, thing_id = key
        earlier = before.things[kind].get(thing_id)
        kept = _keep(edition, key, earlier, thing, entries.get(key), by=actor.id, now=now)
        count += kept is not None
    return count


@command(needs=ProgrammePermission.EDIT)
def delete_draft(_actor: Actor, edition: Edition, *, kind: RecordKind, thing_id: UUID) -> None:
    """Delete the draft of one thing. Idempotent."""
    db.session.execute(
        delete(DraftEntry).where(
            DraftEntry.edition_id == edition.id, DraftEntry.kind == kind, DraftEntry.thing_id == thing_id
        )
    )


@command(needs=ProgrammePermission.EDIT)
def delete_drafts(_actor: Actor, edition: Edition) -> None:
    """Delete every draft: the programme stays as it is published."""
    db.session.execute(delete(DraftEntry).where(DraftEntry.edition_id == edition.id))


@command(needs=ProgrammePermission.EDIT)
def publish(
    actor: Actor, edition: Edition, *, note: str, seen: str | None = None, now: datetime
) -> ProgrammeRelease:
    """Publish the drafts as one numbered release, all or nothing.

    `seen` is the `fingerprint_of` the differences in the preview. Raises NotAsSeen when they changed,
    NothingToPublish, and CannotBePublished with the titles of inconsistent sessions.
    """
    hold(edition)
    before = published(edition)
    after = drafted(edition, over=before)
    changed = differences(before, after)
    if not changed:
        raise NothingToPublish
    if seen is not None and seen != fingerprint_of(changed):
        raise NotAsSeen
    wrong = [clash.titles[0] for clash in clashes(after) if clash.is_fatal]
    if wrong:
        raise CannotBePublished(titles=wrong[:20])
    sessions = {session.id: session for session in apply(after, changed, now=now)}
    release = _release(edition, [each.as_json() for each in changed], note=note, by=actor.id, now=now)
    db.session.execute(delete(DraftEntry).where(DraftEntry.edition_id == edition.id))
    for difference in changed:
        session = sessions.get(difference.thing_id)
        if session is not None:
            earlier = before.sessions.get(session.id)
            was = {name: getattr(earlier, name) for name in difference.names} if earlier else {}
            _changed(Change(session, was, difference.names, note or None, difference.is_new), now)
    return release


def fingerprint_of(changed: Iterable[Difference]) -> str:
    """Return the fingerprint of a set of differences, to detect changes since the preview."""
    told = json.dumps([each.as_json() for each in changed], sort_keys=True)
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


@command(needs=ProgrammePermission.EDIT)
def reschedule(
    actor: Actor,
    session: ProgrammeSession,
    *,
    starts_at: datetime,
    ends_at: datetime,
    note: str | None,
    now: datetime,
) -> bool:
    """Move a session at once. Returns False when nothing changes. Raises EndsBeforeItBegins."""
    if ends_at <= starts_at:
        raise EndsBeforeItBegins
    return _at_once(actor, session, {"starts_at": starts_at, "ends_at": ends_at}, note=note, now=now)


@command(needs=ProgrammePermission.RUN)
def end_at(actor: Actor, session: ProgrammeSession, *, ends_at: datetime, now: datetime) -> bool:
    """Change when a session that is on ends, by who runs it. Returns False when nothing changes. Raises
    EndsBeforeItBegins.
    """
    if ends_at <= session.starts_at:
        raise EndsBeforeItBegins
    return _at_once(actor, session, {"ends_at": ends_at}, note=None, now=now)


@command(needs=ProgrammePermission.EDIT)
def call_off(actor: Actor, session: ProgrammeSession, *, note: str | None, now: datetime) -> bool:
    """Cancel a session; it stays visible as cancelled. Returns False when it was cancelled before."""
    return _at_once(actor, session, {"status": SessionStatus.CANCELLED}, note=note, now=now)


def _at_once(
    actor: Actor, session: ProgrammeSession, values: Mapping[str, Any], *, note: str | None, now: datetime
) -> bool:
    was = {name: getattr(session, name) for name, value in values.items() if getattr(session, name) != value}
    if not was:
        return False
    before = planned(RecordKind.SESSION, session)
    for name, value in values.items():
        setattr(session, name, value)
    after = planned(RecordKind.SESSION, session)
    fields = tuple(FieldChange(name, before.values()[name], after.values()[name]) for name in sorted(was))
    difference = Difference(RecordKind.SESSION, session.id, session.title, False, fields)
    hold(session.edition)
    _release(session.edition, [difference.as_json()], note=note or "", by=actor.id, now=now)
    _changed(Change(session, was, frozenset(was), note), now)
    return True


def _changed(change: Change, now: datetime) -> None:
    """Record a change and raise `sequence` when calendars must be updated (RFC 5545, 3.8.7.4)."""
    if not change.is_new:
        change.session.changed_at = now
        if change.names & MOVES:
            change.session.sequence += 1
    session_changed(change, now)


def _release(
    edition: Edition, changes: list[dict[str, Any]], *, note: str, by: UUID | None, now: datetime
) -> ProgrammeRelease:
    edition.programme_version += 1
    release = ProgrammeRelease(
        edition_id=edition.id,
        number=edition.programme_version,
        note=note,
        changes=changes,
        published_at=now,
        published_by_id=by,
    )
    db.session.add(release)
    db.session.flush()
    return release


def hold(edition: Edition) -> None:
    """Lock the edition, to serialise its editors. Raises EditionArchived."""
    db.session.execute(select(Edition.id).where(Edition.id == edition.id).with_for_update(key_share=True))
    db.session.refresh(edition, ["programme_version", "status"])
    if edition.status is EditionStatus.ARCHIVED:
        raise EditionArchived


def _checked(kind: RecordKind, earlier: Planned | None, values: Mapping[str, Any]) -> Planned:
    try:
        return laid_over(kind, earlier, values)
    except ValidationError as broken:
        raise InvalidInput(sentences(broken)) from None


def _keep(
    edition: Edition,
    key: Key,
    earlier: Planned | None,
    thing: Planned,
    entry: DraftEntry | None,
    *,
    by: UUID | None,
    now: datetime,
) -> DraftEntry | None:
    """Store at most one draft for one thing, or delete it when equal to the published values."""
    old, new = earlier.values() if earlier is not None else {}, thing.values()
    changed = {name: value for name, value in new.items() if earlier is None or old.get(name) != value}
    if not changed:
        if entry is not None:
            db.session.delete(entry)
        return None
    if entry is None:
        kind, thing_id = key
        entry = DraftEntry(
            edition_id=edition.id, kind=kind, thing_id=thing_id, is_new=earlier is None, revision=0
        )
        db.session.add(entry)
    if entry.revision == 0 or entry.values != changed:
        entry.values, entry.revision = changed, entry.revision + 1
        entry.changed_at, entry.changed_by_id = now, by
    return entry
