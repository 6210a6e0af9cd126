"""Names by how they sound: what a helper hears on the phone is seldom spelled that way."""

import re
import unicodedata
from functools import lru_cache

# Dutch spellings of one sound, longest first.
_SAME = (
    ("sch", "s"), ("tsj", "s"), ("ou", "au"), ("ij", "ei"), ("ey", "ei"), ("ck", "k"), ("ph", "f"), ("th", "t"),
    ("dt", "t"), ("gh", "g"), ("ch", "g"), ("sj", "s"), ("sh", "s"), ("dj", "j"), ("ce", "se"), ("ci", "si"), ("c", "k"),
    ("q", "k"), ("x", "ks"), ("z", "s"), ("v", "f"), ("w", "f"), ("y", "i"), ("j", "i"), ("d", "t"), ("b", "p"),
)  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")
LEAST_CONSONANTS = 3


@lru_cache(maxsize=60_000)  # the names of a large day; in memory only
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, without case and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return tuple(_WORDS.findall("".join(sign for sign in plain if not unicodedata.combining(sign))))


@lru_cache(maxsize=60_000)
def sound_of(word: str) -> str:
    """Return how a word sounds: its first sound and its consonants, none of them doubled."""
    for written, said in _SAME:
        word = word.replace(written, said)
    first, rest = word[:1], re.sub("[aeiouh]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", first + rest)


def nearness(typed: str, word: str) -> int | None:
    """Return how near a word of a name is to what was typed: 0 begins with it, 1 holds it, 2 sounds like it; None
    for none of them.
    """
    if word.startswith(typed):
        return 0
    if len(typed) >= LEAST_CONSONANTS and typed in word:
        return 1
    sound = sound_of(typed)
    return 2 if len(sound) >= LEAST_CONSONANTS and sound == sound_of(word) else None
