"""Writer of schedule.xml, as pretalx and frab write it. Always valid against its schema."""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from dagvandebuurt.programme.editing.snapshot import Plan
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import Record
from dagvandebuurt.programme.exchange.schema import clean, generator, is_uuid, version_of
from dagvandebuurt.programme.exchange.to_records import Telling


def schedule_xml(plan: Plan, *, public: str, number: int) -> bytes:
    """Export sessions that are held, as pretalx and frab write them."""
    telling = Telling(plan, public)
    records = telling.records()
    days = telling.days(records)
    root = Element("schedule")
    maker = SubElement(root, "generator")
    maker.attrib.update(generator())
    top = telling.kept.get("top", {})
    if parse.is_address(top.get("url")) or not telling.kept:
        _say(root, "url", top.get("url") or f"{public}/programma/schedule.xml")
    _say(root, "version", version_of(telling, number))
    _conference(root, telling, len(days))
    halls = {room["name"]: room.get("guid") for _id, _name, room in telling.rooms()}
    for day in days:
        node = SubElement(root, "day")
        node.attrib.update(
            index=str(day["index"]), date=day["date"], start=day["day_start"], end=day["day_end"]
        )
        for name, events in day["rooms"].items():
            room = SubElement(node, "room", name=clean(name))
            if is_uuid(halls.get(name)):
                room.set("guid", str(halls[name]))
            for record in events:
                _event_node(room, record)
    body: bytes = tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def _say(parent: Element, name: str, text: Any) -> Element:
    node = SubElement(parent, name)
    node.text = clean(parse.words(text))
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
        if parse.is_address(said.get(name)):
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
    node = SubElement(conference, "track", name=clean(parse.words(track.get("name"))))
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
    if isinstance(record.get("logo"), str) and (not record["logo"] or parse.is_address(record["logo"])):
        _say(node, "logo", record["logo"])
    for name in ("url", "feedback_url", "origin_url", "video_download_url"):
        if parse.is_address(record.get(name)):
            _say(node, name, record[name])
    _recording_node(node, record)
    persons = SubElement(node, "persons")
    for person in record["persons"]:
        one = _say(persons, "person", parse.name_of(person))
        if isinstance(person.get("id"), int):
            one.set("id", str(person["id"]))
        if is_uuid(person.get("guid")):
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
        if parse.is_address(record.get(f"recording_{name}")):
            _say(recording, name, record[f"recording_{name}"])


def _reference_nodes(parent: Element, name: str, found: list[Record]) -> None:
    for each in found:
        if not parse.is_address(each.get("url")):
            continue
        one = _say(parent, name, each.get("title") or "")
        one.set("href", each["url"])
        for key in ("type", *(("service",) if name == "link" else ())):
            if isinstance(each.get(key), str):
                one.set(key, clean(each[key]))
