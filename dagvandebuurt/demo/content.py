"""Content file of the demo: parsed, with all references checked before loading."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from dagvandebuurt.core.clock import AMSTERDAM

FILE = Path(__file__).parent / "content.yaml"
HOME = UUID("4f0c4a5e-6a53-5bb1-9c1e-1c7c1fd7a2ab")  # the namespace of every demo id (RFC 9562, 5.5)
Row = dict[str, Any]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BrokenContent(ValueError):
    """Error: unresolved references in the file. The message lists all of them."""


def id_of(name: str) -> UUID:
    """Derive the id of something in the content file, the same at every load (UUIDv5)."""
    return uuid5(HOME, name)


@dataclass(frozen=True)
class Content:
    """Parsed file with valid references."""

    sections: dict[str, Any]

    @classmethod
    def read(cls, path: Path = FILE) -> "Content":
        """Parse and check the file. Raises BrokenContent."""
        text = path.read_text(encoding="utf-8")
        content = cls(yaml.load(text, Loader=LOADER))  # noqa: S506 - a safe one
        problems = list(content.broken_references())
        if problems:
            raise BrokenContent("\n".join(problems))
        return content

    def __getitem__(self, section: str) -> Any:
        return self.sections[section]

    @property
    def day(self) -> date:
        """Return the date of the file's local times."""
        value: date = self["event"]["date"]
        return value

    def moment(self, wall_clock: str) -> datetime:
        """Return `"14:00"` on the day, in Amsterdam."""
        hours, minutes = wall_clock.split(":")
        return datetime.combine(self.day, time(int(hours), int(minutes)), AMSTERDAM)

    def afterwards(self, day: int) -> datetime:
        """Return noon, `day` days after the congress, shifted ten weeks back, so that the history of those
        weeks is in the past.
        """
        return datetime.combine(self.day, time(12), AMSTERDAM) - timedelta(days=70 - day)

    def broken_references(self) -> Iterator[str]:
        """Return a sentence for each unresolved reference and each duplicate id."""
        known = {
            section: self._keys(section)
            for section in (
                "participant_roles", "domains", "themes", "places", "organisations", "people", "rounds",
                "sessions", "venues", "initiatives", "learning_questions", "learning_offers", "gaps",
                "live_questions", "polls", "follow_ups", "lessons", "comments", "accounts", "stands",
            )
        }  # fmt: skip
        for section, names in known.items():
            for name in {n for n in names if names.count(n) > 1}:
                yield f"{section}: {name} is there twice"
        targets = [
            n
            for s in ("lessons", "initiatives", "learning_questions", "sessions", "follow_ups")
            for n in known[s]
        ]
        for section, row, field, value, allowed in self._references(known, targets):
            if value is not None and value not in allowed:
                yield f"{section} {row.get('id') or row.get('code')}: {field} {value!r} is not there"

    def _keys(self, section: str) -> list[str]:
        return [row.get("id") or row["code"] for row in self[section]]

    def _references(
        self, known: dict[str, list[str]], targets: list[str]
    ) -> Iterator[tuple[str, Row, str, Any, list[str]]]:
        one = (
            ("places", "parent", "places"), ("organisations", "place", "places"),
            ("organisations", "domain", "domains"), ("people", "org", "organisations"),
            ("people", "role", "participant_roles"), ("sessions", "round", "rounds"),
            ("sessions", "host", "people"), ("live_questions", "session", "sessions"),
            ("live_questions", "merged_into", "live_questions"), ("live_questions", "answered_by", "people"),
            ("live_questions", "follow_up", "follow_ups"), ("live_questions", "asker", "accounts"), ("live_questions", "author_role", "participant_roles"),
            ("polls", "session", "sessions"), ("versions", "session", "sessions"), ("follow_ups", "addressed_to", "organisations"),
            ("follow_ups", "theme", "themes"), ("follow_ups", "place", "places"),
            ("lessons", "author", "people"), ("comments", "parent", "comments"),
            ("comments", "author", "accounts"), ("accounts", "org", "organisations"),
            ("accounts", "participant_role", "participant_roles"), ("accounts", "speaker", "people"),
            ("initiatives", "place", "places"), ("initiatives", "led_by", "organisations"),
            ("learning_offers", "provider", "organisations"), ("gaps", "owner", "organisations"),
            ("stands", "initiative", "initiatives"), ("accounts", "stand", "stands"),
        )  # fmt: skip
        many = (
            ("sessions", "speakers", "people"), ("sessions", "themes", "themes"),
            ("sessions", "domains", "domains"), ("venues", "sessions", "sessions"), ("lessons", "themes", "themes"),
            ("initiatives", "partners", "organisations"), ("initiatives", "themes", "themes"),
            ("learning_questions", "offers", "learning_offers"), ("gaps", "questions", "learning_questions"),
            ("stands", "there", "accounts"),
        )  # fmt: skip
        for section, field, target in one:
            for row in self[section]:
                yield section, row, field, row.get(field), known[target]
        for section, field, target in many:
            for row in self[section]:
                for value in row.get(field) or []:
                    yield section, row, field, value, known[target]
        for section in ("choices", "access_needs", "reports"):
            for row in self[section]:
                yield section, row, "account", row["account"], known["accounts"]
                yield section, row, "session", row.get("session"), known["sessions"]
                yield section, row, "question", row.get("question"), known["live_questions"]
        for session in self["crowd_questions"]:
            yield "crowd_questions", {"id": session}, "session", session, known["sessions"]
        for row in self["comments"]:
            yield "comments", row, "target", row["target"], targets
        for row in self["bookmarks"]:
            yield "bookmarks", row, "account", row["account"], known["accounts"]
            yield "bookmarks", row, "target", row["target"], targets
        sources = {
            "sessions": "sessions", "questions": "live_questions", "initiatives": "initiatives",
            "follow_ups": "follow_ups", "learning_questions": "learning_questions", "gaps": "gaps",
        }  # fmt: skip
        for row in self["lessons"]:
            for kind, values in row["sources"].items():
                for value in values:
                    yield "lessons", row, f"source {kind}", value, known[sources[kind]]
            for quote in row["quotes"]:
                yield "lessons", row, "quote", quote["person"], known["people"]
