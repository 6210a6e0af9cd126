"""Names of places as they are looked up: without case, accents, punctuation and the numbers of districts."""

import re

from dagvandebuurt.core.text import folded

KEY_MAX_CHARS = 160
_NUMBERED = re.compile(r"^(?:wijk|buurt) \d+ (?=\S)")


def name_key(name: str) -> str:
    """Return what a name is found by: "Wijk 01 West" by "west", "'s-Hertogenbosch" by "s hertogenbosch"."""
    bare = folded(name).replace("'", "").replace("’", "")
    words = " ".join(re.split(r"[\W_]+", bare)).strip()
    return (_NUMBERED.sub("", words) or folded(name).strip())[:KEY_MAX_CHARS]
