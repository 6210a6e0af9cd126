"""Bytes of a programme in each schedule format, valid against its schema, whatever was typed or imported."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from dagvandebuurt.programme.exchange import meaning
from dagvandebuurt.programme.exchange.document import Record
from dagvandebuurt.programme.exchange.matching import NOWHERE
from dagvandebuurt.programme.exchange.records import HOST_ROLES
from dagvandebuurt.programme.exchange.schedule_json import NO_TRACK, OURS
from dagvandebuurt.programme.exchange.telling import Telling
from dagvandebuurt.programme.plan import Kind, Plan

_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SLUG = re.compile(r"[a-z0-9_-]+[a-z0-9]")
_HALL_ONLINE = UUID("3c0b0c52-6a43-4cf5-8c3b-6f0d3a5b7c10")
SCHEMA_1 = "https://c3voc.de/schedule/schema.json"
SCHEMA_2 = "https://c3voc.de/schema/schedule2"

Check = Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _text_or_nothing(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _truth(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _one_of(*words: str) -> Check:
    return lambda value: value in words


def _is_uuid(value: Any) -> bool:
    return meaning.uuid_of(value) is not None


def _number_or_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


_LINK_TYPES = ("slides", "paper", "web", "blog", "article", "media", "related", "activitypub")
_ROOM_TYPES = ("lecturehall", "stage", "workshop", "outside", "online", "project", "bbb", "hangar", "other")
_EVENT: dict[str, Check] = {
    "guid": _is_uuid, "code": _matches("[A-Z0-9]+"), "id": lambda v: isinstance(v, int), "logo": _text_or_nothing,
    "date": _is_text, "start": _is_text, "end": _is_text, "duration": _is_text, "room": _is_text,
    "slug": _matches("[a-z0-9_-]+[a-z0-9]"), "url": meaning.is_address, "title": _is_text, "subtitle": _text_or_nothing,
    "track": _text_or_nothing, "type": _is_text, "language": _text_or_nothing, "abstract": _text_or_nothing,
    "description": _text_or_nothing, "recording_license": _is_text, "do_not_record": _truth,
    "do_not_stream": lambda v: v is None or isinstance(v, bool | str), "persons": lambda v: isinstance(v, list),
    "links": lambda v: isinstance(v, list), "feedback_url": meaning.is_address, "origin_url": meaning.is_address,
    "attachments": lambda v: isinstance(v, list),
}  # fmt: skip
_CONFERENCE: dict[str, Check] = {
    "acronym": _is_text, "title": _is_text, "description": _is_text, "start": _is_text, "end": _is_text,
    "daysCount": lambda v: isinstance(v, int), "timeslot_duration": _is_text, "time_zone_name": _is_text,
    "logo": meaning.is_address, "colors": lambda v: isinstance(v, dict),
    "keywords": lambda v: isinstance(v, list) and all(isinstance(each, str) for each in v),
    "url": meaning.is_address, "meta": lambda v: isinstance(v, dict),
}  # fmt: skip
_ROOM: dict[str, Check] = {
    "name": _is_text, "slug": _matches("[a-z0-9_-]+[a-z0-9]"), "type": _one_of(*_ROOM_TYPES), "guid": _is_uuid,
    "stream_id": _text_or_nothing, "description": lambda v: v is None or isinstance(v, str | dict),
    "capacity": _number_or_nothing, "url": meaning.is_address,
}  # fmt: skip
_TRACK: dict[str, Check] = {"name": _is_text, "slug": _matches("[a-z0-9_-]+[a-z0-9]"), "color": _is_text}
_PERSON: dict[str, Check] = {
    "id": lambda v: isinstance(v, int) and not isinstance(v, bool), "guid": _is_uuid, "code": _matches("[A-Z0-9]+"),
    "name": _is_text, "public_name": _is_text, "avatar": _text_or_nothing, "biography": _text_or_nothing,
    "url": meaning.is_address, "answers": lambda v: isinstance(v, list),
}  # fmt: skip
_REFERENCE: dict[str, Check] = {"url": meaning.is_address, "title": _is_text, "type": _one_of(*_LINK_TYPES)}


def _only(checks: dict[str, Check], found: dict[str, Any]) -> dict[str, Any]:
    """What the schema knows, as it wants it."""
    return {name: found[name] for name, good in checks.items() if name in found and good(found[name])}


def clean(value: Any) -> Any:
    """Without letters that XML forbids, that no terminal should see and that UTF-8 cannot hold, however deep."""
    if isinstance(value, str):
        return _NO_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {clean(key): clean(each) for key, each in value.items()}
    if isinstance(value, list):
        return [clean(each) for each in value]
    return value


def _bytes(value: dict[str, Any]) -> bytes:
    return (json.dumps(clean(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def _generator() -> dict[str, str]:
    return {"name": OURS, "version": "1.0"}


def _version(telling: Telling, number: int) -> str:
    return telling.version() or str(number)


# --- schedule.json, version 1 ---


def schedule_json(plan: Plan, *, public: str, number: int) -> bytes:
    """Of what is held: what is called off is in no file of this version. `number` is the programme's."""
    telling = Telling(plan, public)
    records = [(session_id, _event(record)) for session_id, record in telling.records()]
    days = telling.days(records)
    conference = {"daysCount": len(days)} | _only(_CONFERENCE, telling.header())
    rooms = [_only(_ROOM, room) for _id, _name, room in telling.rooms()]
    if any(record["room"] == NOWHERE for _id, record in records) and not telling.kept:
        rooms.append({"name": NOWHERE, "guid": str(_hall_online(plan)), "type": "online"})
    conference["rooms"] = rooms
    tracks = telling.tracks()
    if tracks is not None:
        conference["tracks"] = [_only(_TRACK, track) for track in tracks]
    names = ("index", "date", "day_start", "day_end", "rooms")
    conference["days"] = [{name: day[name] for name in names} for day in days]
    schedule = {"version": _version(telling, number), "conference": conference}
    base = telling.kept.get("top", {}).get("base_url")
    schedule |= {"base_url": base} if meaning.is_address(base) else {}
    schema = telling.kept.get("top", {}).get("$schema", SCHEMA_1)
    return _bytes({"$schema": schema, "generator": _generator(), "schedule": schedule})


