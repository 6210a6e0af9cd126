"""Retention rules for personal data: purpose, period and clean-up function (AVG article 5, 1e; articles 13 and 30)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Tidy = Callable[[datetime], int]


@dataclass(frozen=True)
class RetentionRule:
    """Retention rule of one kind of personal data: `info=personal(kind)` on a column names it.

    `tidy(before)` deletes or anonymises what expired before that moment and returns how many; it is
    idempotent. None: `until` is an event, described there in words.
    """

    kind: str
    order: int
    what: Any
    why: Any
    until: Any
    days: int | None = None
    tidy: Tidy | None = None
    in_pieces: bool = False  # `tidy` opens its own transactions, one for each piece


def retention_rule(
    kind: str,
    *,
    order: int,
    what: Any,
    why: Any,
    until: Any,
    days: int,
    in_pieces: bool = False,
) -> Callable[[Tidy], RetentionRule]:
    """Make a retention rule of its clean-up function.

    With `in_pieces` that function opens short transactions of its own, for large amounts.
    """
    return lambda tidy: RetentionRule(kind, order, what, why, until, days, tidy, in_pieces)


def over(rule: RetentionRule, now: datetime) -> datetime:
    """Return the cut-off: data of this kind that expired before it is due for clean-up."""
    assert rule.days is not None
    return now - timedelta(days=rule.days)
