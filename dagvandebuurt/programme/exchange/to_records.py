"""Conversion of a programme to records of schedule.json (version 1), the source of every schedule export.

Values of an imported file are exported again where still true (pass-through); else the current ones.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.programme.editing.snapshot import Plan, RecordKind, SessionPlan
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import Record
from dagvandebuurt.programme.exchange.event_record import type_of
from dagvandebuurt.programme.exchange.match_result import NIGHT, NOWHERE
from dagvandebuurt.programme.exchange.record_times import duration_of
from dagvandebuurt.programme.models import SessionStatus

_SLUG = re.compile(r"^[a-z0-9_]{4,}-[a-z0-9_-]{3,}[a-z0-9]$")
_BACK_AS_SAID = (
    "logo", "recording_license", "do_not_record", "do_not_stream", "feedback_url", "origin_url", "links",
    "attachments", "recording_url", "recording_link", "video_download_url", "code",
)  # fmt: skip


class Telling:
    """Export of one plan. `public` is the public address of the platform."""

    def __init__(self, plan: Plan, public: str, *, with_cancelled: bool = False) -> None:
        self.plan, self.public = plan, public
        self.kept = plan.edition.exchange
        self.conference: dict[str, Any] = self.kept.get("conference", {})
        self.acronym = _acronym(self.conference.get("acronym"), plan.edition)
        states = {SessionStatus.SCHEDULED, *([SessionStatus.CANCELLED] if with_cancelled else [])}
        self.sessions = sorted(
            ((key, each) for key, each in plan.sessions.items() if each.status in states),
            key=lambda each: (each[1].starts_at, each[1].title, each[0]),
        )
        self._numbers = _numbers(self.sessions)
        self._used: dict[str, set[Any]] = {"guid": set(), "slug": set(), "code": set()}

    def records(self) -> list[tuple[UUID, Record]]:
        return [(session_id, self._record(session_id, session)) for session_id, session in self.sessions]

    def _record(self, session_id: UUID, session: SessionPlan) -> Record:
        said: Record = session.exchange.get("said", {})
        silent = session.exchange.get("silent", [])
        address = f"{self.public}/sessies/{session.slug}"
        record: Record = {
            "id": self._numbers[session_id],
            "guid": self._only("guid", str(said.get("guid", session_id)), str(session_id)),
            "logo": None,
            **self._times(said, session),
            "room": self._true(
                said, "room", self.plan.named(RecordKind.VENUE, session.venue) or NOWHERE, 120
            ),
            "slug": self._only("slug", self._slug(said, session), f"{self.acronym}-{session_id}"),
            "url": said["url"] if parse.is_address(said.get("url")) else address,
            "title": self._true(said, "title", session.title, 160),
            "subtitle": self._true(said, "subtitle", session.subtitle, 200),
            "track": self._track(said, session),
            "type": said["type"]
            if said.get("type") and parse.kind_of(said["type"]) == _kind(session)
            else type_of(session),
            "language": self._language(said, session),
            "abstract": _same_text(said, "abstract", session.summary),
            "description": _same_text(said, "description", session.abstract),
            "persons": self._persons(said, session),
            "links": [],
            "state": "CANCELED" if session.status is SessionStatus.CANCELLED else "CONFIRMED",
        }
        record |= {name: said[name] for name in _BACK_AS_SAID if name in said}
        if said and "logo" not in said:
            record.pop("logo")
        if record.get("code") in (None, "") or self._only("code", record["code"], "") == "":
            record.pop("code", None)
        for name in silent:
            if record.get(name) in ("", None) or name == "end":
                record.pop(name, None)
        return record

    def _only(self, name: str, wanted: str, otherwise: str) -> str:
        """Make a value unique within the file."""
        key = wanted.casefold()
        found = wanted if key not in self._used[name] else otherwise
        self._used[name].add(found.casefold())
        return found

    def _times(self, said: Record, session: SessionPlan) -> Record:
        starts_at = parse.moment(said.get("date"))
        if starts_at is None or starts_at.tzinfo is None or starts_at != session.starts_at:
            starts_at = parse.in_amsterdam(session.starts_at)
            date_said = starts_at.isoformat()
        else:
            date_said = str(said["date"])
        lasts = session.ends_at - session.starts_at
        end = parse.moment(said.get("end"))
        is_same = end is not None and end.tzinfo is not None and end == session.ends_at
        return {
            "date": date_said,
            "start": starts_at.strftime("%H:%M"),
            "duration": said["duration"] if _lasts(said.get("duration"), lasts) else duration_of(lasts),
            "end": said["end"] if is_same else session.ends_at.astimezone(starts_at.tzinfo).isoformat(),
        }

    @staticmethod
    def _true(said: Record, name: str, ours: str, most: int) -> Any:
        if name in said and parse.line_of(said[name], most) == parse.line_of(ours, most):
            return said[name]
        if name == "room" and ours == NOWHERE and name in said and not said[name]:
            return said[name]
        return ours

    def _track(self, said: Record, session: SessionPlan) -> str | None:
        ours = self.plan.named(RecordKind.THEME, session.themes[0]) if session.themes else ""
        if "track" in said and parse.line_of(said["track"], 80).casefold() == ours.casefold():
            return said["track"] if isinstance(said["track"], str) or said["track"] is None else ours
        return ours or None

    @staticmethod
    def _language(said: Record, session: SessionPlan) -> Any:
        if "language" in said and parse.languages_of(said["language"]) == session.languages:
            return said["language"]
        return ", ".join(session.languages)

    def _slug(self, said: Record, session: SessionPlan) -> str:
        if isinstance(said.get("slug"), str) and re.fullmatch(r"[a-z0-9_-]+[a-z0-9]", said["slug"]):
            return str(said["slug"])
        made = f"{self.acronym.replace('-', '_')}-{session.slug}"
        return made if _SLUG.match(made) else f"{made}-sessie"

    def _persons(self, said: Record, session: SessionPlan) -> list[Record]:
        hosts = [who for who in session.hosts if who not in session.speakers]
        ours = [
            self.person(who) | ({"role": "HOST"} if who in hosts else {})
            for who in [*session.speakers, *hosts]
        ]
        theirs = said.get("persons") or []
        if parse.names_of(theirs) == parse.names_of(ours):
            # A person may be described differently per session.
            return [_with_bio(each, mine) for each, mine in zip(theirs, ours, strict=True)]
        return ours

    def person(self, speaker_id: UUID) -> Record:
        speaker = self.plan.things[RecordKind.SPEAKER][speaker_id]
        said: Record = speaker.exchange.get("said", {})
        if not said or parse.name_of(said) != speaker.name:
            ours: Record = {"guid": str(speaker_id), "name": speaker.name}
            return ours | ({"biography": speaker.bio} if speaker.bio else {})
        return _with_bio(said, {"biography": speaker.bio})

    # --- the whole ---

    def header(self) -> dict[str, Any]:
        """Return title, begin and end: as in the imported file while nobody changed them here."""
        edition, then = self.plan.edition, self.kept.get("then", {})
        begins, ends = (parse.in_amsterdam(each) for each in (edition.starts_at, edition.ends_at))
        ours = {
            "acronym": self.acronym, "title": edition.title, "start": begins.date().isoformat(),
            "end": ends.date().isoformat(), "timeslot_duration": "00:05", "time_zone_name": "Europe/Amsterdam",
        }  # fmt: skip
        if not self.conference:
            return {**ours, "url": f"{self.public}/programma"}
        kept = {**ours, **self.conference, "acronym": self.acronym}
        if then.get("title") != edition.title:
            kept["title"] = edition.title
        if parse.zone_of(kept["time_zone_name"]) is None:
            kept["time_zone_name"] = ours["time_zone_name"]
        for name, value in (("starts_at", "start"), ("ends_at", "end")):
            if then.get(name) != getattr(edition, name).isoformat():
                kept[value] = ours[value]
        return kept

    def version(self) -> str:
        return str(self.kept.get("top", {}).get("version") or "")

    def rooms(self) -> list[tuple[UUID | None, str, Record]]:
        """Return halls with their imported fields; the hall for sessions without one only where it is used."""
        venues = sorted(
            self.plan.things[RecordKind.VENUE].items(), key=lambda each: (each[1].position, each[1].name)
        )
        found: list[tuple[UUID | None, str, Record]] = []
        for venue_id, venue in venues:
            said = dict(venue.exchange.get("said", {}))
            if parse.line_of(said.get("name"), 120) != venue.name:
                said = {}
            ours = {"name": venue.name, "guid": str(venue_id), "description": venue.description or None,
                    "capacity": venue.capacity}  # fmt: skip
            room = ours | said if not said else {**said, "guid": said.get("guid") or str(venue_id)}
            if said and parse.text_of(said.get("description")) != venue.description:
                room["description"] = venue.description
            if said and (said.get("capacity") or None) != venue.capacity:
                room["capacity"] = venue.capacity
            found.append((venue_id, venue.name, room))
        return found

    def tracks(self) -> list[Record] | None:
        """Return the tracks; None where the imported file had none either."""
        if self.kept and not self.kept.get("has_tracks"):
            return None
        used = {theme for _id, session in self.sessions for theme in session.themes}
        found = []
        for theme_id, theme in self.plan.things[RecordKind.THEME].items():
            said = theme.exchange.get("said", {})
            if said and parse.line_of(said.get("name"), 80) == theme.label:
                found.append(dict(said))
            elif theme_id in used:
                found.append({"name": theme.label, "slug": track_slug(theme.code)})
        return found

    def track_slugs(self) -> dict[UUID, str]:
        found = {}
        for theme_id, theme in self.plan.things[RecordKind.THEME].items():
            said = str(theme.exchange.get("said", {}).get("slug") or "")
            found[theme_id] = said if re.fullmatch(r"[a-z0-9_-]+[a-z0-9]", said) else track_slug(theme.code)
        return found

    def days(self, records: Iterable[tuple[UUID, Record]]) -> list[dict[str, Any]]:
        """Return each day with its halls and their events. An evening lasts until four."""
        days = _kept_days(self.kept.get("days", []))
        for _session_id, record in records:
            starts_at = datetime.fromisoformat(record["date"])
            day = next((each for each in days if each["from"] <= starts_at <= each["to"]), None)
            if day is None:
                day = _new_day((starts_at.astimezone(AMSTERDAM) - NIGHT).date())
                same = next((each for each in days if each["date"] == day["date"]), None)
                days += [day] if same is None else []
                day = same or day
            day["rooms"].setdefault(record["room"], []).append(record)
        if not days:
            days = [_new_day(parse.in_amsterdam(self.plan.edition.starts_at).date())]
        days.sort(key=lambda each: each["from"])
        indexes = [each.get("index") for each in days]
        if None in indexes or len(set(indexes)) < len(indexes):
            for number, each in enumerate(days, start=1):
                each["index"] = number
        return days


def _kept_days(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for each in kept:
        begins, ends = parse.moment(each.get("day_start")), parse.moment(each.get("day_end"))
        when = parse.day(each.get("date"))
        if begins is None or ends is None or when is None or begins.tzinfo is None or ends.tzinfo is None:
            continue
        index = each.get("index")
        found.append(
            {"index": index if isinstance(index, int) and index > 0 else None, "date": when.isoformat(),
             "day_start": each["day_start"], "day_end": each["day_end"], "from": begins,
             "to": ends + timedelta(minutes=1) - timedelta(seconds=1),
             "rooms": {name: [] for name in each.get("rooms", [])}}
        )  # fmt: skip
    return found


def _new_day(when: date) -> dict[str, Any]:
    begins = datetime.combine(when, time(4), AMSTERDAM)
    ends = datetime.combine(when + timedelta(days=1), time(3, 59), AMSTERDAM)
    return {
        "index": None, "date": when.isoformat(), "day_start": begins.isoformat(), "day_end": ends.isoformat(),
        "from": begins, "to": ends + timedelta(seconds=59), "rooms": {},
    }  # fmt: skip


def track_slug(code: str) -> str:
    return slug_of(code) or "thema"


def _acronym(kept: Any, edition: Any) -> str:
    if isinstance(kept, str) and re.fullmatch(r"[a-z0-9_-][a-z0-9_]{3,}(-2[0-9]{3}-[a-z]+)?", kept):
        return kept
    name = slug_of(str(kept or edition.title)).replace("-", "_").strip("_")
    year = "" if kept else f"_{parse.in_amsterdam(edition.starts_at).year}"
    return f"{name}{year}" if len(f"{name}{year}") >= 4 else f"dag_{name}{year}"


def _numbers(sessions: Iterable[tuple[UUID, SessionPlan]]) -> dict[UUID, int]:
    """Assign a unique number to each: the imported one, else one derived from its id."""
    numbers: dict[UUID, int] = {}
    taken: set[int] = set()
    made = []
    for session_id, session in sessions:
        said = session.exchange.get("said", {}).get("id")
        if isinstance(said, int) and said > 0 and said not in taken:
            numbers[session_id] = said
            taken.add(said)
        else:
            made.append(session_id)
    for session_id in made:
        number = session_id.int % 1_000_000_000 + 1
        while number in taken:
            number += 1
        numbers[session_id] = number
        taken.add(number)
    return numbers


def _kind(session: SessionPlan) -> Any:
    return parse.kind_of(type_of(session))


def _lasts(said: Any, lasts: timedelta) -> bool:
    return (
        isinstance(said, str) and bool(re.fullmatch(r"[0-9]+:[0-9]{2}", said)) and parse.length(said) == lasts
    )


def _same_text(said: Record, name: str, ours: str) -> Any:
    return said[name] if name in said and parse.text_of(said[name]) == parse.text_of(ours) else ours


def _with_bio(said: Record, ours: Record) -> Record:
    if "biography" not in said:
        return dict(said)
    bio = ours.get("biography") or ""
    kept = said["biography"]
    is_same = bool(kept or not bio) and parse.text_of(kept) == bio
    return {**said, "biography": kept if is_same else bio}
