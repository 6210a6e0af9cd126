"""Small-cell suppression: counts by group without numbers small enough to identify people.

A number under ten could identify people in a small room or place. Suppressing one cell is not enough: it could be
calculated from the others and the total (secondary suppression). The cells hidden together therefore add up
to at least ten.
"""

from collections.abc import Mapping

FEWEST = 10
STEP = 10  # this many at once: comparing two looks reveals no single person


def safe(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers that may be seen, largest first. The missing ones add up to nothing, or to ten or
    more.
    """
    shown = {role: number for role, number in numbers.items() if number >= FEWEST}
    hidden = sum(numbers.values()) - sum(shown.values())
    while shown and 0 < hidden < FEWEST:
        least = min(shown, key=lambda role: (shown[role], role))
        hidden += shown.pop(least)
    return dict(sorted(shown.items(), key=lambda pair: (-pair[1], pair[0])))
