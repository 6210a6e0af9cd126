"""Event record of schedule.json (version 1), the intermediate form of every schedule format, parsed into a
session.

Fields without a place in our model are kept for export (pass-through).
"""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from dagvandebuurt.programme.editing.snapshot import Plan, RecordKind
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import ParsedSession, Record
from dagvandebuurt.programme.exchange.record_times import GOOD_MOMENT, Frame, ends_at_of, starts_at_of
from dagvandebuurt.programme.exchange.repairs import Findings
from dagvandebuurt.programme.models import SessionStatus

# Allowed fields of a session. Others are dropped: an export of another system can hold e-mail addresses.
FIELDS = (
    "guid", "code", "id", "logo", "date", "start", "end", "duration", "room", "slug", "url", "title", "subtitle",
    "track", "type", "language", "abstract", "description", "recording_license", "do_not_record",
    "do_not_stream", "persons", "links", "feedback_url", "origin_url", "attachments",
    "recording_url", "recording_link", "video_download_url", "state",
)  # fmt: skip
PERSON_FIELDS = (
    "id",
    "guid",
    "code",
    "name",
    "public_name",
    "avatar",
    "biography",
    "url",
    "links",
    "answers",
    "role",
)
REFERENCE_FIELDS = ("url", "title", "type", "service")
HOST_ROLES = frozenset({"HOST", "MODERATOR"})
MOST_CHARS = {"title": 160, "subtitle": 200, "room": 120, "track": 80, "type": 80}
_START = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def said_of(
    found: dict[str, Any], line: int, frame: Frame, *, room: str | None = None, day: date | None = None
) -> ParsedSession | None:
    """Parse an event; None, with the error noted, when its time is unknown. `day` is the day it is listed
    under, for an event with a time only.
    """
    notes = frame.findings
    raw: Record = {name: found[name] for name in FIELDS if name in found}
    notes.title = parse.line_of(raw.get("title"), MOST_CHARS["title"])
    _repair_types(raw, line, notes)
    starts_at = starts_at_of(raw, line, frame, day)
    if starts_at is None:
        notes.failed(
            line, "sessie zonder leesbare begintijd", raw.get("date") or raw.get("start"), good=GOOD_MOMENT
        )
        return None
    ends_at, is_guessed = ends_at_of(raw, starts_at, line, frame)
    _repair_start(raw, starts_at, line, notes)
    _repair_room(raw, room, line, notes)
    _repair_texts(raw, line, notes)
    raw["persons"] = persons = _persons(raw.get("persons"), line, notes)
    for name in ("links", "attachments"):
        if name in raw:
            raw[name] = _references(raw[name], name, line, notes)
    _repair_keys(raw, line, notes)
    values = _values(raw, persons, starts_at, ends_at)
    return ParsedSession(
        line, values, guid=str(raw.get("guid", "")), code=str(raw.get("code") or ""),
        number=str(raw.get("id") or ""), slug=str(raw.get("slug") or ""), raw=raw, is_guessed=is_guessed,
        is_under_another_day=day is not None and abs((starts_at.date() - day).days) > 1,
    )  # fmt: skip


def _values(raw: Record, persons: list[Any], starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": parse.line_of(raw["title"], MOST_CHARS["title"]),
        "starts_at": starts_at.astimezone(
            UTC
        ),  # in the hour that repeats, a local time without offset equals neither
        "ends_at": ends_at.astimezone(UTC),
        "status": SessionStatus.CANCELLED
        if str(raw.get("state", "")).upper() in _OFF
        else SessionStatus.SCHEDULED,
    }
    if "subtitle" in raw:
        values["subtitle"] = parse.line_of(raw["subtitle"], MOST_CHARS["subtitle"])
    for theirs, ours in (("abstract", "summary"), ("description", "abstract")):
        if theirs in raw:
            values[ours] = parse.text_without_markup(raw[theirs])
    if "type" in raw:
        values["kind"] = parse.kind_of(raw["type"])
    if "language" in raw:
        values["languages"] = parse.languages_of(raw["language"])
    if "room" in raw:
        values["room"] = parse.line_of(raw["room"], MOST_CHARS["room"])
    if "track" in raw:
        track = parse.line_of(raw["track"], MOST_CHARS["track"])
        values["themes"] = [track] if track else []
    values["people"] = [each for each in persons if each.get("role") not in HOST_ROLES]
    if len(values["people"]) < len(persons):
        values["hosts"] = [each for each in persons if each.get("role") in HOST_ROLES]
    return values


