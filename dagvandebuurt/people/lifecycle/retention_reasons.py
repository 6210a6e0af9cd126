"""Reasons of rooms above to keep an account that nobody came in with."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement

Reason = Callable[[datetime], ColumnElement[bool]]
_reasons: list[Reason] = []


def reason_to_stay(reason: Reason) -> Reason:
    """Let a room keep accounts: a function `(before) → condition about Person`, such as a day to come. What is
    owed to somebody is signed up in `people.owed`."""
    if reason not in _reasons:
        _reasons.append(reason)
    return reason


def reasons() -> Sequence[Reason]:
    return tuple(_reasons)
