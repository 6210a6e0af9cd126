"""Tokenisation, stemming and spelling distance, the same on every database."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex
from rapidfuzz.distance import OSA
from snowballstemmer import stemmer

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
# The stemmer takes `en` off these plurals in `eren`, not the whole ending.
_IRREGULAR = {
    "eier": "ei", "goeder": "goed", "kalver": "kalf", "kinder": "kind", "lammer": "lam", "lieder": "lied",
    "runder": "rund", "volker": "volk",
}  # fmt: skip
# Roots that Snowball makes of one form of a word, and what it makes of the others: *problemen*, *adviezen*, *wegen*.
_SAME_ROOT = {
    "adr": "adres", "advie": "advies", "boet": "boete", "criminel": "crimineel", "daak": "dak", "fiet": "fiets",
    "initieer": "initiatief", "maatregeel": "maatregel", "material": "materiaal", "problem": "probleem",
    "rituel": "ritueel", "subsidien": "subsidie", "themas": "thema", "weeg": "weg",
}  # fmt: skip
STEMS = 2  # to be raised when stems change: the nightly repair then indexes everything anew
_NO_PARTICIPLE = regex.compile("(be|her|ont|ver|)ge")  # verbs in these take no `ge`; *ge* may begin a noun
_PLURAL_ENDINGS = frozenset({"eren", "en", "s"})
_SHORTEST_PREFIX = 4  # of a word without its plural ending, to be searched for as a prefix too


def words_of(text: str) -> list[str]:
    """Return the words of `text` in order, without case and accents; very long texts are cut."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded(text))]


def sought(text: str) -> list[str]:
    """Return the distinct words of a query, without stop words."""
    told = [word for word in dict.fromkeys(words_of(text[:2000])) if word not in STOP_WORDS]
    return told[:MOST_WORDS]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the Dutch stem of a folded word (Snowball, Kraaij-Pohlmann): alike for plurals and verb forms.

    The algorithm is helped where it is known to fail: it knows no plural of *idee* without its accent, and no
    adjective in `e` (its form in `en` it does).
    """
    if word.endswith(("eeen", "ieen")):
        return word[:-2]
    root = _stemmed(word)
    if root == word and word.endswith("e") and len(word) > _SHORTEST_PREFIX:
        root = _stemmed(word + "n")
    root = _SAME_ROOT.get(root, _IRREGULAR.get(root, root))
    return word if root in STOP_WORDS or not root else root  # *mens* finds no *men*


def _stemmed(word: str) -> str:
    """Return what Snowball makes of it, but never without a `ge` that is no participle's: *gemeente* would
    find *meen*, and *begeleiding* *beleid*."""
    found: str = stemmer("dutch").stemWord(word)  # an object each time: it holds the word it works on
    begin = _NO_PARTICIPLE.match(word)
    if begin is None or found.startswith(begin[0]):
        return found
    masked = f"{begin[1]}be"
    found = stemmer("dutch").stemWord(masked + word[begin.end() :])
    return begin[0] + found[begin.end() :] if found.startswith(masked) else word


def stems_of(words: Iterable[str]) -> list[str]:
    """Return the distinct stems that differ from their word: what is indexed beside the words themselves."""
    return list(dict.fromkeys(each for word in words if (each := stem(word)) != word))


def without_plural(word: str) -> str:
    """Return `word` without its plural ending, for a prefix search that finds compounds; else as it is."""
    root = stem(word)
    is_plural = word.startswith(root) and word[len(root) :] in _PLURAL_ENDINGS
    return root if is_plural and len(root) >= _SHORTEST_PREFIX else word


def correctable(words: Iterable[str]) -> Iterator[str]:
    """Return the words that are candidates for correction: not very short and not numbers."""
    return (word for word in words if len(word) >= SHORTEST_CORRECTED and word.isalpha())


def deletion_variants(word: str) -> set[str]:
    """Return the deletion variants of a word's prefix (SymSpell): two words one edit apart share a variant."""
    start = word[:_KNOWN_LETTERS]
    return {start, *(start[:place] + start[place + 1 :] for place in range(len(start)))}


def slips_allowed(word: str) -> int:
    return 1 if len(word) < 7 else 2


def edit_distance(one: str, other: str, most: int) -> int:
    """Return the edit distance (optimal string alignment: a swap counts once); `most + 1` when it is larger."""
    return OSA.distance(one, other, score_cutoff=most)
