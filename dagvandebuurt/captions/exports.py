"""WebVTT export of captions, for a recording."""

from collections.abc import Iterable
from datetime import datetime

from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.core.webvtt import Cue, escaped
from dagvandebuurt.programme.models import ProgrammeSession

LEAST_SECONDS, MOST_SECONDS = 1.5, 7.0
CHARS_PER_SECOND = 15.0  # characters per second that people read with ease


def cues_of(session: ProgrammeSession, lines: Iterable[CaptionLine]) -> list[Cue]:
    """Return a cue for each line, from when it was sent until it is read or the next one begins.

    Times count from the start of the session; lines typed in the lobby to test are left out.
    """
    told = [(_since(session.starts_at, line.at), line.text) for line in lines]
    told = [(at, text) for at, text in told if at >= 0]
    starts: list[float] = []
    for at, _text in told:  # two lines of one moment are shown in turn
        starts.append(max(at, starts[-1] + LEAST_SECONDS) if starts else at)
    ends = [*starts[1:], float("inf")][: len(starts)]
    return [
        Cue(start, min(end, start + _seconds_to_read(text)), escaped(text))
        for start, end, (_at, text) in zip(starts, ends, told, strict=True)
    ]


def _since(start: datetime, at: datetime) -> float:
    return (at - start).total_seconds()


def _seconds_to_read(text: str) -> float:
    return min(MOST_SECONDS, max(LEAST_SECONDS, 1.0 + len(text) / CHARS_PER_SECOND))
