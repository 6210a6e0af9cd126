"""Registry of other reasons to keep an inactive account, contributed by sections."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement

Reason = Callable[[datetime], ColumnElement[bool]]
_reasons: list[Reason] = []


def reason_to_stay(reason: Reason) -> Reason:
    """Register a function `(before) → condition about Person`, such as a day to come.

    What is owed to somebody is registered in `people.lifecycle.retention_holds`.
    """
    if reason not in _reasons:
        _reasons.append(reason)
    return reason


def reasons() -> Sequence[Reason]:
    return tuple(_reasons)
