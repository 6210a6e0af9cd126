"""Rows by the id in an address."""

from typing import TypeVar
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.models import Entity

Thing = TypeVar("Thing", bound=Entity)


def found(kind: type[Thing], thing_id: UUID) -> Thing:
    found = db.session.get(kind, thing_id)
    if found is None:
        raise NotFound
    return found
