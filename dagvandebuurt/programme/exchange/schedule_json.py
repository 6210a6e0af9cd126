"""Reader of schedule.json, version 1 (days with halls with events) and version 2 (one list of events)."""

from datetime import date, timedelta
from typing import Any

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.programme.errors import AnotherKindOfFile, TooMuchInFile
from dagvandebuurt.programme.exchange import limits, parse
from dagvandebuurt.programme.exchange.document import Beat, Document, counted
from dagvandebuurt.programme.exchange.duplicates import without_doubles
from dagvandebuurt.programme.exchange.event_record import mirror, mirror_2, said_of
from dagvandebuurt.programme.exchange.json_file import Located, read_json
from dagvandebuurt.programme.exchange.people import without_doubled_people
from dagvandebuurt.programme.exchange.record_times import Frame
from dagvandebuurt.programme.exchange.repairs import Findings

OURS = "dagvandebuurt"  # the generator name in our own exports
NO_TRACK = "geen-thema"  # required by version 2
_DAY_FIELDS = ("index", "date", "day_start", "day_end")


def read_schedule_json(text: str, beat: Beat) -> Document:
    """Parse a schedule. Raises CannotBeRead when it is not one."""
    document = Document("json1", mirror)
    root = read_json(text, document.findings, lambda: beat(0, 0))
    schedule = _schedule_of(root)
    conference = schedule.get("conference") if isinstance(schedule, dict) else None
    if conference is None and isinstance(schedule, dict) and isinstance(schedule.get("days"), list | dict):
        conference = schedule  # without the wrapper object
    if not isinstance(schedule, dict) or not isinstance(conference, dict):
        raise AnotherKindOfFile(_("Dit is geen schedule.json: er staat geen schedule met een conference in."))
    generator = root.get("generator")
    document.is_ours = isinstance(generator, dict) and generator.get("name") == OURS
    document.version = parse.line_of(schedule.get("version"), 60)
    document.top = {
        key: schedule[key] for key in ("version", "base_url", "url") if isinstance(schedule.get(key), str)
    }
    if isinstance(root.get("$schema"), str):
        document.top["$schema"] = root["$schema"]
    _take_conference(document, conference)
    frame = frame_of(document, conference.get("day_change"), conference.get("timeslot_duration"))
    if isinstance(schedule.get("events"), list):
        document.format, document.mirror = "json2", mirror_2
        _take_events(document, schedule["events"], conference, frame, beat)
    else:
        _take_days(document, conference.get("days"), frame, beat)
    without_doubles(document.sessions, document.findings)
    without_doubled_people(document.sessions, document.findings)
    return document


def _schedule_of(root: Any) -> Any:
    if not isinstance(root, dict):
        return None
    return (
        root if "schedule" not in root and isinstance(root.get("conference"), dict) else root.get("schedule")
    )


def _take_conference(document: Document, conference: dict[str, Any]) -> None:
    document.source = parse.line_of(conference.get("acronym"), 60) or parse.line_of(
        conference.get("title"), 60
    )
    apart = ("rooms", "tracks", "days")
    document.conference = {
        key: value for key, value in conference.items() if key not in apart and _fits_conference(key, value)
    }
    document.rooms = _objects(conference.get("rooms"))
    document.tracks = _objects(conference.get("tracks"))


_TEXTS = frozenset({"acronym", "title", "start", "end", "timeslot_duration", "time_zone_name", "url"})


def _fits_conference(name: str, value: Any) -> bool:
    """Tell whether the value has the type of the schema; others are dropped."""
    if name in _TEXTS:
        return isinstance(value, str)
    if name == "daysCount":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "colors":
        return isinstance(value, dict)
    return value is not None