_OFF = frozenset({"CANCELED", "CANCELLED", "REJECTED", "WITHDRAWN", "DELETED"})


def mirror(plan: Plan, session_id: UUID) -> dict[str, Any]:
    """Return what a schedule file would say of an existing session, with the names of `_values`."""
    session = plan.sessions[session_id]
    themes = [plan.named(RecordKind.THEME, theme) for theme in session.themes]
    return {
        "title": parse.line_of(session.title, MOST_CHARS["title"]),
        "subtitle": parse.line_of(session.subtitle, MOST_CHARS["subtitle"]),
        "summary": parse.text_without_markup(session.summary),
        "abstract": parse.text_without_markup(session.abstract),
        "kind": parse.kind_of(type_of(session)),
        "languages": parse.languages_of(", ".join(session.languages)),
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "room": plan.named(RecordKind.VENUE, session.venue),
        "themes": themes[:1],
        "people": [plan.named(RecordKind.SPEAKER, who) for who in session.speakers],
        "hosts": [plan.named(RecordKind.SPEAKER, who) for who in session.hosts],
        "status": session.status,
    }


_TYPES_2 = {
    "TALK", "WORKSHOP", "HANDS-ON", "MEETING", "DISCUSSION", "PERFORMANCE", "CONCERT", "GAME", "LIGHTNING_TALK", "OTHER",
}  # fmt: skip
_KINDS_2 = {
    "openingsact": "PERFORMANCE", "tweegesprek": "TALK", "aftrap": "OTHER", "tafelgesprek": "DISCUSSION",
    "masterclass": "TALK", "talkshow": "DISCUSSION", "markt": "OTHER",
}  # fmt: skip


def type_2(word: str) -> str:
    """Return the kind of session in version 2, which has a closed list."""
    said = word.replace(" ", "_").upper()
    return said if said in _TYPES_2 else _KINDS_2.get(word.casefold(), "OTHER")


def mirror_2(plan: Plan, session_id: UUID) -> dict[str, Any]:
    """Return the same for version 2, which has fewer kinds and one language."""
    session = plan.sessions[session_id]
    languages = parse.languages_of(", ".join(session.languages))
    return mirror(plan, session_id) | {
        "kind": parse.kind_of(type_2(type_of(session)).replace("_", " ").lower()),
        "languages": [languages[0][:2]],
    }


def type_of(session: Any) -> str:
    """Return the word for the kind of session."""
    return str(session.kind_label or parse.kind_in_file(session.kind))


_LISTS = frozenset({"persons", "links", "attachments"})
_LOCALIZABLE = frozenset({"title", "subtitle", "abstract", "description"})
_TRUTHS = frozenset({"do_not_record", "do_not_stream"})


def _repair_types(raw: Record, line: int, notes: Findings) -> None:
    """Convert every field to the type of its schema, or drop it. A number may stand for its text."""
    for name, value in list(raw.items()):
        if value is None or isinstance(value, str) or name == "id":
            continue
        if (name in _LISTS and isinstance(value, list)) or (name in _TRUTHS and isinstance(value, bool)):
            continue
        if name in _LOCALIZABLE and isinstance(value, dict):
            continue
        if (
            name in ("room", "track", "type")
            and isinstance(value, dict)
            and isinstance(value.get("name"), str | dict)
        ):
            raw[name] = parse.words(value["name"])
            continue
        if name == "persons" and isinstance(value, dict):
            raw[name] = list(value.values())
            continue
        if isinstance(value, int | float) and not isinstance(value, bool) and name not in _LISTS:
            raw[name] = str(value) if name != "duration" else _number_of_duration(value)
            continue
        notes.repaired(line, name, raw.pop(name), "weggelaten")


def _number_of_duration(value: float) -> str:
    """Convert a number to a duration: minutes; with a fraction, hours."""
    return str(int(value)) if value == int(value) else f"{round(value * 60)} min"