def _hall_online(plan: Plan) -> UUID:
    return uuid5(_HALL_ONLINE, str(plan.edition_id))


def _event(record: Record) -> Record:
    made = _only(_EVENT, record)
    for name in ("subtitle", "abstract", "track", "language"):
        if name not in made:
            made[name] = meaning.words(record.get(name)) or None
    if "description" in record and "description" not in made:
        made["description"] = meaning.words(record["description"])
    made["persons"] = [_person(each) for each in record["persons"]]
    for name in ("links", "attachments"):
        if name in made:
            made[name] = [found for each in made[name] if "url" in (found := _only(_REFERENCE, each))]
    return made


def _person(person: Record) -> Record:
    """By its name, or as frab does by `public_name` and `id`: exactly one of the two."""
    made = _only(_PERSON, person)
    if "name" not in made and not ("public_name" in made and "id" in made):
        made["name"] = meaning.name_of(person)
    if "name" in made:
        made.pop("public_name", None)
    return made


# --- schedule.json, version 2 ---

_TYPES_2 = {
    "TALK", "WORKSHOP", "HANDS-ON", "MEETING", "DISCUSSION", "PERFORMANCE", "CONCERT", "GAME", "LIGHTNING_TALK", "OTHER",
}  # fmt: skip
_KINDS_2 = {
    "openingsact": "PERFORMANCE", "tweegesprek": "TALK", "aftrap": "OTHER", "tafelgesprek": "DISCUSSION",
    "masterclass": "TALK", "talkshow": "DISCUSSION", "markt": "OTHER",
}  # fmt: skip
_ROOMS_2 = {"lecturehall": "LECTURE_HALL", "online": "VIRTUAL", "bbb": "VIRTUAL"}
_ROOM_TYPES_2 = {"LECTURE_HALL", "STAGE", "WORKSHOP", "OUTSIDE", "VIRTUAL", "PROJECT", "HANGAR", "OTHER"}
_LOCALIZABLE = re.compile("[a-z]{2}")
_SERVICES = frozenset({
    "FORGEJO", "GITHUB", "GITLAB", "MASTODON", "BLUESKY", "INSTAGRAM", "THREADS", "TWITTER", "MEDIACCCDE", "PEERTUBE",
})  # fmt: skip
_LINK_TYPES_2 = frozenset({
    "SLIDES", "PAPER", "WEB", "BLOG", "ARTICLE", "BOOK", "MEDIA", "RELATED", "FEEDBACK", "ORIGIN", "ACTIVITYPUB",
})  # fmt: skip


