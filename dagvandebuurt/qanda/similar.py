"""Near-duplicate detection of questions by trigram similarity.

No language model and no dictionary: it finds the same question in nearly the same words, which is what a hall
that asks at the same time produces. `static/js/similar.js` does the same while somebody types, so that unsent
text stays in the browser.
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

from dagvandebuurt.qanda.models import Question

ALIKE = 0.4  # from this similarity on the person is asked: is this what you mean?
# Stop words: in nearly every question.
_WORDS = (
    "de het een en of in op van voor met bij aan te dat die dit er is zijn wordt wij we ik je u jullie "
    "wie wat waar wanneer waarom hoe kan kunnen mag mogen gaat komt heeft hebben niet ook als om"
)
EVERYWHERE = frozenset(_WORDS.split())


def likeness(one: str, other: str) -> float:
    """Calculate the Dice coefficient of the trigrams: 0 (nothing in common) to 1 (the same words)."""
    return _shared(_trigrams(one), _trigrams(other))


def most_alike(text: str, questions: Iterable[Question]) -> list[Question]:
    """Return `questions`, the most similar to `text` first."""
    return sorted(questions, key=lambda q: (-likeness(text, q.text), -q.support_count, str(q.id)))


def likest(text: str, questions: Iterable[Question]) -> Question | None:
    """Return the one of `questions` that asks nearly the same as `text`; None where none does."""
    wanted = _trigrams(text)
    found = [(_shared(wanted, _trigrams(each.text)), each) for each in questions]
    alike = [pair for pair in found if pair[0] >= ALIKE]
    if not alike:
        return None
    return max(alike, key=lambda pair: (pair[0], pair[1].support_count, str(pair[1].id)))[1]


def _shared(left: set[str], right: set[str]) -> float:
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _trigrams(text: str) -> set[str]:
    plain = "".join(letter for letter in normalize("NFD", text.lower()) if not 0x300 <= ord(letter) <= 0x36F)
    found: set[str] = set()
    for word in re.findall(r"[a-z0-9]+", plain):
        if word not in EVERYWHERE:
            padded = f" {word} "
            found.update(padded[start : start + 3] for start in range(len(padded) - 2))
    return found
