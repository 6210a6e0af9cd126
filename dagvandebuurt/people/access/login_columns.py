"""Per-endpoint scalar subqueries added to the user-loader query, so a hot page costs one round trip.

For pages that thousands open at the same moment: sections register single values that are read along with
the login.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ScalarSelect

from dagvandebuurt.people.hooks import login_columns

Column = Callable[[Any], ScalarSelect[Any] | None]


def along_of(endpoint: str | None) -> Mapping[str, Column]:
    """Return the registered values of an endpoint."""
    return {
        each.name: each.column for there in login_columns() for each in there if endpoint in each.endpoints
    }
