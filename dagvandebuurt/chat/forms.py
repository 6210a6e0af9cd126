"""Input of the hall chat."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from dagvandebuurt.chat.models import TEXT_MAX_CHARS
from dagvandebuurt.core.forms import Id, text_of, with_numbers
from dagvandebuurt.live.writes import LiveAct, Revision
from dagvandebuurt.qanda.forms import RuleCode


class SayLine(LiveAct):
    """Input of a line, under an id made by the client."""

    id: Id
    text: text_of(TEXT_MAX_CHARS, lines=1)  # type: ignore[valid-type]


class AboutLine(LiveAct):
    """Input of a moderator's decision about a line. `seen`: its revision on their screen."""

    line: Id
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return cls.from_message(dict(with_numbers(fields, "seen")))


class HideLine(AboutLine):
    """Input of hiding a line, or of muting its author, with the house rule that its author reads."""

    reason: RuleCode


class ArrangeChat(LiveAct):
    """Input of the settings; what is left out stays as it is. `seen`: the revision of the settings on screen."""

    is_open: bool | None = None
    seconds_between: Literal[10, 30, 60, 120] | None = None
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """Parse form fields. A button says whether there is a hall chat."""
        given: dict[str, Any] = dict(with_numbers(fields, "seconds_between", "seen"))
        if "is_open" in given:
            given["is_open"] = {"yes": True, "no": False}.get(given["is_open"], given["is_open"])
        return cls.from_message(given)
