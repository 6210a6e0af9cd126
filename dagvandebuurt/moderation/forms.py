"""The shape of reports and appeals, through either door."""

from dagvandebuurt.core.forms import Act, Id, text_of
from dagvandebuurt.live.writes import LiveAct
from dagvandebuurt.qanda.forms import HideReason, one_of

NOTE_MAX_CHARS = 500


class SendReport(LiveAct):
    question: Id
    reason: one_of(HideReason)  # type: ignore[valid-type]
    note: text_of(NOTE_MAX_CHARS, least=0) = ""  # type: ignore[valid-type]


class AboutReport(LiveAct):
    report: Id


class Dismiss(AboutReport):
    """Whoever reported reads the note."""

    note: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class AppealReport(AboutReport):
    text: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class Contest(Act):
    """The asker's own words, from the page behind the way back."""

    text: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class DecideAppeal(LiveAct):
    """`grant`: the first decision is turned round. Both sides read the note."""

    appeal: Id
    grant: bool
    note: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]
