"""Interval arithmetic of visits. A calculated stay is never longer than the real one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain

Span = tuple[datetime, datetime]


def time_present(visits: Iterable[Span], *, opens: datetime, closes: datetime) -> timedelta:
    """Calculate how long one person was present between `opens` and `closes`.

    `visits` are (first seen, last seen), in any order; two devices overlap and count once. Timestamps must be
    aware. Never negative, never longer than `closes - opens`.

    Raises ValueError if a visit ends before it starts.
    """
    return length(within(visits, opens, closes))


def within(visits: Iterable[Span], opens: datetime, closes: datetime) -> list[Span]:
    """Return the union of `visits` clipped to `opens` and `closes`. Raises ValueError as above."""
    return [
        (max(first, opens), min(last, closes))
        for first, last in joined(visits)
        if max(first, opens) < min(last, closes)
    ]


def joined(visits: Iterable[Span]) -> list[Span]:
    """Return the union of the visits, in order. Raises ValueError if a visit ends before it starts."""
    found: list[Span] = []
    for first, last in sorted(visits):
        if last < first:
            raise ValueError(f"visit ends before it starts: {first} to {last}")
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def length(visits: Iterable[Span]) -> timedelta:
    """Return the length of the union of `visits`."""
    return sum((last - first for first, last in joined(visits)), timedelta())


def most_at_once(people: Iterable[Iterable[Span]]) -> int:
    """Return the largest number of people present at one moment. Each of `people` is their visits."""
    spans = list(chain.from_iterable(joined(visits) for visits in people))
    # At one moment arrivals are counted before departures: both were present.
    steps = sorted([(first, 0) for first, _ in spans] + [(last, 1) for _, last in spans])
    here = most = 0
    for _, goes in steps:
        here += -1 if goes else 1
        most = max(most, here)
    return most
