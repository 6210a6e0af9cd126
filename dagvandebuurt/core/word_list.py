"""Word filter that holds texts for moderation. It never refuses a text."""

import re

from dagvandebuurt.core.text import folded

# Signs that people write instead of letters.
_LOOKS_LIKE = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})


def normalised(text: str) -> str:
    """Normalise `text` for matching: lower case, no accents, look-alike signs as letters, repeated letters
    once, single spaces between and around words."""
    plain = folded(text).translate(_LOOKS_LIKE)
    words = re.sub(r"[^\w]+|_", " ", plain)
    once = re.sub(r"([^\W\d])\1+", r"\1", words).strip()
    return f" {once} "


def holds(listed: str, text: str) -> bool:
    """Return whether a word or phrase of `listed`, one per line, occurs in `text` as whole words."""
    within = normalised(text)
    wanted = (normalised(line) for line in listed.splitlines())
    return any(word in within for word in wanted if word.strip())
