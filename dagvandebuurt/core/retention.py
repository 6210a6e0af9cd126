"""What is kept of people, why, and how long. One table: the nightly job does what it says, and the
privacy page shows it, so page and behaviour cannot differ (AVG article 5, 1e; articles 13 and 30)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Tidy = Callable[[datetime], int]


@dataclass(frozen=True)
class Kept:
    """One kind of personal data: `info=personal(kind)` on a column names it.

    `tidy(before)` throws away, or takes the person off, whatever its clock says ended before that moment,
    and answers with how many; running it twice is running it once. None: `until` is an event, and what
    makes it happen stands there in words.
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
    """Sign up a line of the table with the function that ends it. Safe to repeat. With `in_pieces` that
    function opens transactions of its own, short ones: what it ends can be much."""

    def register(tidy: Tidy) -> Tidy:
        _table[kind] = Kept(kind, order, what, why, until, days, tidy, in_pieces)
        return tidy

    return register


def keeps_until(kind: str, *, order: int, what: Any, why: Any, until: Any) -> None:
    """A line that no clock ends: the person does, or the deed named in `until`."""
    _table[kind] = Kept(kind, order, what, why, until, None, None)


def table() -> list[Kept]:
    """All lines, in the order in which they are read."""
    return sorted(_table.values(), key=lambda line: line.order)


def over(line: Kept, now: datetime) -> datetime:
    """The moment before which everything of this kind has been kept long enough."""
    assert line.days is not None
    return now - timedelta(days=line.days)
