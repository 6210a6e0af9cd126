"""Matching of sessions in a file to existing ones: by key, and among equal keys by time and place."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.text import folded, slug_of
from dagvandebuurt.programme.editing.snapshot import Plan, RecordKind, SessionPlan
from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import Document, ParsedSession
from dagvandebuurt.programme.exchange.duplicates import key_of
from dagvandebuurt.programme.exchange.people import NAMESPACE
from dagvandebuurt.programme.models import SessionStatus


def _rest(title: str, number: Any, slug: Any, starts_at: Any) -> list[tuple[str, Any]]:
    """Return weaker keys of a session beside its GUID: always with its title."""
    name = slug_of(title)
    rest = (("id", str(number or "")), ("slug", str(slug or "").casefold()), ("begin", starts_at.isoformat()))
    return [(name, each) for each in rest if each[1]]


MOST_PAIRS = 40_000
MOST_AT_ONCE = 50


def source_of(name: Any) -> str:
    """Normalise the name of a source: an acronym is case-insensitive."""
    return " ".join(folded(str(name or "")).split())


def made_id(before: Plan, document: Document, said: ParsedSession, turn: int = 1) -> UUID:
    """Derive a deterministic id for a new session from its key in the file."""
    key = key_of(said)
    if document.is_table and key.startswith("title:"):
        key = f"{key}:{said.values['starts_at'].date()}"
    apart = f":{turn}" if turn > 1 else ""
    return uuid5(NAMESPACE, f"{before.edition_id}:session:{source_of(document.source)}:{key}{apart}")


def same_sessions(before: Plan, document: Document) -> dict[int, UUID]:
    """Map positions in `document.sessions` to existing sessions, each used at most once."""
    return _Same(before, document).found


class _Same:
    def __init__(self, before: Plan, document: Document) -> None:
        self.before, self.document = before, document
        self.found: dict[int, UUID] = {}
        self._given: set[UUID] = set()
        self._source = source_of(document.source)
        self._guids = {
            str(session.exchange["said"]["guid"]).casefold(): session_id
            for session_id, session in before.sessions.items()
            if "guid" in session.exchange.get("said", {})
        }
        self._by_own_id()
        self._groups()
        self._by_guid()
        self._by_address()
        self._by_made_id()
        self._by_title_and_more()

    def _groups(self) -> None:
        """Match sessions with one key within the file and here: the most similar first."""
        theirs: dict[str, list[int]] = defaultdict(list)
        for place, said in enumerate(self.document.sessions):
            theirs[self._key(said)].append(place)
        ours = self._ours_by_key()
        for key, places in theirs.items():
            there = [session_id for session_id in ours.get(key, ()) if session_id not in self._given]
            if (
                len(places) * len(there) > MOST_PAIRS
            ):  # hundreds with one name: match equal start times, then in order
                self._by_moment(places, there)
                continue
            pairs = sorted(
                (-self._likeness(place, session_id), place, order, session_id)
                for place in places
                for order, session_id in enumerate(there)
            )
            for _score, place, _order, session_id in pairs:
                self._give(place, session_id)

    def _by_moment(self, places: list[int], there: list[UUID]) -> None:
        moments: dict[Any, list[UUID]] = defaultdict(list)
        for session_id in there:
            moments[self.before.sessions[session_id].starts_at].append(session_id)
        for place in places:
            for session_id in moments[self.document.sessions[place].values["starts_at"]][:MOST_AT_ONCE]:
                self._give(place, session_id)
        left = [session_id for session_id in there if session_id not in self._given]
        for place, session_id in zip((each for each in places if each not in self.found), left, strict=False):
            self._give(place, session_id)

    def _give(self, place: int, session_id: UUID) -> None:
        if place not in self.found and session_id not in self._given:
            self.found[place] = session_id
            self._given.add(session_id)

    def _ours_by_key(self) -> dict[str, list[UUID]]:
        ours: dict[str, list[UUID]] = defaultdict(list)
        for session_id, session in self.before.sessions.items():
            for key in self._keys(session):
                ours[key].append(session_id)
        return ours

    def _keys(self, session: SessionPlan) -> Iterable[str]:
        """Return the keys of a session in its file. A GUID is global, other keys count within their source
        only.
        """
        said = session.exchange.get("said", {})
        key = session.exchange.get("key", "")
        is_here = source_of(session.exchange.get("from")) == self._source and "from" in session.exchange
        if key.startswith("guid:") or (key and is_here):
            yield key
        elif said.get("guid"):
            yield f"guid:{str(said['guid']).casefold()}"
        elif is_here:
            name = next((name for name in ("code", "id", "slug") if said.get(name)), None)
            value = str(said[name]).casefold() if name is not None else slug_of(session.title)
            yield f"{name or 'title'}:{value}"

    def _likeness(self, place: int, session_id: UUID) -> int:
        said, ours = self.document.sessions[place].values, self.before.sessions[session_id]
        room = self.before.named(RecordKind.VENUE, ours.venue)
        is_same_day = (
            said["starts_at"].astimezone(AMSTERDAM).date() == ours.starts_at.astimezone(AMSTERDAM).date()
        )
        return sum(
            weight
            for weight, holds in (
                (32, said["starts_at"] == ours.starts_at),
                (16, is_same_day),
                (8, folded(str(said.get("room", ""))) == folded(room)),
                (4, folded(said["title"]) == folded(ours.title)),
                (2, said["ends_at"] - said["starts_at"] == ours.ends_at - ours.starts_at),
                (1, ours.status is not SessionStatus.CANCELLED),
            )
            if holds
        )

    def _key(self, said: ParsedSession) -> str:
        """Return the key. Numbers of a table of one's own (1, 2, 3) are row positions rather than ids."""
        if self.document.is_table and parse.uuid_of(said.guid) is None:
            return f"title:{slug_of(said.values['title'])}"
        return key_of(said)

    def _by_own_id(self) -> None:
        """Match our own id as GUID, as our exports have it."""
        for place, said in enumerate(self.document.sessions):
            own = parse.uuid_of(said.guid.casefold())
            if own is not None and own in self.before.sessions and not said.key:
                self._give(place, own)

    def _by_guid(self) -> None:
        for place, said in enumerate(self.document.sessions):
            known = self._guids.get(said.guid.casefold())
            if known is not None:
                self._give(place, known)

    def _by_title_and_more(self) -> None:
        """Match a changed GUID (some programs draw new ones at each export): same source and title, and the
        same number, address or begin.
        """
        ours: dict[tuple[str, Any], list[UUID]] = defaultdict(list)
        for session_id, session in self.before.sessions.items():
            is_here = "from" in session.exchange and source_of(session.exchange["from"]) == self._source
            if is_here and session_id not in self._given and not self.document.is_table:
                told = session.exchange.get("said", {})
                for key in _rest(session.title, told.get("id"), told.get("slug"), session.starts_at):
                    ours[key].append(session_id)
        for place, said in enumerate(self.document.sessions):
            if place not in self.found and not said.key:
                keys = _rest(said.values["title"], said.number, said.slug, said.values["starts_at"])
                for session_id in (each for key in keys for each in ours.get(key, ())[:MOST_AT_ONCE]):
                    self._give(place, session_id)

    def _by_made_id(self) -> None:
        """Match the derived id, where other fields changed since."""
        for place, said in enumerate(self.document.sessions):
            made = made_id(self.before, self.document, said)
            if made in self.before.sessions:
                self._give(place, made)

    def _by_address(self) -> None:
        if not self.document.is_table:
            return
        slugs = {session.slug: session_id for session_id, session in self.before.sessions.items()}
        for place, said in enumerate(self.document.sessions):
            if not said.guid and said.slug in slugs:
                self._give(place, slugs[said.slug])
