"""Who has been heard so far, as shares by participant role, without telling of anybody.

A number under ten could point at people in a small room. Hiding it alone is not enough: it could be
worked out from the others and the total. So what is hidden together is at least ten as well.
"""

from collections.abc import Mapping

FEWEST = 10
STEP = 10  # so many at once: a look before and a look after tell of no single person


def safe(numbers: Mapping[str, int]) -> dict[str, int]:
    """The numbers that may be seen, largest first. What is missing adds up to nothing, or to ten or more."""
    shown = {role: number for role, number in numbers.items() if number >= FEWEST}
    hidden = sum(numbers.values()) - sum(shown.values())
    while shown and 0 < hidden < FEWEST:
        least = min(shown, key=lambda role: (shown[role], role))
        hidden += shown.pop(least)
    return dict(sorted(shown.items(), key=lambda pair: (-pair[1], pair[0])))
