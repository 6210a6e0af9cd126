"""Twenty thousand generated documents, in an invented Dutch with a long tail of rare words."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dagvandebuurt.core.search.registry import SearchDocument

KINDS = ("session", "lesson", "question")
_STARTS = [
    "b",
    "br",
    "d",
    "dr",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "kr",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "sch",
    "sl",
    "st",
    "str",
    "t",
    "tr",
    "v",
    "w",
    "z",
    "zw",
]
_VOWELS = ["a", "aa", "e", "ee", "ei", "eu", "i", "ie", "ij", "o", "oe", "oo", "ou", "u", "ui", "uu"]
_ENDS = ["d", "f", "g", "k", "l", "ld", "lk", "m", "n", "ng", "nk", "p", "r", "rk", "rt", "s", "st", "t"]
THEMES = ("Groen", "Wonen", "Veilig", "Samen", "Zorg", "Jeugd")
PLACES = ("Zonnedorp", "Sterrenhof", "Vlietstad", "Molenwijk")
BODIES = tuple(
    f"Stichting {n}" for n in ("Buurtkracht", "De Brug", "Het Plein", "Thuis", "De Linde", "Oever")
)


def vocabulary(dice: random.Random, many: int = 12_000) -> list[str]:
    """Words as in Dutch: a syllable or three, the common ones short, each once."""
    found: dict[str, None] = {}
    while len(found) < many:
        syllables = 1 + (len(found) > 300) + (len(found) > 4000)
        word = "".join(dice.choice(_STARTS) + dice.choice(_VOWELS) for _ in range(syllables))
        found.setdefault(word + dice.choice(_ENDS))
    return list(found)


def weights(words: list[str]) -> list[float]:
    """As in every language (Zipf): the second word half as often as the first, the tenth a tenth."""
    return [1 / (place + 10) for place in range(len(words))]


def things(many: int = 20_000, seed: int = 7) -> Iterator[tuple[str, SearchDocument]]:
    """(kind, entry), the same each time."""
    dice = random.Random(seed)
    words = vocabulary(dice)
    common = weights(words)
    for number in range(many):
        said = dice.choices(words, common, k=46)
        yield (
            dice.choice(KINDS),
            SearchDocument(
                thing_id=UUID(int=dice.getrandbits(128)),
                title=" ".join(said[:6]).capitalize(),
                body=" ".join(said[6:]) + ".",
                themes=tuple(dice.sample(THEMES, dice.randint(0, 2))),
                places=(dice.choice(PLACES),),
                organisations=(dice.choice(BODIES),),
                year=dice.choice((2024, 2025, 2026, 2027)),
                at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=number),
                link={"slug": f"ding-{number}"},
            ),
        )


def with_a_slip(word: str, dice: random.Random) -> str:
    """One letter missing, doubled, other or swapped."""
    place = dice.randrange(1, len(word) - 1)
    return dice.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + "x" + word[place + 1 :],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        )
    )
