"""Writer of schedule.json, version 2: one list of events. Always valid against its schema."""

import re
from typing import Any
from uuid import UUID

from dagvandebuurt.programme.editing.snapshot import Plan, SessionPlan
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import Record
from dagvandebuurt.programme.exchange.event_record import HOST_ROLES, type_2
from dagvandebuurt.programme.exchange.match_result import NOWHERE
from dagvandebuurt.programme.exchange.schedule_json import NO_TRACK
from dagvandebuurt.programme.exchange.schema import (
    CONFERENCE,
    ROOM,
    TRACK,
    generator,
    is_text,
    is_uuid,
    json_bytes,
    one_of,
    only,
    text_or_nothing,
    version_of,
)
from dagvandebuurt.programme.exchange.to_records import Telling
from dagvandebuurt.programme.exchange.write_json_v1 import hall_online

SCHEMA_2 = "https://c3voc.de/schema/schedule2"


_ROOMS_2 = {"lecturehall": "LECTURE_HALL", "online": "VIRTUAL", "bbb": "VIRTUAL"}
ROOM_TYPES_2 = {"LECTURE_HALL", "STAGE", "WORKSHOP", "OUTSIDE", "VIRTUAL", "PROJECT", "HANGAR", "OTHER"}
_LOCALIZABLE = re.compile("[a-z]{2}")
_SERVICES = frozenset({
    "FORGEJO", "GITHUB", "GITLAB", "MASTODON", "BLUESKY", "INSTAGRAM", "THREADS", "TWITTER", "MEDIACCCDE", "PEERTUBE",
})  # fmt: skip
_LINK_TYPES_2 = frozenset({
    "SLIDES", "PAPER", "WEB", "BLOG", "ARTICLE", "BOOK", "MEDIA", "RELATED", "FEEDBACK", "ORIGIN", "ACTIVITYPUB",
})  # fmt: skip


def schedule_json_2(plan: Plan, *, public: str, number: int) -> bytes:
    """Export one list of events; cancelled ones are in it, as CANCELED."""
    telling = Telling(plan, public, with_cancelled=True)
    records = telling.records()
    days = telling.days(records)
    rooms, guids = _rooms_2(plan, telling)
    if any(plan.sessions[session_id].venue is None for session_id, _record in records):
        rooms.append({"name": NOWHERE, "guid": str(hall_online(plan)), "type": "VIRTUAL"})
    header = telling.header()
    conference: dict[str, Any] = {
        name: header[name] for name in ("acronym", "title", "timeslot_duration", "time_zone_name", "url", "colors",
                                        "keywords", "meta") if name in header and CONFERENCE[name](header[name])
    }  # fmt: skip
    conference["timeslot_duration"] = _iso_length(header.get("timeslot_duration"))
    conference |= {"description": _localizable(header["description"])} if "description" in header else {}
    conference |= _span(plan, header)
    conference["rooms"] = rooms
    tracks = telling.tracks() or []
    conference["tracks"] = [only({**TRACK, "type": is_text}, track) for track in tracks]
    names = {"index": "index", "date": "date", "day_start": "start", "day_end": "end"}
    conference["days"] = [{theirs: day[ours] for ours, theirs in names.items()} for day in days]
    slugs = telling.track_slugs()
    events = []
    for session_id, record in records:
        session = plan.sessions[session_id]
        room = {"name": record["room"], "guid": guids.get(session.venue, str(hall_online(plan)))}
        slug = slugs[session.themes[0]] if session.themes else NO_TRACK
        events.append(
            _event_2(record, room, slug) | {"participants": _participants(session, record["persons"])}
        )
    events += [each for each in telling.kept.get("breaks", []) if _is_break(each)]
    schedule = {"version": version_of(telling, number), "conference": conference, "events": events}
    return json_bytes({"$schema": SCHEMA_2, "generator": generator(), "schedule": schedule})


def _span(plan: Plan, header: dict[str, Any]) -> dict[str, str]:
    """Return begin and end as timestamps: version 2 does not allow dates."""
    found = {}
    for name, ours in (("start", plan.edition.starts_at), ("end", plan.edition.ends_at)):
        said = parse.moment(header.get(name))
        is_moment = said is not None and said.tzinfo is not None
        found[name] = header[name] if is_moment else parse.in_amsterdam(ours).isoformat()
    return found


