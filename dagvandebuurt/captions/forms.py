"""Input schemas of captions."""

from dagvandebuurt.captions.models import LINE_MAX_CHARS
from dagvandebuurt.core.forms import Id, text_of
from dagvandebuurt.live.writes import LiveAct


class AddLine(LiveAct):
    text: text_of(LINE_MAX_CHARS, lines=1)  # type: ignore[valid-type]


class CorrectLine(LiveAct):
    """Input of a correction: the whole line; empty text deletes it."""

    line: Id
    text: text_of(LINE_MAX_CHARS, lines=1, least=0)  # type: ignore[valid-type]
