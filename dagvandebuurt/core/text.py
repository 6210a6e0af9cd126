"""Text sanitising: Unicode normalisation and removal of control characters. All free text passes through
here.

Two databases, a spreadsheet, a calendar and a screen must be able to hold it, and nobody may draw outside
their own text: no control or bidi characters, no stacked combining marks (Zalgo).
"""

import unicodedata

import regex

MAX_MARKS = 4  # combining marks in a row: Vietnamese and Hebrew need up to four, Zalgo text needs more
_GRAPHEME = regex.compile(r"\X")
_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f"
    "\u3164\ufeff\uffa0\ufff9\ufffa\ufffb"
)
# Letters and signs that are never removed: most texts consist of these alone, and pass in one match.
_HARMLESS = regex.compile(
    "[\n\t\\x20-\\x7e\\xa0-\\xac\\xae-\\u02ff\\u2010-\\u2027\\u2030-\\u205e\\u20a0-\\u20bf]*"
)
# Invisible characters that modify the one before: the shape of a Han character (UTS 37: family names), and
# the flags of England, Scotland and Wales. Anywhere else they only hide something.
_SEQUENCE = regex.compile(
    "\\p{Script=Han}[\U000e0100-\U000e01ef]|\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
)
_DROPPED = frozenset({"Cc", "Cs", "Co", "Cn"})


def length(text: str) -> int:
    """Count visible characters: a flag or an accented letter is one (UAX 29 graphemes)."""
    return len(_GRAPHEME.findall(text))


def shortened(text: str, most: int) -> str:
    """Cut `text` to `most` visible characters, never through one, with an ellipsis when cut."""
    parts = _GRAPHEME.findall(text)
    return text if len(parts) <= most else "".join(parts[: most - 1]).rstrip() + "…"


def one_line(text: str | None) -> str:
    """Clean `text` to one line without doubled spaces."""
    return " ".join(clean_text(text, lines=1).split())


def clean_text(text: str | None, *, lines: int = 12) -> str:
    """Normalise `text` to NFC without harmful characters, on at most `lines` lines.

    Newlines past `lines` become spaces, so that no word is lost. All scripts pass unchanged.
    """
    normal = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    kept = normal if _HARMLESS.fullmatch(normal) else _kept(normal)
    rows = [row.strip() for row in kept.replace("\t", " ").strip().split("\n")]
    rows = [row for i, row in enumerate(rows) if row or (i and rows[i - 1])]
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(row for row in rows[lines - 1 :] if row)]
    return "\n".join(rows)


def _kept(text: str) -> str:
    """Return `text` without harmful characters."""
    kept: list[str] = []
    marks = 0
    whole = {at for found in _SEQUENCE.finditer(text) for at in range(found.start() + 1, found.end())}
    for at, character in enumerate(text):
        if at in whole:
            kept.append(character)
            continue
        category = unicodedata.category(character)
        if character in "\n\t":
            kept.append(character)
            marks = 0
        elif "\U000e0000" <= character <= "\U000e0fff":
            continue  # tags, and modifiers without a base character; see `_SEQUENCE`
        elif category in _DROPPED or character in _INVISIBLE:
            continue
        elif category in ("Mn", "Me"):
            marks += 1
            if marks <= MAX_MARKS:
                kept.append(character)
        else:
            marks = 0
            kept.append(character)
    return "".join(kept)


def folded(text: str) -> str:
    """Fold `text` for comparison and search: without case and accents, the same on every database."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in bare if not unicodedata.combining(character))


def slug_of(text: str) -> str:
    """Return a URL slug of `text`: lower-case letters, digits and single hyphens."""
    return regex.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")[:80]


def in_threes(number: str) -> str:
    """Group up to ten digits as they are read aloud."""
    return f"{number[:3]} {number[3:6]} {number[6:]}".strip()
