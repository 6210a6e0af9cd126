"""Parsed document: the contents of an imported file, whatever its format. Halls, days, themes and sessions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dagvandebuurt.programme.editing.snapshot import Plan
from dagvandebuurt.programme.exchange.repairs import Findings

Beat = Callable[[int, int], None]
Record = dict[str, Any]  # an event of schedule.json, version 1


def no_beat(_done: int, _total: int) -> None:
    """Ignore progress, as the default callback."""


@dataclass
class ParsedSession:
    """Session of a file. `values` has our names (`title`, `starts_at`, `room`, `people`, …), halls and people
    by name, and only fields that the file gives. `raw` is its record, None for a table. `key` is its key
    in the file where several have the same; `is_guessed`: the end is a default; `is_under_another_day`:
    listed under a day that is not its own.
    """

    line: int
    values: dict[str, Any]
    guid: str = ""
    code: str = ""
    number: str = ""
    slug: str = ""
    raw: Record | None = None
    sheet: str = ""
    key: str = ""
    is_guessed: bool = False
    is_under_another_day: bool = False


@dataclass
class Document:
    """Whole file. `mirror` returns what this format would say of an existing session: only what differs from
    that is a change.
    """

    format: str
    mirror: Callable[[Plan, UUID], dict[str, Any]]
    findings: Findings = field(default_factory=Findings)
    source: str = ""
    version: str = ""
    is_ours: bool = False
    top: dict[str, Any] = field(default_factory=dict)
    conference: dict[str, Any] = field(default_factory=dict)
    rooms: list[dict[str, Any]] = field(default_factory=list)
    tracks: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    breaks: list[dict[str, Any]] = field(default_factory=list)
    sessions: list[ParsedSession] = field(default_factory=list)

    @property
    def is_table(self) -> bool:
        return self.format in ("csv", "xlsx")


@contextmanager
def counted(beat: Beat, total: int) -> Iterator[Callable[[], None]]:
    """Report progress to `beat` now and then, out of `total`."""
    done = 0

    def one() -> None:
        nonlocal done
        done += 1
        if done % 50 == 0 or done == total:
            beat(done, total)

    yield one
