"""Personal data detection by regular expression: its writer gets a hint, never a refusal.

The patterns are valid in Python and in JavaScript: `static/js/ask.js` gets them with the page and gives the
hint while somebody types. They are heuristics.
"""

import re

_NAME = "[A-ZÀ-Þ][a-zß-ÿ]+"
_BETWEEN = "(?:van |de |der |den |ten |ter |el |al )*"
PATTERNS = (
    # meneer De Vries, juf Anja, wijkagent Peter
    "\\b(?:[Mm]eneer|[Mm]evrouw|[Dd]e heer|[Mm]eester|[Jj]uf|[Jj]uffrouw|[Dd]okter|[Bb]uurman|[Bb]uurvrouw"
    f"|[Ww]ethouder|[Ww]ijkagent|[Aa]gent|[Ff]amilie) {_BETWEEN}{_NAME}",
    # hij heet Jan, een man genaamd Piet
    f"\\b(?:heet|genaamd|haar naam is|zijn naam is) {_BETWEEN}{_NAME}",
    # mijn buurman die ..., mijn ex
    "\\b[Mm]ijn (?:buurman|buurvrouw|buren|bovenbuur|onderbuur|ex|huisarts|begeleider|hulpverlener)\\b",
    # Dijkstraat 12, op nummer 14
    "\\b[A-Z][a-z]+(?:straat|laan|weg|plein|hof|dijk|kade|singel|gracht|pad) [0-9]+",
    "\\b(?:op|van) nummer [0-9]+",
    "\\b[1-9][0-9]{3} ?[A-Z]{2}\\b",
    # a telephone number, an address, an account
    "\\b0[0-9][0-9 -]{7,12}[0-9]\\b",
    "[^ @]+@[^ @]+[.][a-z]{2,}",
    "(?:^| )@[a-z0-9_]{3,}",
)
_COMPILED = [re.compile(pattern) for pattern in PATTERNS]


def may_identify_a_person(text: str) -> bool:
    """Return whether the text seems to identify a person."""
    return any(pattern.search(text) for pattern in _COMPILED)
