"""WebVTT captions: reading, writing and shifting of cues (W3C, WebVTT: The Web Video Text Tracks Format)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

_MOMENT = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_MOMENT}[ \t]+-->[ \t]+{_MOMENT}(?:[ \t]+(.*))?")
_TAG = re.compile(r"<[^>]*>?")


@dataclass(frozen=True)
class Cue:
    """Caption from `start` up to `end`, in seconds. `payload` is the escaped text as it stands in a file."""

    start: float
    end: float
    payload: str
    settings: str = ""

    @property
    def text(self) -> str:
        """Return the plain words, without style tags and speaker names."""
        bare = _TAG.sub("", self.payload)
        for write, meant in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
            bare = bare.replace(write, meant)
        return " ".join(bare.split())


def escaped(text: str) -> str:
    """Escape `text` as a one-line cue payload: no tag, arrow or end marker."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write(cues: Iterable[Cue]) -> str:
    """Return a file of these cues."""
    blocks = ["WEBVTT"]
    for number, cue in enumerate(cues, start=1):
        timing = f"{_moment(cue.start)} --> {_moment(cue.end)} {cue.settings}".rstrip()
        blocks.append(f"{number}\n{timing}\n{cue.payload}")
    return "\n\n".join(blocks) + "\n"


def read(file: str) -> list[Cue]:
    """Parse the cues of a file in order; notes and styles are skipped. Raises ValueError for anything else."""
    lines = file.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    header, *blocks = re.split(r"\n{2,}", lines.strip("\n"))
    if not re.fullmatch(r"WEBVTT(?:[ \t][^\n]*)?", header.split("\n")[0]):
        raise ValueError("a file of captions begins with WEBVTT")
    return [cue for block in blocks if (cue := _cue(block.split("\n"))) is not None]


def shifted(cues: Iterable[Cue], seconds: float) -> list[Cue]:
    """Shift the cues in time; those that would end before zero are dropped."""
    return [
        replace(cue, start=max(0.0, cue.start + seconds), end=cue.end + seconds)
        for cue in cues
        if cue.end + seconds > 0
    ]


def _cue(lines: list[str]) -> Cue | None:
    """Parse a cue, with or without an identifier line above its timing."""
    for number, line in enumerate(lines[:2]):
        found = _TIMING.fullmatch(line.strip())
        if found:
            start, end = _seconds(found.groups()[:4]), _seconds(found.groups()[4:8])
            payload = "\n".join(each for each in lines[number + 1 :] if "-->" not in each)
            return Cue(start, end, payload, found[9] or "") if end > start and payload else None
    return None


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _moment(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    return (
        f"{thousandths // 3_600_000:02}:{thousandths // 60_000 % 60:02}:"
        f"{thousandths // 1000 % 60:02}.{thousandths % 1000:03}"
    )
