"""The shape of reports and appeals, through either door."""

from collections.abc import Mapping
from typing import Self

from dagvandebuurt.core.forms import Act, Id, text_of, with_numbers
from dagvandebuurt.live.writes import LiveAct, Revision
from dagvandebuurt.qanda.forms import HideReason, one_of

NOTE_MAX_CHARS = 500


class SendReport(LiveAct):
    question: Id
    reason: one_of(HideReason)  # type: ignore[valid-type]
    note: text_of(NOTE_MAX_CHARS, least=0) = ""  # type: ignore[valid-type]


class AboutReport(LiveAct):
    report: Id


class HandleReport(AboutReport):
    """What a moderator decides. `seen`: the revision of the report they had before them."""

    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class Dismiss(HandleReport):
    """Whoever reported reads the note."""

    note: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class AppealReport(AboutReport):
    text: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class Contest(Act):
    """The asker's own words, from the page behind the way back."""

    text: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class DecideAppeal(LiveAct):
    """`grant`: the first decision is turned round. Both sides read the note. `seen`: the `desk_revision` of
    the question its moderator had before them."""

    appeal: Id
    grant: bool
    note: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))
