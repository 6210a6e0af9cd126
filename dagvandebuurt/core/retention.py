"""Retention rules for personal data: purpose, period and clean-up function in one table.

The nightly job executes it and the privacy page shows it, so page and behaviour cannot differ (AVG article
5, 1e; articles 13 and 30).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Tidy = Callable[[datetime], int]


@dataclass(frozen=True)
class Kept:
    """Retention rule of one kind of personal data: `info=personal(kind)` on a column names it.

    `tidy(before)` deletes or anonymises what expired before that moment and returns how many; it is
    idempotent. None: `until` is an event, described there in words.
    """

    kind: str
    order: int
    what: Any
    why: Any
    until: Any
    days: int | None
    tidy: Tidy | None
    in_pieces: bool = False  # `tidy` opens its own transactions, one for each piece


_table: dict[str, Kept] = {}


def keeps(
    kind: str,
    *,
    order: int,
    what: Any,
    why: Any,
    until: Any,
    days: int | None = None,
    in_pieces: bool = False,
) -> Callable[[Tidy], Tidy]:
    """Register a retention rule with its clean-up function. Idempotent.

    With `in_pieces` that function opens short transactions of its own, for large amounts.
    """

    def register(tidy: Tidy) -> Tidy:
        _table[kind] = Kept(kind, order, what, why, until, days, tidy, in_pieces)
        return tidy

    return register


def keeps_until(kind: str, *, order: int, what: Any, why: Any, until: Any) -> None:
    """Register a retention rule without a period: the person ends it, or the event named in `until`."""
    _table[kind] = Kept(kind, order, what, why, until, None, None)


def table() -> list[Kept]:
    """Return all retention rules in display order."""
    return sorted(_table.values(), key=lambda line: line.order)


def over(line: Kept, now: datetime) -> datetime:
    """Return the cut-off: data of this kind that expired before it is due for clean-up."""
    assert line.days is not None
    return now - timedelta(days=line.days)