def schedule_json_2(plan: Plan, *, public: str, number: int) -> bytes:
    """One list of events; what is called off is in it, as CANCELED."""
    telling = Telling(plan, public, with_cancelled=True)
    records = telling.records()
    days = telling.days(records)
    rooms = [_room_2(plan, room) for _id, _name, room in telling.rooms()]
    guids = {
        str(venue_id): room["guid"] for (venue_id, _n, _r), room in zip(telling.rooms(), rooms, strict=True)
    }
    rooms.append({"name": NOWHERE, "guid": str(_hall_online(plan)), "type": "VIRTUAL"})
    known = {room["name"] for room in rooms}
    header = telling.header()
    conference = {
        name: header[name] for name in ("acronym", "title", "timeslot_duration", "time_zone_name", "url", "colors",
                                        "keywords", "meta") if name in header and _CONFERENCE[name](header[name])
    }  # fmt: skip
    conference["timeslot_duration"] = _iso_length(header.get("timeslot_duration"))
    conference |= {"description": _localizable(header["description"])} if "description" in header else {}
    conference |= _span(plan, header)
    conference["rooms"] = (
        rooms if any(not each.get("room") for _i, each in records) or NOWHERE in known else rooms
    )
    tracks = telling.tracks() or []
    conference["tracks"] = [_only({**_TRACK, "type": _is_text}, track) for track in tracks]
    names = {"index": "index", "date": "date", "day_start": "start", "day_end": "end"}
    conference["days"] = [{theirs: day[ours] for ours, theirs in names.items()} for day in days]
    slugs = telling.track_slugs()
    events = []
    for session_id, record in records:
        session = plan.sessions[session_id]
        room = {"name": record["room"], "guid": guids.get(str(session.venue), str(_hall_online(plan)))}
        slug = slugs[session.themes[0]] if session.themes else NO_TRACK
        events.append(_event_2(record, room, slug))
    events += [each for each in telling.kept.get("breaks", []) if _is_break(each)]
    schedule = {"version": _version(telling, number), "conference": conference, "events": events}
    return _bytes({"$schema": SCHEMA_2, "generator": _generator(), "schedule": schedule})


def _span(plan: Plan, header: dict[str, Any]) -> dict[str, str]:
    """Begin and end as moments: version 2 wants no bare days."""
    found = {}
    for name, ours in (("start", plan.edition.starts_at), ("end", plan.edition.ends_at)):
        said = meaning.moment(header.get(name))
        is_moment = said is not None and said.tzinfo is not None
        found[name] = header[name] if is_moment else meaning.in_amsterdam(ours).isoformat()
    return found


def _is_break(found: Any) -> bool:
    moments = [meaning.moment(found.get(name)) for name in ("start", "end")]
    return (
        set(found) <= {"type", "title", "subtitle", "guid", "start", "end", "room"}
        and all(each is not None and each.tzinfo is not None for each in moments)
        and isinstance(found.get("title"), str)
        and isinstance(found.get("subtitle", ""), str)
        and ("guid" not in found or _is_uuid(found["guid"]))
        and ("room" not in found or (isinstance(found["room"], dict) and _is_uuid(found["room"].get("guid"))))
    )


def _room_2(plan: Plan, room: Record) -> Record:
    kind = str(room.get("type", "")).replace("-", "_")
    kind = _ROOMS_2.get(kind, kind.upper())
    made = _only({**_ROOM, "type": _one_of(*sorted(_ROOM_TYPES_2))}, {**room, "type": kind})
    if "description" in made:
        made["description"] = _localizable(made["description"])
    made.setdefault("guid", str(uuid5(_HALL_ONLINE, f"{plan.edition_id}:{room['name']}")))
    return made


