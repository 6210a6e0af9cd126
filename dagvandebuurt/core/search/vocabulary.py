"""Tokenisation, stemming and spelling distance, the same on every database."""

from collections.abc import Iterable, Iterator

import regex

from dagvandebuurt.core.text import folded

LONGEST_WORD = 40
MOST_WORDS = 10  # words of a query; the rest is ignored
SHORTEST_CORRECTED = 4  # below this length nearly every word is one edit from another
_KNOWN_LETTERS = 7  # letters of a word for which deletion variants are made
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*")
# Stop words: Dutch, including those that PostgreSQL leaves out.
STOP_WORDS = frozenset(
    [
        "aan",
        "al",
        "alles",
        "als",
        "altijd",
        "andere",
        "ben",
        "bij",
        "daar",
        "dan",
        "dat",
        "de",
        "der",
        "deze",
        "die",
        "dit",
        "doch",
        "doen",
        "door",
        "dus",
        "een",
        "eens",
        "en",
        "er",
        "ge",
        "geen",
        "geweest",
        "haar",
        "had",
        "heb",
        "hebben",
        "heeft",
        "hem",
        "het",
        "hier",
        "hij",
        "hoe",
        "hun",
        "iemand",
        "iets",
        "ik",
        "in",
        "is",
        "ja",
        "je",
        "kan",
        "kon",
        "kunnen",
        "maar",
        "me",
        "meer",
        "men",
        "met",
        "mij",
        "mijn",
        "moet",
        "na",
        "naar",
        "niet",
        "niets",
        "nog",
        "nu",
        "of",
        "om",
        "omdat",
        "onder",
        "ons",
        "ook",
        "op",
        "over",
        "reeds",
        "te",
        "tegen",
        "toch",
        "toen",
        "tot",
        "u",
        "uit",
        "uw",
        "van",
        "veel",
        "voor",
        "want",
        "waren",
        "was",
        "wat",
        "werd",
        "wezen",
        "wie",
        "wil",
        "worden",
        "wordt",
        "zal",
        "ze",
        "zelf",
        "zich",
        "zij",
        "zijn",
        "zo",
        "zonder",
        "zou",
    ]
)
# Plural and singular match each other. Cut only from words that stay long enough to mean something.
_ENDINGS = ("eren", "en", "s")
_SHORTEST_STEM = 4


def words_of(text: str) -> list[str]:
    """Return the words of `text` in order, without case and accents; very long texts are cut."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded(text))]


def sought(text: str) -> list[str]:
    """Return the distinct words of a query, without stop words."""
    told = [word for word in dict.fromkeys(words_of(text[:2000])) if word not in STOP_WORDS]
    return told[:MOST_WORDS]


def stem(word: str) -> str:
    """Return `word` without its plural ending."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def worth_knowing(words: Iterable[str]) -> Iterator[str]:
    """Return the words that are candidates for correction: not very short and not numbers."""
    return (word for word in words if len(word) >= SHORTEST_CORRECTED and word.isalpha())


def pieces(word: str) -> set[str]:
    """Return the deletion variants of a word's prefix (SymSpell): two words one edit apart share a variant."""
    start = word[:_KNOWN_LETTERS]
    return {start, *(start[:place] + start[place + 1 :] for place in range(len(start)))}


def slips_allowed(word: str) -> int:
    return 1 if len(word) < 7 else 2


def slips(one: str, other: str, most: int) -> int:
    """Return the edit distance (Damerau-Levenshtein) between two words; `most + 1` when it is larger."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, their in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != their))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == their:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return row[-1]
