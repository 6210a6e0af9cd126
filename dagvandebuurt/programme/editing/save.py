"""Saving of a form as drafts: merged with concurrent edits, and with new things created along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.core.text import folded
from dagvandebuurt.programme.editing import rules
from dagvandebuurt.programme.editing.load import draft_of
from dagvandebuurt.programme.editing.merge import Conflict, merged
from dagvandebuurt.programme.editing.overview import Desk, desk_of, free_code
from dagvandebuurt.programme.editing.snapshot import RecordKind
from dagvandebuurt.programme.models import DraftEntry, Edition

MOST = {RecordKind.SESSION: ("slug", "title", 80), RecordKind.THEME: ("code", "label", 40), RecordKind.ROUND: ("code", "label", 40),
        RecordKind.SPEAKER: ("code", "name", 40), RecordKind.ORGANISATION: ("code", "name", 40)}  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """Submitted form. `along`: kind, the referring field, and the values of each new thing."""

    values: Mapping[str, Any]
    shown: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    along: Iterable[tuple[RecordKind, str, dict[str, Any]]] = ()


@dataclass(frozen=True)
class SaveResult:
    """Result of saving. `entry` is None when everything is as published; with `conflicts` nothing was saved."""

    entry: DraftEntry | None = None
    conflicts: tuple[Conflict, ...] = ()


def write_down(
    actor: Actor, edition: Edition, *, kind: RecordKind, thing_id: UUID, typed: Typed, now: datetime
) -> SaveResult:
    """Draft one thing as typed. Raises InvalidInput by the field names of a snapshot."""
    rules.hold(edition)
    desk = desk_of(edition)
    values, made = _with_what_is_new(typed, thing_id)
    thing = desk.thing(kind, thing_id)
    there = thing.values() if thing is not None else {}
    result = merged(values, there, typed.shown, typed.chosen)
    if result.conflicts:
        return SaveResult(conflicts=result.conflicts)
    for each, new_id, new in made:
        more = _with_code(desk, each, new_id, new)
        rules.save_draft(actor, edition, kind=each, thing_id=new_id, values=more, seen=None, now=now)
    wanted = {**there, **result.values}
    if not desk.is_published(kind, thing_id):  # once published, a slug never changes
        wanted = _with_code(desk, kind, thing_id, wanted)
    entry = draft_of(edition, kind, thing_id)
    seen = entry.revision if entry is not None else 0
    return SaveResult(
        rules.save_draft(actor, edition, kind=kind, thing_id=thing_id, values=wanted, seen=seen, now=now)
    )


def _with_what_is_new(
    typed: Typed, thing_id: UUID
) -> tuple[dict[str, Any], list[tuple[RecordKind, UUID, dict[str, Any]]]]:
    """Return values that refer to the new things. An id derives from the name: pressing twice creates one."""
    values, made = dict(typed.values), []
    for kind, goes_into, new in typed.along:
        new_id = uuid5(thing_id, f"{kind} {folded(new['name'])}")
        made.append((kind, new_id, new))
        had = values.get(goes_into)
        values[goes_into] = [*had, str(new_id)] if isinstance(had, list) else str(new_id)
    return values, made


def _with_code(desk: Desk, kind: RecordKind, thing_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    if kind not in MOST:
        return dict(values)
    code, name, most = MOST[kind]
    return {**values, code: free_code(kind, thing_id, values[name], desk.after, most=most)}
