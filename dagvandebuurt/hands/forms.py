"""Input of raised hands."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from dagvandebuurt.core.forms import Id, text_of, with_numbers
from dagvandebuurt.hands.models import ABOUT_MAX_CHARS, WAY_MAX_CHARS
from dagvandebuurt.live.writes import LiveAct, Revision

MINUTES = (1, 2, 3, 5, 10)  # how long a turn can be


class RaiseHand(LiveAct):
    """Input of raising a hand, under an id made by the client."""

    id: Id
    about: text_of(ABOUT_MAX_CHARS, lines=1, least=0) = ""  # type: ignore[valid-type]


class LowerHand(LiveAct):
    hand: Id


class CallHand(LiveAct):
    """Input of a decision about a hand. `instead_of`: the hand that has the turn on screen."""

    hand: Id
    deed: Literal["let_in", "finish", "put_down"]
    instead_of: Id | None = None


class ArrangeHands(LiveAct):
    """Input of the settings; what is left out stays as it is. `seen`: the revision of the settings on screen."""

    is_open: bool | None = None
    minutes: Literal[1, 2, 3, 5, 10] | None = None
    way: text_of(WAY_MAX_CHARS, lines=1, least=0) | None = None  # type: ignore[valid-type]
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """Parse form fields. An empty `way` is a choice; a button says whether hands are taken."""
        given: dict[str, Any] = with_numbers(fields, "minutes", "seen")
        values = {name: given[name] for name in cls.model_fields if name in given}
        if "is_open" in values:
            values["is_open"] = {"yes": True, "no": False}.get(values["is_open"], values["is_open"])
        return cls.from_message(values)
