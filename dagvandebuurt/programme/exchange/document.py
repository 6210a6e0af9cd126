"""What a file says, whatever its format: a conference, its halls, days and themes, and its sessions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dagvandebuurt.programme.editing.snapshot import Plan
from dagvandebuurt.programme.exchange.repairs import Findings

Beat = Callable[[int, int], None]
Record = dict[str, Any]  # an event as schedule.json, version 1, has it


def no_beat(_done: int, _total: int) -> None:
    """For who does not want to know how far it is."""


@dataclass
class Said:
    """One session of a file. `values` speaks our words (`title`, `starts_at`, `room`, `people`, …), halls and
    people by name; only what the file says is in it. `raw` is its record, None for a table. `key` is what it is called
    in its file where others are called the same; `is_guessed` that nothing said when it ends,
    `is_under_another_day` that it stands under a day that is not its own."""

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
    """A whole file. `mirror` tells of a session that is there what this format would say of it: only what
    differs from that is a change."""

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
    sessions: list[Said] = field(default_factory=list)

    @property
    def is_table(self) -> bool:
        return self.format in ("csv", "xlsx")


@contextmanager
def counted(beat: Beat, total: int) -> Iterator[Callable[[], None]]:
    """Tell `beat` now and then how many of `total` are done."""
    done = 0

    def one() -> None:
        nonlocal done
        done += 1
        if done % 50 == 0 or done == total:
            beat(done, total)

    yield one
