"""Result of matching a file to the programme, and the choices that lead to it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from dagvandebuurt.programme.editing.snapshot import Difference, Plan, RecordKind

NIGHT = timedelta(hours=4)  # local time until which it counts as the evening before
NOWHERE = "Online"  # hall of sessions without one, in formats that require it


@dataclass
class Choices:
    """Choices of the importing person about the preview."""

    call_off: bool | frozenset[UUID] = (
        False  # ids of the sessions that came from this file before and are gone
    )
    take_edition: bool = False  # title, begin and end of the edition itself


@dataclass
class MatchResult:
    """Result of matching. `plan` is the programme as it would be; `changes` are its differences from
    `before`.
    """

    plan: Plan
    changes: list[Difference]
    gone: list[UUID] = field(default_factory=list)
    laid: list[UUID] = field(
        default_factory=list
    )  # the matched session of each one in the file, in its order
    edition_said: dict[str, Any] = field(default_factory=dict)

    @property
    def sessions(self) -> list[Difference]:
        return [each for each in self.changes if each.kind is RecordKind.SESSION]
