"""Word-level diff of two texts, for readers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True)
class Piece:
    """Part of a line; `kind` is same, gone or new."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[list[Piece]]:
    """Return a list of pieces for each line: similar lines are aligned, others are gone or new."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[list[Piece]] = []
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            lines += [[Piece(SAME, line)] for line in old[a:b]]
        else:
            paired = min(b - a, d - c)
            lines += [_words(old[a + i], new[c + i]) for i in range(paired)]
            lines += [[Piece(GONE, line)] for line in old[a + paired : b]]
            lines += [[Piece(NEW, line)] for line in new[c + paired : d]]
    return lines


def _words(old: str, new: str) -> list[Piece]:
    return list(_joined(_steps(_WORD.findall(old), _WORD.findall(new))))


def _steps(old: list[str], new: list[str]) -> Iterator[Piece]:
    for step, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            yield Piece(SAME, "".join(old[a:b]))
            continue
        if b > a:
            yield Piece(GONE, "".join(old[a:b]))
        if d > c:
            yield Piece(NEW, "".join(new[c:d]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join changes separated by a space only: fewer, longer marks."""
    held: list[Piece] = list(pieces)
    place = 0
    while place < len(held):
        here = held[place]
        if here.kind == SAME or place + 1 == len(held):
            yield here
            place += 1
            continue
        run = place
        while run < len(held) and (held[run].kind != SAME or not held[run].text.strip()):
            run += 1
        changed = held[place:run]
        gone = "".join(piece.text for piece in changed if piece.kind != NEW)
        new = "".join(piece.text for piece in changed if piece.kind != GONE)
        for kind, text in ((GONE, gone), (NEW, new)):
            if text:
                yield Piece(kind, text)
        place = run