def _localizable(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {
            key: text for key, text in value.items() if _LOCALIZABLE.fullmatch(key) and isinstance(text, str)
        }
        return kept or meaning.words(value)
    return value if _text_or_nothing(value) else meaning.words(value)


def _iso_length(said: Any) -> str:
    lasts = meaning.length(said)
    minutes = int(lasts.total_seconds()) // 60 if lasts is not None else 5
    return f"PT{minutes}M"


def _event_2(record: Record, room: Record, track: str) -> Record:
    kind = str(record["type"]).replace(" ", "_").upper()
    language = meaning.languages_of(record.get("language"))[0][:2]
    made: Record = {
        "guid": record["guid"], "start": record["date"], "end": _end(record), "room": room,
        "slug": record["slug"], "url": record["url"], "title": record["title"],
        "subtitle": record.get("subtitle") if _text_or_nothing(record.get("subtitle")) else None,
        "track": {"slug": track},
        "type": kind if kind in _TYPES_2 else _KINDS_2.get(str(record["type"]).casefold(), "OTHER"),
        "language": language,
        "abstract": _localizable(record.get("abstract")),
        "description": _localizable(record.get("description")),
        "participants": [_participant(each) for each in record["persons"]],
        "links": _references_2(record.get("links", [])), "attachments": _references_2(record.get("attachments", [])),
        "state": record["state"],
        "logo": {"url": record["logo"]} if meaning.is_address(record.get("logo")) else None,
    }  # fmt: skip
    if isinstance(record.get("code"), str) and re.fullmatch("[A-Z0-9]+", record["code"]):
        made["code"] = record["code"]
    return made


def _end(record: Record) -> str:
    if "end" in record:
        return str(record["end"])
    begins, lasts = meaning.moment(record["date"]), meaning.length(record["duration"])
    assert begins is not None
    return (begins + (lasts or meaning.A_WHILE)).isoformat()


def _participant(person: Record) -> Record:
    name = meaning.name_of(person)
    guid = person.get("guid") if _is_uuid(person.get("guid")) else None
    role = person.get("role")
    made = {
        "name": name,
        "guid": guid or str(uuid5(_HALL_ONLINE, f"{person.get('code') or person.get('id') or name}")),
    }
    return made | {"role": role if role in {*HOST_ROLES, "SPEAKER", "CONTRIBUTOR", "GUEST"} else "SPEAKER"}


def _references_2(found: list[Record]) -> list[Record]:
    made = []
    for each in found:
        reference = _only({"url": meaning.is_address, "title": _is_text}, each)
        if "url" not in reference:
            continue
        if str(each.get("type", "")).upper() in _LINK_TYPES_2:
            reference["type"] = each["type"].upper()
        if each.get("service") in _SERVICES:
            reference["service"] = each["service"]
        made.append(reference)
    return made


# --- schedule.xml ---


def schedule_xml(plan: Plan, *, public: str, number: int) -> bytes:
    """Of what is held, as pretalx and frab write it."""
    telling = Telling(plan, public)
    records = telling.records()
    days = telling.days(records)
    root = Element("schedule")
    generator = SubElement(root, "generator")
    generator.attrib.update(_generator())
    top = telling.kept.get("top", {})
    if meaning.is_address(top.get("url")) or not telling.kept:
        _say(root, "url", top.get("url") or f"{public}/programma/schedule.xml")
    _say(root, "version", _version(telling, number))
    _conference(root, telling, len(days))
    halls = {room["name"]: room.get("guid") for _id, _name, room in telling.rooms()}
    for day in days:
        node = SubElement(root, "day")
        node.attrib.update(
            index=str(day["index"]), date=day["date"], start=day["day_start"], end=day["day_end"]
        )
        for name, events in day["rooms"].items():
            room = SubElement(node, "room", name=clean(name))
            if _is_uuid(halls.get(name)):
                room.set("guid", halls[name])
            for record in events:
                _event_node(room, record)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def _say(parent: Element, name: str, text: Any) -> Element:
    node = SubElement(parent, name)
    node.text = clean(meaning.words(text))
    return node


def _conference(root: Element, telling: Telling, days: int) -> None:
    node, said = SubElement(root, "conference"), telling.header()
    for name in ("acronym", "title", "start", "end"):
        if name in said:
            _say(node, name, said[name])
    _say(node, "days", str(days))
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", str(said.get("timeslot_duration", ""))):
        _say(node, "timeslot_duration", said["timeslot_duration"])
    said = {**said, "base_url": telling.kept.get("top", {}).get("base_url")}
    for name in ("base_url", "logo", "url"):
        if meaning.is_address(said.get(name)):
            _say(node, name, said[name])
    _say(node, "time_zone_name", said["time_zone_name"])
    colors = said.get("colors")
    hexadecimal = re.compile("#[0-9a-fA-F]{6}")
    if isinstance(colors, dict) and hexadecimal.fullmatch(str(colors.get("primary", ""))):
        kept = {
            key: value
            for key, value in colors.items()
            if hexadecimal.fullmatch(str(value)) and key.isidentifier()
        }
        SubElement(node, "color").attrib.update(kept)
    for track in telling.tracks() or []:
        _track_node(node, track, hexadecimal)


def _track_node(conference: Element, track: Record, hexadecimal: "re.Pattern[str]") -> None:
    node = SubElement(conference, "track", name=clean(meaning.words(track.get("name"))))
    if hexadecimal.fullmatch(str(track.get("color", ""))):
        node.set("color", track["color"])
    if re.fullmatch("[a-z][a-z0-9-]+", str(track.get("slug", ""))):
        node.set("slug", track["slug"])


_XML_SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}")


