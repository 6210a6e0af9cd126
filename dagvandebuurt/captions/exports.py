"""Captions as a file for a recording."""

from collections.abc import Iterable
from datetime import datetime

from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.core.webvtt import Cue, escaped
from dagvandebuurt.programme.models import ProgrammeSession

LEAST_SECONDS, MOST_SECONDS = 1.5, 7.0
CHARS_PER_SECOND = 15.0  # what people read with ease while they watch


def cues_of(session: ProgrammeSession, lines: Iterable[CaptionLine]) -> list[Cue]:
    """Each line from the moment it was sent, as long as it takes to read or until the next one. Moments count
    from the start of the session; what was typed in the lobby to try is left out."""
    told = [(_since(session.starts_at, line.at), line.text) for line in lines]
    told = [(at, text) for at, text in told if at >= 0]
    starts: list[float] = []
    for at, _text in told:  # two lines at one moment are read one after the other
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