def _is_break(found: Any) -> bool:
    moments = [parse.moment(found.get(name)) for name in ("start", "end")]
    return (
        set(found) <= {"type", "title", "subtitle", "guid", "start", "end", "room"}
        and all(each is not None and each.tzinfo is not None for each in moments)
        and isinstance(found.get("title"), str)
        and isinstance(found.get("subtitle", ""), str)
        and ("guid" not in found or is_uuid(found["guid"]))
        and ("room" not in found or (isinstance(found["room"], dict) and is_uuid(found["room"].get("guid"))))
    )


def _rooms_2(plan: Plan, telling: Telling) -> tuple[list[Record], dict[UUID | None, str]]:
    """Return halls with unique GUIDs."""
    rooms: list[Record] = []
    guids: dict[UUID | None, str] = {}
    for venue_id, _name, said in telling.rooms():
        room = _room_2(said)
        if room.get("guid") is None or room["guid"] in guids.values():
            room["guid"] = str(venue_id)
        rooms.append(room)
        guids[venue_id] = room["guid"]
    return rooms, guids


def _room_2(room: Record) -> Record:
    kind = str(room.get("type", "")).replace("-", "_")
    kind = _ROOMS_2.get(kind, kind.upper())
    made = only({**ROOM, "type": one_of(*sorted(ROOM_TYPES_2))}, {**room, "type": kind})
    if "description" in made:
        made["description"] = _localizable(made["description"])
    return made


def _localizable(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {
            key: text for key, text in value.items() if _LOCALIZABLE.fullmatch(key) and isinstance(text, str)
        }
        return kept or parse.words(value)
    return value if text_or_nothing(value) else parse.words(value)


def _iso_length(said: Any) -> str:
    lasts = parse.length(said)
    minutes = int(lasts.total_seconds()) // 60 if lasts is not None else 5
    return f"PT{minutes}M"


def _event_2(record: Record, room: Record, track: str) -> Record:
    language = parse.languages_of(record.get("language"))[0][:2]
    made: Record = {
        "guid": record["guid"], "start": record["date"], "end": _end(record), "room": room,
        "slug": record["slug"], "url": record["url"], "title": record["title"],
        "subtitle": record.get("subtitle") if text_or_nothing(record.get("subtitle")) else None,
        "track": {"slug": track},
        "type": type_2(record["type"]),
        "language": language,
        "abstract": _localizable(record.get("abstract")),
        "description": _localizable(record.get("description")),
        "links": _references_2(record.get("links", [])), "attachments": _references_2(record.get("attachments", [])),
        "state": record["state"],
        "logo": {"url": record["logo"]} if parse.is_address(record.get("logo")) else None,
    }  # fmt: skip
    if isinstance(record.get("code"), str) and re.fullmatch("[A-Z0-9]+", record["code"]):
        made["code"] = record["code"]
    return made


def _end(record: Record) -> str:
    if "end" in record:
        return str(record["end"])
    begins, lasts = parse.moment(record["date"]), parse.length(record["duration"])
    assert begins is not None
    return (begins + (lasts or parse.A_WHILE)).isoformat()


def _participants(session: SessionPlan, persons: list[Record]) -> list[Record]:
    """Return participants in the order of the session's own people, so each has an id."""
    ids = list(dict.fromkeys([*session.speakers, *session.hosts]))
    return [_participant(person, speaker_id) for person, speaker_id in zip(persons, ids, strict=False)]


def _participant(person: Record, speaker_id: UUID) -> Record:
    guid, role = person.get("guid"), person.get("role")
    return {
        "name": parse.name_of(person),
        "guid": guid if is_uuid(guid) else str(speaker_id),
        "role": role if role in {*HOST_ROLES, "CONTRIBUTOR", "GUEST"} else "SPEAKER",
    }


def _references_2(found: list[Record]) -> list[Record]:
    made = []
    for each in found:
        reference = only({"url": parse.is_address, "title": is_text}, each)
        if "url" not in reference:
            continue
        if str(each.get("type", "")).upper() in _LINK_TYPES_2:
            reference["type"] = each["type"].upper()
        if each.get("service") in _SERVICES:
            reference["service"] = each["service"]
        made.append(reference)
    return made
