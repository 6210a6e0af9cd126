"""Reader of schedule.xml, as written by pretalx, frab and pentabarf."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import AnotherKindOfFile
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import Beat, Document, counted
from dagvandebuurt.programme.exchange.duplicates import without_doubles
from dagvandebuurt.programme.exchange.event_record import mirror, said_of
from dagvandebuurt.programme.exchange.people import without_doubled_people
from dagvandebuurt.programme.exchange.schedule_json import OURS, check_number, day_of_place, frame_of
from dagvandebuurt.programme.exchange.xml_file import Node, read_xml

_TEXTS = (
    "title", "subtitle", "type", "date", "start", "end", "duration", "abstract", "slug", "track", "logo", "language",
    "description", "url", "feedback_url", "origin_url", "video_download_url",
)  # fmt: skip
_CONFERENCE_TEXTS = (
    "title", "acronym", "start", "end", "days", "timeslot_duration", "base_url", "logo", "url", "time_zone_name",
)  # fmt: skip


def read_schedule_xml(content: bytes | str, beat: Beat) -> Document:
    """Parse a schedule. Raises CannotBeRead when it is not one."""
    root = read_xml(content, lambda: beat(0, 0))
    conference = root.first("conference")
    if conference is None and root.name == "schedule" and _days(root):
        conference = Node("conference", root.line, {})
    if root.name != "schedule" or conference is None:
        raise AnotherKindOfFile(_("Dit is geen schedule.xml: er staat geen schedule met een conference in."))
    document = Document("xml", mirror)
    generator = root.first("generator")
    document.is_ours = generator is not None and generator.attributes.get("name") == OURS
    document.version = parse.line_of(_text(root, "version"), 60)
    document.top = {key: _text(root, key) for key in ("version", "url") if root.first(key) is not None}
    document.conference = {
        key: _text(conference, key) for key in _CONFERENCE_TEXTS if conference.first(key) is not None
    }
    if "base_url" in document.conference:
        document.top["base_url"] = document.conference.pop("base_url")
    days = document.conference.pop("days", "")
    if days.isdigit() and len(days) < 4:
        document.conference["daysCount"] = int(days)
    color = conference.first("color")
    if color is not None:
        document.conference["colors"] = dict(color.attributes)
    document.tracks = [dict(track.attributes) for track in conference.all("track")]
    document.source = (
        parse.line_of(document.conference.get("acronym"), 60)
        or parse.line_of(document.conference.get("title"), 60)
    )  # fmt: skip
    _take_days(document, root, conference, beat)
    without_doubles(document.sessions, document.findings)
    without_doubled_people(document.sessions, document.findings)
    return document


def _take_days(document: Document, root: Node, conference: Node, beat: Beat) -> None:
    found: list[tuple[str | None, Node, date | None]] = []
    guids: dict[str, str] = {}
    frame = frame_of(document, _text(conference, "day_change"), document.conference.get("timeslot_duration"))
    days = _days(root)
    for place, day in enumerate(days, start=1):
        rooms = [_name_of_room(room) for room in day.all("room")]
        told = _day(day)
        document.days.append(told | {"rooms": rooms})
        for room in day.all("room"):
            guids.setdefault(_name_of_room(room), room.attributes.get("guid", ""))
        when = day_of_place(document, told.get("date"), told.get("index", place))
        found += [(name, event, when) for name, event in _events(day, None)]
    if not days:
        found = [(name, event, None) for name, event in _events(root, None)]
    document.rooms = [{"name": name, **({"guid": guid} if guid else {})} for name, guid in guids.items()]
    check_number(len(found))
    with counted(beat, len(found)) as one:
        for hall, event, when in found:
            said = said_of(_record(event), event.line, frame, room=hall, day=when)
            if said is not None:
                document.sessions.append(said)
            one()


def _days(root: Node) -> list[Node]:
    several = root.first("days")
    return root.all("day") or (several.all("day") if several is not None else [])


def _name_of_room(room: Node) -> str:
    return room.attributes.get("name") or _text(room, "name").strip()


def _events(node: Node, hall: str | None) -> Iterator[tuple[str | None, Node]]:
    """Yield every event at any depth, with its hall; None without one."""
    for child in node.children:
        if child.name == "event":
            yield hall, child
        elif child.name == "room":
            yield from _events(child, _name_of_room(child))
        elif child.children and child.name not in ("conference", "generator"):
            yield from _events(child, hall)


def _day(day: Node) -> dict[str, Any]:
    names = {"index": "index", "date": "date", "start": "day_start", "end": "day_end"}
    found: dict[str, Any] = {
        ours: day.attributes[key] for key, ours in names.items() if key in day.attributes
    }
    if str(found.get("index", "")).isdigit() and len(found["index"]) < 6:
        found["index"] = int(found["index"])
    else:
        found.pop("index", None)
    return found


def _text(node: Node, name: str) -> str:
    child = node.first(name)
    return child.whole() if child is not None else ""


def _record(event: Node) -> dict[str, Any]:
    """Convert the event to a record of schedule.json."""
    found: dict[str, Any] = {name: _text(event, name) for name in _TEXTS if event.first(name) is not None}
    for name in ("state", "status"):
        if event.first(name) is not None:
            found.setdefault("state", _text(event, name).strip().upper())
    found |= {key: event.attributes[key] for key in ("guid", "id", "code") if key in event.attributes}
    room = event.first("room")
    if room is not None:
        found["room"] = room.text
    persons = event.first("persons")
    if persons is not None:
        found["persons"] = [_person(each) for each in persons.all("person")]
    for name, one in (("links", "link"), ("attachments", "attachment")):
        several = event.first(name)
        if several is not None:
            found[name] = [_reference(each) for each in several.all(one)]
    return found | _recording(event.first("recording"))


def _person(node: Node) -> dict[str, Any]:
    person: dict[str, Any] = {
        key: node.attributes[key] for key in ("id", "guid", "code") if node.attributes.get(key)
    }
    number = str(person.get("id", ""))
    if number.isascii() and number.isdigit() and len(number) < 12:
        person["id"] = int(number)
    named = next((each for each in map(node.first, ("name", "public_name")) if each is not None), node)
    return {**person, "name": named.whole()}


def _reference(node: Node) -> dict[str, Any]:
    kept: dict[str, Any] = {
        key: node.attributes[key] for key in ("type", "service") if key in node.attributes
    }
    return {"url": node.attributes.get("href") or node.text.strip(), "title": node.text, **kept}


def _recording(node: Node | None) -> dict[str, Any]:
    if node is None:
        return {}
    found: dict[str, Any] = {"recording_license": _text(node, "license")}
    if node.first("optout") is not None:
        found["do_not_record"] = _text(node, "optout").strip() in ("true", "1")
    for name in ("url", "link"):
        if node.first(name) is not None:
            found[f"recording_{name}"] = _text(node, name)
    return found
