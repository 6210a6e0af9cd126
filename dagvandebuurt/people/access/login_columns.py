"""What a page wants to know besides who somebody is, asked in the same query.

A page that thousands open at the same moment may ask the database once. Rooms sign up, for such a page,
single values that are read along with the login.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ScalarSelect

# From the person's id in the query around it to a value; None for a stranger: then nothing is asked of them.
Column = Callable[[Any], ScalarSelect[Any] | None]
_along: dict[str, dict[str, Column]] = defaultdict(dict)


def comes_along(name: str, *endpoints: str) -> Callable[[Column], Column]:
    """Sign up a value under `name` for these pages. Safe to repeat."""

    def register(column: Column) -> Column:
        for endpoint in endpoints:
            _along[endpoint][name] = column
        return column

    return register


def along_of(endpoint: str | None) -> Mapping[str, Column]:
    """What was signed up for a page."""
    return _along.get(endpoint or "", {})
