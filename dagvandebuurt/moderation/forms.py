"""Input schemas of reports and appeals, shared by sockets and plain forms."""

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


class ReportLine(LiveAct):
    line: Id
    reason: one_of(HideReason)  # type: ignore[valid-type]
    note: text_of(NOTE_MAX_CHARS, least=0) = ""  # type: ignore[valid-type]


class AboutReport(LiveAct):
    report: Id


class HandleReport(AboutReport):
    """Input of a moderator's decision. `seen`: the revision of the report on their screen."""

    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class Dismiss(HandleReport):
    """Input of a dismissal. The reporter reads the note."""

    note: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class AppealReport(AboutReport):
    text: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class Contest(Act):
    """Input of the asker's appeal, from the page behind the private link."""

    text: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class DecideAppeal(LiveAct):
    """Input of a decision on appeal. `grant`: the first decision is reversed. Both sides read the note.
    `seen`: the `desk_revision` of the question on screen.
    """

    appeal: Id
    grant: bool
    note: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))
