"""Writer of schedule.json, version 1: days with halls with events. Always valid against its schema."""

from uuid import UUID, uuid5

from dagvandebuurt.programme.editing.snapshot import Plan
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import Record
from dagvandebuurt.programme.exchange.match_result import NOWHERE
from dagvandebuurt.programme.exchange.schema import (
    CONFERENCE,
    EVENT,
    PERSON,
    REFERENCE,
    ROOM,
    TRACK,
    generator,
    json_bytes,
    only,
    version_of,
)
from dagvandebuurt.programme.exchange.to_records import Telling

SCHEMA_1 = "https://c3voc.de/schedule/schema.json"
HALL_ONLINE = UUID("3c0b0c52-6a43-4cf5-8c3b-6f0d3a5b7c10")


def schedule_json(plan: Plan, *, public: str, number: int) -> bytes:
    """Export sessions that are held: this version has no cancelled ones. `number` is the programme's version."""
    telling = Telling(plan, public)
    records = [(session_id, _event(record)) for session_id, record in telling.records()]
    days = telling.days(records)
    conference = {"daysCount": len(days)} | only(CONFERENCE, telling.header())
    rooms = [only(ROOM, room) for _id, _name, room in telling.rooms()]
    if any(record["room"] == NOWHERE for _id, record in records) and not telling.kept:
        rooms.append({"name": NOWHERE, "guid": str(hall_online(plan)), "type": "online"})
    conference["rooms"] = rooms
    tracks = telling.tracks()
    if tracks is not None:
        conference["tracks"] = [only(TRACK, track) for track in tracks]
    names = ("index", "date", "day_start", "day_end", "rooms")
    conference["days"] = [{name: day[name] for name in names} for day in days]
    schedule = {"version": version_of(telling, number), "conference": conference}
    base = telling.kept.get("top", {}).get("base_url")
    schedule |= {"base_url": base} if parse.is_address(base) else {}
    schema = telling.kept.get("top", {}).get("$schema", SCHEMA_1)
    return json_bytes({"$schema": schema, "generator": generator(), "schedule": schedule})


def hall_online(plan: Plan) -> UUID:
    return uuid5(HALL_ONLINE, str(plan.edition_id))


def _event(record: Record) -> Record:
    made = only(EVENT, record)
    for name in ("subtitle", "abstract", "track", "language"):
        if name not in made:
            made[name] = parse.words(record.get(name)) or None
    if "description" in record and "description" not in made:
        made["description"] = parse.words(record["description"])
    made["persons"] = [_person(each) for each in record["persons"]]
    for name in ("links", "attachments"):
        if name in made:
            made[name] = [found for each in made[name] if "url" in (found := only(REFERENCE, each))]
    return made


def _person(person: Record) -> Record:
    """Write a person with `name`, or as frab does with `public_name` and `id`: exactly one of the two."""
    made = only(PERSON, person)
    if "name" not in made and not ("public_name" in made and "id" in made):
        made["name"] = parse.name_of(person)
    if "name" in made:
        made.pop("public_name", None)
    return made
