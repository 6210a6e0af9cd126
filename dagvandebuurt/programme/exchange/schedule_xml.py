"""schedule.xml, as pretalx and frab write it."""

from typing import Any

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import AnotherKindOfFile
from dagvandebuurt.programme.exchange import meaning
from dagvandebuurt.programme.exchange.document import Beat, Document, counted
from dagvandebuurt.programme.exchange.records import Frame, mirror, said_of, without_doubles
from dagvandebuurt.programme.exchange.schedule_json import OURS, check_number, frame_slot, frame_zone
from dagvandebuurt.programme.exchange.xml_file import Node, read_xml

_TEXTS = (
    "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "track", "logo", "language",
    "description", "url", "feedback_url", "origin_url", "video_download_url",
)  # fmt: skip
_CONFERENCE_TEXTS = (
    "title", "acronym", "start", "end", "days", "timeslot_duration", "base_url", "logo", "url", "time_zone_name",
)  # fmt: skip


def read_schedule_xml(content: bytes, beat: Beat) -> Document:
    """Raises CannotBeRead for what is no schedule."""
    root = read_xml(content, lambda: beat(0, 0))
    conference = root.first("conference")
    if root.name != "schedule" or conference is None:
        raise AnotherKindOfFile(_("Dit is geen schedule.xml: er staat geen schedule met een conference in."))
    document = Document("xml", mirror)
    generator = root.first("generator")
    document.is_ours = generator is not None and generator.attributes.get("name") == OURS
    document.version = meaning.line_of(_text(root, "version"), 60)
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
        meaning.line_of(document.conference.get("acronym"), 60)
        or meaning.line_of(document.conference.get("title"), 60)
    )  # fmt: skip
    _take_days(document, root, beat)
    without_doubles(document.sessions, document.findings)
    return document


def _take_days(document: Document, root: Node, beat: Beat) -> None:
    found: list[tuple[str, Node]] = []
    guids: dict[str, str] = {}
    for day in root.all("day"):
        rooms = [room.attributes.get("name", "") for room in day.all("room")]
        document.days.append(_day(day) | {"rooms": rooms})
        for room in day.all("room"):
            name = room.attributes.get("name", "")
            guids.setdefault(name, room.attributes.get("guid", ""))
            found += [(name, event) for event in room.all("event")]
    document.rooms = [{"name": name, **({"guid": guid} if guid else {})} for name, guid in guids.items()]
    check_number(len(found))
    frame = Frame(frame_zone(document), frame_slot(document), document.findings)
    with counted(beat, len(found)) as one:
        for hall, event in found:
            said = said_of(_record(event), event.line, frame, room=hall)
            if said is not None:
                document.sessions.append(said)
            one()


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
    return child.text if child is not None else ""


def _record(event: Node) -> dict[str, Any]:
    """The event as schedule.json has it."""
    found: dict[str, Any] = {name: _text(event, name) for name in _TEXTS if event.first(name) is not None}
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
    person: dict[str, Any] = {key: node.attributes[key] for key in ("id", "guid") if key in node.attributes}
    number = str(person.get("id", ""))
    if number.isascii() and number.isdigit() and len(number) < 12:
        person["id"] = int(number)
    return {**person, "name": node.text}


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
