"""Values that a page reads in the query that finds who is logged in.

A page that thousands open at the same moment may ask the database once.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ScalarSelect

from dagvandebuurt.people.hooks import login_columns

Column = Callable[[Any], ScalarSelect[Any] | None]


def along_of(endpoint: str | None) -> Mapping[str, Column]:
    """Return, by name, the columns that a page reads along."""
    return {
        each.name: each.column for there in login_columns() for each in there if endpoint in each.endpoints
    }