def _repair_start(raw: Record, starts_at: datetime, line: int, notes: Findings) -> None:
    said, real = raw.get("start"), starts_at.strftime("%H:%M")
    if said is not None and said != real and not (isinstance(said, str) and said[:5] == real):
        notes.repaired(line, "begintijd", said, real)
    raw["start"] = real


def _repair_room(raw: Record, room: str | None, line: int, notes: Findings) -> None:
    if room is None:
        return
    said = raw.get("room")
    if said is not None and said != room:
        notes.repaired(line, "zaal", said, room)
    raw["room"] = room


def _repair_texts(raw: Record, line: int, notes: Findings) -> None:
    if not parse.line_of(raw.get("title"), MOST_CHARS["title"]):
        notes.repaired(line, "titel", raw.get("title"), "Zonder titel")
        raw["title"] = "Zonder titel"
    for name in ("title", "subtitle", "abstract", "description"):
        said = raw.get(name)
        if isinstance(said, str) and _CONTROL.search(said):
            raw[name] = _CONTROL.sub("", said)
            notes.repaired(line, f"stuurtekens in {name}", said, raw[name])
    for name in ("title", "subtitle", "track", "type"):
        said, most = parse.line_of(raw.get(name), 10_000), MOST_CHARS[name]
        short = parse.line_of(raw.get(name), most)
        if short != said:
            notes.repaired(line, f"{name} van meer dan {most} tekens", said, short)


def _persons(found: Any, line: int, notes: Findings) -> list[Record]:
    persons: list[Record] = []
    if isinstance(found, str):
        found = [part for part in re.split(r"[;\n]", found) if part.strip()]
    for each in found if isinstance(found, list) else []:
        name = parse.name_of(each)
        if not name:
            notes.repaired(line, "persoon zonder naam", each, "weggelaten")
            continue
        if isinstance(each, dict):
            person = {key: each[key] for key in PERSON_FIELDS if key in each and _fits_person(key, each[key])}
            if "name" not in person and "public_name" not in person:
                person["name"] = name
        else:
            notes.repaired(line, "persoon", each, "naam")
            person = {"name": name}
        if "guid" in person and parse.uuid_of(person["guid"]) is None:
            notes.repaired(line, "guid van persoon", person.pop("guid"), "weggelaten")
        persons.append(person)
    return persons


def _fits_person(name: str, value: Any) -> bool:
    if name in ("links", "answers"):
        return isinstance(value, list)
    if name in ("avatar", "biography") and value is None:
        return True
    return isinstance(value, str) or (name == "id" and isinstance(value, int) and not isinstance(value, bool))


def _references(found: Any, name: str, line: int, notes: Findings) -> list[Record]:
    references: list[Record] = []
    for each in found if isinstance(found, list) else []:
        said = each.get("url") if isinstance(each, dict) else each
        url = parse.address_of(said)
        if url is None:
            notes.repaired(line, f"adres in {name}", said, "weggelaten")
            continue
        if url != said or not isinstance(each, dict):
            notes.repaired(line, f"adres in {name}", said, f"url: {url}")
        known = each if isinstance(each, dict) else {}
        rest = {key: known[key] for key in REFERENCE_FIELDS if isinstance(known.get(key), str)}
        references.append({**rest, "url": url})
    return references


def _plain_guid(said: Any) -> str:
    """Normalise a GUID: without braces, with dashes."""
    bare = re.sub(r"^urn:uuid:|[{}\s-]", "", str(said).casefold())
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:])) if len(bare) == 32 else ""


def _repair_keys(raw: Record, line: int, notes: Findings) -> None:
    if "guid" in raw and parse.uuid_of(raw["guid"]) is None:
        said = raw.pop("guid")
        plain = parse.uuid_of(_plain_guid(said))
        if plain is not None:
            raw["guid"] = str(plain)
        notes.repaired(line, "guid", said, raw.get("guid", "gemaakt uit de rest"))
    number = raw.get("id")
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 12:
        raw["id"] = number = int(number)
    if "id" in raw and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
        notes.repaired(line, "id", raw.pop("id"), "gemaakt uit de rest")
