"""How long somebody was there. Never longer than real."""

from collections.abc import Iterable
from datetime import datetime, timedelta


def time_present(
    visits: Iterable[tuple[datetime, datetime]], *, opens: datetime, closes: datetime
) -> timedelta:
    """How long one person was present between `opens` and `closes`.

    `visits` are (first seen, last seen), in any order; two devices overlap and count once. All
    moments must be aware. Never negative, never longer than `closes - opens`.

    Raises ValueError if a visit ends before it starts.
    """
    present = timedelta()
    counted_until = opens
    for first, last in sorted(visits):
        if last < first:
            raise ValueError(f"visit ends before it starts: {first} to {last}")
        start, end = max(first, counted_until), min(last, closes)
        if start < end:
            present += end - start
            counted_until = end
    return present
