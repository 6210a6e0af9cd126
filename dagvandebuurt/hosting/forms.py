"""Input of hosting."""

from collections.abc import Mapping
from typing import Self

from dagvandebuurt.core.forms import Id, with_numbers
from dagvandebuurt.hosting.models import SignalKind
from dagvandebuurt.live.writes import LiveAct, Revision
from dagvandebuurt.qanda.forms import one_of


class Place(LiveAct):
    """Input of moving a question in the order. `seen`: the revision of the order on screen."""

    question: Id
    earlier: bool
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class Signal(LiveAct):
    """Input of a signal to who is on stage; without `kind`: the one that was `seen` is read."""

    kind: one_of(SignalKind) | None = None  # type: ignore[valid-type]
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))
