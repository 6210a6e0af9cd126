"""Likeness of short texts by trigram similarity.

No language model and no dictionary: it finds the same thing said in nearly the same words, which is what a hall
that writes at the same time produces. `static/js/similar.js` does the same while somebody types, so that unsent
text stays in the browser.
"""

import re
from unicodedata import normalize

ALIKE = 0.4  # from this similarity on two texts say nearly the same
# Stop words: in nearly every question.
_WORDS = (
    "de het een en of in op van voor met bij aan te dat die dit er is zijn wordt wij we ik je u jullie "
    "wie wat waar wanneer waarom hoe kan kunnen mag mogen gaat komt heeft hebben niet ook als om"
)
EVERYWHERE = frozenset(_WORDS.split())


def likeness(one: str, other: str) -> float:
    """Calculate the Dice coefficient of the trigrams: 0 (nothing in common) to 1 (the same words)."""
    return shared(trigrams(one), trigrams(other))


def shared(left: set[str], right: set[str]) -> float:
    """Calculate the Dice coefficient of two sets of trigrams; 0 where one of them is empty."""
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def trigrams(text: str) -> set[str]:
    """Return the trigrams of the words of `text` that are not stop words, without case and accents."""
    plain = "".join(letter for letter in normalize("NFD", text.lower()) if not 0x300 <= ord(letter) <= 0x36F)
    found: set[str] = set()
    for word in re.findall(r"[a-z0-9]+", plain):
        if word not in EVERYWHERE:
            padded = f" {word} "
            found.update(padded[start : start + 3] for start in range(len(padded) - 2))
    return found