def _objects(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def frame_of(document: Document, day_change: Any, slot: Any) -> Frame:
    """Return the time zone and step of the file, for sessions that do not give them.

    A step or day change in seconds (pentabarf) means that durations have seconds too.
    """
    zone = document.conference.get("time_zone_name")
    named = parse.zone_of(zone)
    if zone and named is None:
        document.findings.repaired(1, "tijdzone", zone, "Europe/Amsterdam")
    change = parse.clock_time(day_change)
    has_seconds = any(isinstance(each, str) and each.count(":") == 2 for each in (day_change, slot))
    return Frame(
        named or AMSTERDAM, parse.length(slot) or timedelta(), document.findings, named is not None,
        change[0] if change is not None else None, has_seconds,
    )  # fmt: skip


def day_of_place(document: Document, said: Any, place: Any) -> date | None:
    """Return the date of a day: as given, or counted from the first day of the conference."""
    found = parse.day(said)
    first = parse.day(document.conference.get("start"))
    if found is None and first is not None and isinstance(place, int) and 1 <= place <= 60:
        return first + timedelta(days=place - 1)
    return found


Found = tuple[str | None, Any, date | None]


def _take_days(document: Document, days: Any, frame: Frame, beat: Beat) -> None:
    found: list[Found] = []
    for place, day in enumerate(_day_objects(days), start=1):
        rooms = _rooms_of(day)
        kept = {key: day[key] for key in _DAY_FIELDS if isinstance(day.get(key), str | int)}
        document.days.append({**kept, "rooms": [name for name, _events in rooms if name is not None]})
        when = day_of_place(document, day.get("date"), day.get("index", place))
        found += [(name, event, when) for name, events in rooms for event in _objects(events)]
    _take(document, found, frame, beat)


def _day_objects(days: Any) -> list[dict[str, Any]]:
    """Return a list of days, also from an object keyed by number or date."""
    if not isinstance(days, dict):
        return _objects(days)
    return [{"date": key, **each} for key, each in days.items() if isinstance(each, dict)]


def _rooms_of(day: dict[str, Any]) -> list[tuple[str | None, Any]]:
    """Return halls from an object or list; and the events directly under the day."""
    rooms = day.get("rooms")
    found: list[tuple[str | None, Any]] = [(None, day.get("events"))] if day.get("events") else []
    if isinstance(rooms, dict):
        return [*((str(name), events) for name, events in rooms.items()), *found]
    for room in _objects(rooms):
        events = room.get("events", room.get("talks"))
        found.append((parse.line_of(room.get("name"), 120) or None, events))
    return found


def _take(document: Document, found: list[Found], frame: Frame, beat: Beat) -> None:
    check_number(len(found))
    with counted(beat, len(found)) as one:
        for room, event, when in found:
            said = said_of(event, line_of(event), frame, room=room, day=when)
            if said is not None:
                document.sessions.append(said)
            one()


def line_of(found: Any) -> int:
    return found.line if isinstance(found, Located) else 0


def check_number(number: int) -> None:
    if number > limits.MOST_SESSIONS:
        raise TooMuchInFile(_("Dit bestand heeft meer dan %(most)d sessies.", most=limits.MOST_SESSIONS))


# --- version 2 ---


def _take_events(
    document: Document, events: list[Any], conference: dict[str, Any], frame: Frame, beat: Beat
) -> None:
    rooms = {str(room.get("guid")): str(room.get("name", "")) for room in document.rooms}
    tracks = {str(track.get("slug")): str(track.get("name", "")) for track in document.tracks}
    for day in _objects(conference.get("days")):
        names = {"index": "index", "date": "date", "start": "day_start", "end": "day_end"}
        document.days.append({ours: day[key] for key, ours in names.items() if key in day} | {"rooms": []})
    found: list[Found] = []
    for event in _objects(events):
        if event.get("type") in ("BREAK", "META") and "abstract" not in event:
            document.breaks.append(dict(event))
            document.findings.repaired(line_of(event), "pauze", event.get("title"), "bewaard, geen sessie")
        else:
            made = _as_version_1(event, tracks, document.findings)
            found.append((_room_name(event, rooms), made, None))
    _take(document, found, frame, beat)


def _room_name(event: dict[str, Any], rooms: dict[str, str]) -> str:
    """Return the name if it is a hall of this file: real files give several halls one GUID."""
    room = event.get("room")
    if not isinstance(room, dict):
        return str(room or "")
    name = str(room.get("name") or "")
    return name if name in rooms.values() else rooms.get(str(room.get("guid")), name)


def _as_version_1(event: dict[str, Any], tracks: dict[str, str], findings: Findings) -> dict[str, Any]:
    """Convert an event to the names and spellings of version 1."""
    made = Located(event)
    made.line = line_of(event)
    made["date"] = event.get("start")
    made.pop("start", None)
    made.pop("room", None)
    made["persons"] = event.get("participants", [])
    made["track"] = _track_name(event.get("track"), tracks)
    if isinstance(event.get("type"), str):
        made["type"] = event["type"].replace("_", " ").lower()
    logo = event.get("logo")
    if isinstance(logo, dict):
        made["logo"] = logo.get("url")
    for name in ("links", "attachments"):
        if name in event:
            made[name] = [
                {**each, "type": str(each["type"]).lower()} if "type" in each else each
                for each in _objects(event[name])
            ]
    return made


def _track_name(track: Any, tracks: dict[str, str]) -> str | None:
    slug = track.get("slug") if isinstance(track, dict) else track
    if not isinstance(slug, str) or (slug == NO_TRACK and slug not in tracks):
        return None
    return tracks.get(slug) or slug
