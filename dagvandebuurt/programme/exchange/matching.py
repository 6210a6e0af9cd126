"""Matching of a file to the programme: which things exist already, what changes, what is gone.

Ids are deterministic: the same file gives the same ids at every import, so importing twice is idempotent.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.text import folded, slug_of
from dagvandebuurt.programme.editing.snapshot import (
    Plan,
    RecordKind,
    RoundPlan,
    SessionPlan,
    SpeakerPlan,
    ThemePlan,
    VenuePlan,
    differences,
)
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import Beat, Document, ParsedSession, counted, no_beat
from dagvandebuurt.programme.exchange.match_result import NIGHT, NOWHERE, Choices, MatchResult
from dagvandebuurt.programme.exchange.passthrough import kept_of, kept_person, kept_top
from dagvandebuurt.programme.exchange.people import NAMESPACE, People
from dagvandebuurt.programme.exchange.same_session import made_id, same_sessions, source_of
from dagvandebuurt.programme.models import SessionStatus

# Fields of a session of a file: its own, and its references.
_PLAIN = (
    "title", "subtitle", "summary", "abstract", "languages", "language_level", "involvement", "domains", "access",
    "interpreters", "starts_at", "ends_at", "status",
)  # fmt: skip
_PEOPLE = ("people", "hosts")
_MAY_BE_NOTHING = ("capacity", "ask_ahead", "stage_url")


def laid_over(
    before: Plan, document: Document, choices: Choices, *, taken: Iterable[str] = (), beat: Beat = no_beat
) -> MatchResult:
    """Merge the contents of the file into the programme. `taken` are slugs of other editions."""
    return _Laying(before, document, choices, set(taken)).done(beat)


class _Laying:
    def __init__(self, before: Plan, document: Document, choices: Choices, taken: set[str]) -> None:
        self.before, self.document, self.choices = before, document, choices
        self.plan = Plan(before.edition_id, {kind: dict(things) for kind, things in before.things.items()})
        self.taken = taken | {session.slug for session in before.sessions.values()}
        self.codes = {thing.code for thing in before.things[RecordKind.SPEAKER].values()}
        self.theme_codes = {thing.code for thing in before.things[RecordKind.THEME].values()}
        self.venues = _by(before.things[RecordKind.VENUE], "name")
        self.themes = _by(before.things[RecordKind.THEME], "label") | _by(
            before.things[RecordKind.THEME], "code"
        )
        self.speakers = People(before, document.sessions, self._origin())
        self.there = same_sessions(before, document)
        self.matched: list[UUID] = []
        self.turns: dict[UUID | str, int] = {}  # next number for a taken name
        self.is_ours = document.is_ours and bool(self.there)

    def done(self, beat: Beat) -> MatchResult:
        for room in self.document.rooms:
            self._describe_venue(room)
        for track in self.document.tracks:
            self._describe_theme(track)
        with counted(beat, len(self.document.sessions)) as one:
            for place, said in enumerate(self.document.sessions):
                self._lay(place, said)
                one()
        gone = self._gone()
        for session_id in gone:
            if self.choices.call_off is True or (
                self.choices.call_off and session_id in self.choices.call_off
            ):
                self._replace(session_id, {"status": SessionStatus.CANCELLED})
        edition_said = self._edition()
        changes = differences(self.before, self.plan)
        return MatchResult(self.plan, changes, gone, self.matched, edition_said)

    # --- sessions ---

    def _lay(self, place: int, said: ParsedSession) -> None:
        session_id = self.there.get(place) or self._new_id(said)
        self.matched.append(session_id)
        earlier = self.plan.sessions.get(session_id)
        if earlier is None:
            self._new(session_id, said)
            return
        there = self.document.mirror(self.plan, session_id)
        values = self._with_people(said.values)
        different = {
            name: value for name, value in values.items() if not _alike(name, value, there.get(name), earlier)
        }
        if earlier.status is SessionStatus.DRAFT and not self.document.is_table:
            different.pop("status", None)
        changes = self._resolved(different, earlier)
        if said.raw is not None and (different or not self.is_ours):
            self._keep_guid(said, earlier)
            changes["exchange"] = self._exchange(said)
        elif said.key and said.key != earlier.exchange.get("key"):
            changes["exchange"] = earlier.exchange | {"key": said.key}
        self._replace(session_id, changes)

    def _keep_guid(self, said: ParsedSession, earlier: SessionPlan) -> None:
        """Keep the id given to one of several with one GUID, also when it is the last of them."""
        kept = earlier.exchange.get("said", {}).get("guid")
        if said.raw is not None and kept and (said.key or earlier.exchange.get("key")) and "guid" in said.raw:
            said.raw["guid"] = kept

    def _new_id(self, said: ParsedSession) -> UUID:
        first = made_id(self.before, self.document, said)
        made, turn = first, self.turns.get(first, 2)
        while made in self.plan.sessions:
            made, turn = made_id(self.before, self.document, said, turn), turn + 1
        self.turns[first] = turn
        return made

    def _origin(self) -> str:
        return source_of(self.document.source)

    def _new(self, session_id: UUID, said: ParsedSession) -> None:
        values = self._with_people(said.values)
        base = SessionPlan.model_construct(
            slug=self._slug(said), title=values["title"], starts_at=values["starts_at"],
            ends_at=values["ends_at"], round=self.plan.edition_id,
        )  # fmt: skip
        changes = self._resolved(values, base)
        changes["exchange"] = self._exchange(said)
        self.plan.sessions[session_id] = base.model_copy(update=changes)

    def _exchange(self, said: ParsedSession) -> dict[str, Any]:
        """Return the origin, and the fields kept for pass-through."""
        source = {"from": self.document.source} | ({"key": said.key} if said.key else {})
        return source | kept_of(said.raw) if said.raw is not None else source

    def _with_people(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values with people replaced by their ids."""
        people = {
            name: _once(self._speaker(each) for each in values[name]) for name in _PEOPLE if name in values
        }
        return {**values, **people}

    def _slug(self, said: ParsedSession) -> str:
        wanted = slug_of(said.slug) or slug_of(said.values["title"]) or "sessie"
        slug, turn = wanted, self.turns.get(wanted, 2)
        while slug in self.taken:
            slug, turn = f"{wanted[:74]}-{turn}", turn + 1
        self.turns[wanted] = turn
        self.taken.add(slug)
        return slug

    def _replace(self, session_id: UUID, changes: dict[str, Any]) -> None:
        earlier = self.plan.sessions[session_id]
        self.plan.sessions[session_id] = earlier.model_copy(update=changes)

    def _resolved(self, said: dict[str, Any], earlier: SessionPlan) -> dict[str, Any]:
        """Return the values of a snapshot: names replaced by ids."""
        changes: dict[str, Any] = {name: said[name] for name in _PLAIN if name in said}
        changes |= {name: said[name] or None for name in _MAY_BE_NOTHING if name in said}
        if "kind" in said:
            changes["kind"], changes["kind_label"] = said["kind"]
        if "room" in said:
            changes["venue"] = self._venue(said["room"])
        if "themes" in said:
            changes["themes"] = [self._theme(label) for label in said["themes"]]
        changes |= self._people_of(said, earlier)
        if "round" in said or "starts_at" in said or earlier.round not in self.plan.things[RecordKind.ROUND]:
            starts_at = said.get("starts_at", earlier.starts_at)
            ends_at = said.get("ends_at", earlier.ends_at)
            changes["round"] = self._round(said.get("round", ""), earlier.round, starts_at, ends_at)
        return changes

    def _people_of(self, said: dict[str, Any], earlier: SessionPlan) -> dict[str, Any]:
        """Keep the moderator of a session when the file lists people without roles."""
        if "people" not in said and "hosts" not in said:
            return {}
        changes: dict[str, Any] = {}
        if "hosts" in said:
            changes["hosts"] = said["hosts"]
        if "people" in said:
            people = said["people"]
            if "hosts" not in said and not self.document.is_table:
                changes["hosts"] = [who for who in earlier.hosts if who in people]
                people = [who for who in people if who not in earlier.hosts or who in earlier.speakers]
            changes["speakers"] = people
        return changes

    def _gone(self) -> list[UUID]:
        """Return sessions imported from the same source before, still to be held, and not in the file."""
        matched, sources = set(self.matched), self._sources()
        return [
            session_id
            for session_id, session in self.before.sessions.items()
            if session_id not in matched
            and session.status is SessionStatus.SCHEDULED
            and (
                self.is_ours
                or ("from" in session.exchange and source_of(session.exchange["from"]) in sources)
            )
        ]

    def _sources(self) -> set[str]:
        """Return the source of this file, and that of most of its sessions when it was renamed."""
        earlier = Counter(
            source_of(self.before.sessions[session_id].exchange["from"])
            for session_id in self.there.values()
            if "from" in self.before.sessions[session_id].exchange
        )
        mostly = {source for source, count in earlier.items() if count * 2 > len(self.document.sessions)}
        return {source_of(self.document.source)} | mostly

    # --- references of sessions ---

    def _venue(self, name: str) -> UUID | None:
        if not name or folded(name) == folded(NOWHERE):
            return None
        key = folded(name)
        if key not in self.venues:
            venue_id = uuid5(NAMESPACE, f"{self.plan.edition_id}:venue:{key}")
            halls = self.plan.things[RecordKind.VENUE]
            halls[venue_id] = VenuePlan.model_construct(name=name, position=len(halls) + 1)
            self.venues[key] = venue_id
        return self.venues[key]

    def _describe_venue(self, room: dict[str, Any]) -> None:
        name = parse.line_of(room.get("name"), 120)
        venue_id = self._venue(name)
        if venue_id is None or (self.is_ours and venue_id in self.before.things[RecordKind.VENUE]):
            return
        earlier = self.plan.things[RecordKind.VENUE][venue_id]
        changes: dict[str, Any] = {"exchange": {"said": room}}
        if "description" in room:
            changes["description"] = parse.text_of(room["description"])
        capacity = room.get("capacity")
        if isinstance(capacity, int) and not isinstance(capacity, bool) and 1 <= capacity <= 100_000:
            changes["capacity"] = capacity
        self.plan.things[RecordKind.VENUE][venue_id] = earlier.model_copy(update=changes)

    def _theme(self, label: str) -> UUID:
        key = folded(label)
        if key not in self.themes:
            theme_id = uuid5(NAMESPACE, f"theme:{key}")
            code = _free(slug_of(label)[:34] or "thema", self.theme_codes)
            themes = self.plan.things[RecordKind.THEME]
            themes[theme_id] = ThemePlan.model_construct(
                code=code, label=label[:80], position=len(themes) + 1
            )
            self.themes[key] = theme_id
        return self.themes[key]

    def _describe_theme(self, track: dict[str, Any]) -> None:
        label = parse.line_of(track.get("name"), 80)
        if not label:
            return
        theme_id = self._theme(label)
        if self.is_ours and theme_id in self.before.things[RecordKind.THEME]:
            return
        earlier = self.plan.things[RecordKind.THEME][theme_id]
        self.plan.things[RecordKind.THEME][theme_id] = earlier.model_copy(
            update={"exchange": {"said": track}}
        )

    def _speaker(self, person: Any) -> UUID:
        name = parse.name_of(person)
        said = person if isinstance(person, dict) else {}
        found = self.speakers.find(said, name, self._origin())
        speaker_id = found or self.speakers.new_id(said, name, self._origin())
        people = self.plan.things[RecordKind.SPEAKER]
        earlier = people.get(speaker_id)
        bio = parse.text_without_markup(said.get("biography"))
        if earlier is None:
            code = _free(slug_of(name)[:34] or "spreker", self.codes)
            people[speaker_id] = SpeakerPlan.model_construct(
                code=code, name=name, bio=bio, exchange=kept_person(said, bio, self._origin())
            )
            self.speakers.add(speaker_id, said, name, self._origin())
        elif said and not self.is_ours and speaker_id not in self.speakers.told:
            changes = {"name": name, "exchange": kept_person(said, bio, self._origin())}
            if "biography" in said:
                changes["bio"] = bio
            people[speaker_id] = earlier.model_copy(update=changes)
        self.speakers.told.add(speaker_id)
        return speaker_id

    # --- rounds ---

    def _round(self, label: str, now_in: UUID, starts_at: datetime, ends_at: datetime) -> UUID:
        """Return the round it names, else its current one, else one in which it begins, else a new one for
        that day.
        """
        rounds = self.plan.things[RecordKind.ROUND]
        named = [key for key, part in rounds.items() if label and folded(part.label) == folded(label)]
        if named:
            return named[0]
        fits = [key for key, part in rounds.items() if part.starts_at <= starts_at < part.ends_at]
        if now_in in fits:
            return now_in
        if fits:
            return min(
                fits, key=lambda key: (rounds[key].ends_at - rounds[key].starts_at, rounds[key].starts_at)
            )
        return self._round_of_day(label, starts_at, ends_at)

    def _round_of_day(self, label: str, starts_at: datetime, ends_at: datetime) -> UUID:
        day = (starts_at.astimezone(AMSTERDAM) - NIGHT).date()
        rounds = self.plan.things[RecordKind.ROUND]
        code = slug_of(label)[:40] if label else f"dag-{day}"
        round_id = uuid5(NAMESPACE, f"{self.plan.edition_id}:round:{code}")
        there = next((key for key, part in rounds.items() if part.code == code), round_id)
        earlier = rounds.get(there)
        if earlier is None:
            words = label or parse.day_in_words(day)
            rounds[there] = RoundPlan.model_construct(
                code=code, label=words, starts_at=starts_at, ends_at=ends_at
            )
        else:
            span = {"starts_at": min(earlier.starts_at, starts_at), "ends_at": max(earlier.ends_at, ends_at)}
            rounds[there] = earlier.model_copy(update=span)
        return there

    # --- the edition itself ---

    def _edition(self) -> dict[str, Any]:
        """Keep the top-level fields of the file; title and times change only when chosen."""
        if self.document.is_table or self.is_ours:
            return {}
        edition = self.plan.edition
        said = self._edition_said()
        changes: dict[str, Any] = dict(said) if self.choices.take_edition else {}
        changed = edition.model_copy(update=changes)
        self.plan.things[RecordKind.EDITION][self.plan.edition_id] = changed.model_copy(
            update={"exchange": kept_top(self.document, changed)}
        )
        return {name: value for name, value in said.items() if getattr(edition, name) != value}

    def _edition_said(self) -> dict[str, Any]:
        title = parse.line_of(self.document.conference.get("title"), 120)
        said: dict[str, Any] = {"title": title} if title else {}
        held = [each.values for each in self.document.sessions]
        if held:
            said["starts_at"] = min(each["starts_at"] for each in held)
            said["ends_at"] = max(each["ends_at"] for each in held)
        return said


def _by(things: dict[UUID, Any], name: str) -> dict[str, UUID]:
    return {folded(getattr(thing, name)): thing_id for thing_id, thing in reversed(things.items())}


def _free(wanted: str, taken: set[str]) -> str:
    code, turn = wanted, 2
    while code in taken:
        code, turn = f"{wanted}-{turn}", turn + 1
    taken.add(code)
    return code


def _once(ids: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))


def _alike(name: str, said: Any, there: Any, earlier: SessionPlan) -> bool:
    """Tell whether the file gives this field its current value."""
    if name == "people":
        return bool(said == earlier.speakers or said == _once([*earlier.speakers, *earlier.hosts]))
    if name == "hosts":
        return bool(said == earlier.hosts)
    if name == "themes":
        return [folded(each) for each in said] == [folded(each) for each in there or []]
    if name in ("room", "round"):
        return not said if not there else folded(said) == folded(there)
    return bool(said == there)
