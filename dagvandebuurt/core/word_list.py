"""Words that hold a text for a moderator. A list never refuses: it only lets somebody read first."""

import re

from dagvandebuurt.core.text import folded

# What people write instead of letters.
_LOOKS_LIKE = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})


def normalised(text: str) -> str:
    """`text` in small letters without accents, look-alike signs as the letters they stand for, each letter
    once in a row, and one space between words and around them."""
    plain = folded(text).translate(_LOOKS_LIKE)
    words = re.sub(r"[^\w]+|_", " ", plain)
    once = re.sub(r"([^\W\d])\1+", r"\1", words).strip()
    return f" {once} "


def holds(listed: str, text: str) -> bool:
    """Whether a word or phrase of `listed`, one a line, stands in `text` as whole words."""
    within = normalised(text)
    wanted = (normalised(line) for line in listed.splitlines())
    return any(word in within for word in wanted if word.strip())
