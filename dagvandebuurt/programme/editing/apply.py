"""Application of a snapshot to the tables: the last step of publishing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.programme.editing.load import LISTS, MODELS, REFERENCES
from dagvandebuurt.programme.editing.snapshot import Difference, Plan, Planned, RecordKind
from dagvandebuurt.programme.models import ProgrammeSession, SessionSpeaker, SpeakerPart, Theme


def apply(plan: Plan, changed: Iterable[Difference], *, now: datetime) -> list[ProgrammeSession]:
    """Write these differences to the tables, as in `plan`; return the sessions among them.

    In the order of RecordKind, so that references exist first.
    """
    sessions: list[ProgrammeSession] = []
    kind: RecordKind | None = None
    for difference in changed:
        if kind is not difference.kind:
            db.session.flush()
            kind = difference.kind
        row = _row(plan, difference, now=now)
        if isinstance(row, ProgrammeSession):
            sessions.append(row)
    db.session.flush()
    return sessions


def _row(plan: Plan, difference: Difference, *, now: datetime) -> Any:
    kind, thing_id = difference.kind, difference.thing_id
    thing = plan.things[kind][thing_id]
    model = MODELS[kind]
    values = _columns(thing, difference.names)
    if difference.is_new:
        row = model(id=thing_id, **_of_an_edition(kind, plan.edition_id), **values)
        if kind is RecordKind.SESSION:
            row.changed_at = now
            db.session.add(LiveRoom(id=thing_id))
        db.session.add(row)
    else:
        row = db.session.get_one(model, thing_id)
        for name, value in values.items():
            setattr(row, name, value)
    if kind is RecordKind.SESSION and difference.names & LISTS:
        _connect(row, thing)
    return row


def _columns(thing: Planned, names: frozenset[str]) -> dict[str, Any]:
    return {
        REFERENCES.get(name, name): getattr(thing, name)
        for name in names
        if name not in LISTS and name in type(thing).model_fields
    }


def _of_an_edition(kind: RecordKind, edition_id: UUID) -> dict[str, UUID]:
    return (
        {"edition_id": edition_id} if kind in (RecordKind.VENUE, RecordKind.ROUND, RecordKind.SESSION) else {}
    )


def _connect(row: ProgrammeSession, thing: Any) -> None:
    row.themes = [db.session.get_one(Theme, theme_id) for theme_id in thing.themes]
    wanted = [(who, SpeakerPart.SPEAKER) for who in dict.fromkeys(thing.speakers)]
    wanted += [(who, SpeakerPart.HOST) for who in dict.fromkeys(thing.hosts)]
    there = {(part.speaker_id, part.part): part for part in row.parts}
    for key in there.keys() - set(wanted):
        row.parts.remove(there[key])
    for position, key in enumerate(wanted):
        if key in there:
            there[key].position = position
        else:
            row.parts.append(
                SessionSpeaker(session_id=row.id, speaker_id=key[0], part=key[1], position=position)
            )