def _event_node(room: Element, record: Record) -> None:
    node = SubElement(room, "event", guid=record["guid"], id=str(record["id"]))
    if re.fullmatch("[0-9A-Z]{6}", str(record.get("code", ""))):
        node.set("code", record["code"])
    for name in ("date", "start"):
        _say(node, name, record[name])
    _say(node, "duration", record["duration"] if len(record["duration"]) <= 5 else "99:59")
    for name in ("room", "title", "subtitle", "type", "track", "language", "abstract", "description"):
        if name in record or name in ("track", "abstract"):
            _say(node, name, record.get(name))
    if _XML_SLUG.fullmatch(record["slug"]):
        _say(node, "slug", record["slug"])
    if isinstance(record.get("logo"), str) and (not record["logo"] or meaning.is_address(record["logo"])):
        _say(node, "logo", record["logo"])
    for name in ("url", "feedback_url", "origin_url", "video_download_url"):
        if meaning.is_address(record.get(name)):
            _say(node, name, record[name])
    _recording_node(node, record)
    persons = SubElement(node, "persons")
    for person in record["persons"]:
        one = _say(persons, "person", meaning.name_of(person))
        if isinstance(person.get("id"), int):
            one.set("id", str(person["id"]))
        if _is_uuid(person.get("guid")):
            one.set("guid", person["guid"])
    for several, name in (("links", "link"), ("attachments", "attachment")):
        if several in record:
            _reference_nodes(SubElement(node, several), name, record[several])


def _recording_node(node: Element, record: Record) -> None:
    if "recording_license" not in record and "do_not_record" not in record:
        return
    recording = SubElement(node, "recording")
    _say(recording, "license", record.get("recording_license"))
    _say(recording, "optout", "true" if record.get("do_not_record") is True else "false")
    for name in ("url", "link"):
        if meaning.is_address(record.get(f"recording_{name}")):
            _say(recording, name, record[f"recording_{name}"])


def _reference_nodes(parent: Element, name: str, found: list[Record]) -> None:
    for each in found:
        if not meaning.is_address(each.get("url")):
            continue
        one = _say(parent, name, each.get("title") or "")
        one.set("href", each["url"])
        for key in ("type", *(("service",) if name == "link" else ())):
            if isinstance(each.get(key), str):
                one.set(key, clean(each[key]))


__all__ = ["Kind", "clean", "schedule_json", "schedule_json_2", "schedule_xml"]
