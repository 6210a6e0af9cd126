"""Input of hosting."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BeforeValidator, Field

from dagvandebuurt.core.forms import Id, text_of, with_numbers
from dagvandebuurt.hosting.models import PART_TITLE_MAX_CHARS, STAGE_MAX_CHARS, PartKind, SignalKind
from dagvandebuurt.live.writes import LiveAct, Revision
from dagvandebuurt.qanda.forms import one_of

MOST_MINUTES = 240


class Place(LiveAct):
    """Input of moving a question in the order. `seen`: the revision of the order on screen."""

    question: Id
    earlier: bool
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class Signal(LiveAct):
    """Input of a signal to the people on stage; without `kind`: the one that was `seen` is read."""

    kind: one_of(SignalKind) | None = None  # type: ignore[valid-type]
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class AboutShow(LiveAct):
    """Input of a change of the run of show. `seen`: its revision on screen."""

    part: Id
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen", "minutes"))


class WritePart(AboutShow):
    """Input of a part, under an id made by the client: a new one, or one to change."""

    kind: one_of(PartKind)  # type: ignore[valid-type]
    title: text_of(PART_TITLE_MAX_CHARS, lines=1, least=0) = ""  # type: ignore[valid-type]
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    speaker: Id | None = None
    stage: text_of(STAGE_MAX_CHARS, lines=1, least=0) = ""  # type: ignore[valid-type]


class MovePart(AboutShow):
    earlier: bool


def _moment(value: Any) -> Any:
    """Read a moment as pages and messages have it: strict models take no text for one."""
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


class ChangeEnd(LiveAct):
    """Input of another end: so many minutes later than the end on screen, 0 for now."""

    minutes: Literal[0, 5, 10, 15]
    seen: Annotated[AwareDatetime, BeforeValidator(_moment)]

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "minutes"))
