"""Cursor pagination, stable while the list grows: each page ends with a cursor for the next."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import and_, or_

from dagvandebuurt.api.errors import UnknownParameter, WrongParameter
from dagvandebuurt.api.resources import Resource
from dagvandebuurt.core.db import db
from dagvandebuurt.core.text import clean_text

MOST, USUAL = 100, 20


@dataclass(frozen=True)
class Asked:
    """Query parameters of a list request."""

    limit: int
    cursor: str
    filters: dict[str, str]


@dataclass(frozen=True)
class Slice:
    rows: Sequence[Any]
    next: str | None


def asked(resource: Resource, given: dict[str, str]) -> Asked:
    """Parse the parameters. Raises UnknownParameter and WrongParameter, with the names that are known."""
    known = {"limit", "cursor", *resource.filters}
    unknown = sorted(set(given) - known)
    if unknown:
        raise UnknownParameter(unknown=[clean_text(each[:40]) for each in unknown[:5]], known=sorted(known))
    filters = {name: value for name, value in given.items() if name in resource.filters}
    for name, value in filters.items():
        if len(value) > 200 or clean_text(value) != value:
            raise WrongParameter(parameter=name)
    return Asked(whole(given.get("limit"), "limit", USUAL, MOST), given.get("cursor", ""), filters)


def whole(given: str | None, name: str, usual: int, most: int) -> int:
    """Parse an integer from 1 to `most`; raises WrongParameter."""
    if given is None:
        return usual
    if not (given.isascii() and given.isdigit() and len(given) < 9 and 1 <= int(given) <= most):
        raise WrongParameter(parameter=name, least=1, most=most)
    return int(given)


def page_of(resource: Resource, wanted: Asked) -> Slice:
    """Return one page, with the cursor of the next one when there is one."""
    query = resource.query().order_by(resource.order, resource.model.id).limit(wanted.limit + 1)
    for name, value in wanted.filters.items():
        query = query.where(resource.filters[name](value))
    if wanted.cursor:
        value, row_id = _read(resource, wanted.cursor)
        query = query.where(
            or_(resource.order > value, and_(resource.order == value, resource.model.id > row_id))
        )
    rows = db.session.scalars(query).all()
    is_last = len(rows) <= wanted.limit
    shown = rows[: wanted.limit]
    return Slice(shown, None if is_last else _write(resource, shown[-1]))


def _adapter(resource: Resource) -> TypeAdapter[tuple[Any, UUID]]:
    return TypeAdapter(tuple[resource.order_type, UUID])  # type: ignore[name-defined]


def _write(resource: Resource, row: Any) -> str:
    told = _adapter(resource).dump_json((getattr(row, resource.order.key), row.id))
    return urlsafe_b64encode(told).decode().rstrip("=")


def _read(resource: Resource, cursor: str) -> tuple[Any, UUID]:
    try:
        if len(cursor) > 500:
            raise ValueError
        told = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        value, row_id = _adapter(resource).validate_json(told)
        if isinstance(value, str) and clean_text(value) != value:
            raise ValueError
        if getattr(value, "tzinfo", True) is None:
            raise ValueError
    except (ValueError, ValidationError):
        raise WrongParameter(parameter="cursor") from None
    return value, row_id
