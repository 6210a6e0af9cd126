"""Paths of pages by endpoint, also where there is no request: in jobs, mails and the live pump."""

from typing import Any

from flask import current_app


def path_for(endpoint: str, /, *, anchor: str = "", **values: Any) -> str:
    """Return the path of `endpoint`. As `url_for`, but never depends on the request that is being answered."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{path}#{anchor}" if anchor else path
