"""Commands on places."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.models import Base
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.parts.places.names import name_key
from dagvandebuurt.programme.errors import PlaceInUse, TooManyPlaces
from dagvandebuurt.programme.models import Place
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.places.place_table import MUNICIPALITY, PlaceRow

MOST_PLACES = 25_000  # all municipalities, districts and neighbourhoods of the country
AT_ONCE = 1_000


def known_places() -> dict[tuple[str, str], UUID]:
    """Return the id of every place, by what makes two the same."""
    found = db.session.execute(select(Place.id, Place.name, Place.parent_id)).all()
    names = {each.id: each.name for each in found}
    return {PlaceRow(each.name, names.get(each.parent_id, "")).key: each.id for each in found}


def municipalities() -> Sequence[Place]:
    query = select(Place).where(Place.kind == MUNICIPALITY, Place.parent_id.is_(None))
    return db.session.scalars(query.order_by(Place.name, Place.id)).all()


def check_room(known: int, new: int) -> None:
    """Raise TooManyPlaces where the list would grow too long."""
    if known + new > MOST_PLACES:
        raise TooManyPlaces


@command(needs=ProgrammePermission.EDIT)
def add_places(_actor: Actor, rows: Sequence[PlaceRow]) -> int:
    """Add the places that are not there yet, municipalities first; return how many. Idempotent.

    Raises TooManyPlaces.
    """
    known = known_places()
    codes = set(db.session.scalars(select(Place.code)))
    made: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: bool(row.municipality)):
        if row.key in known:
            continue
        check_room(len(known), 1)
        parent = known.get(PlaceRow(row.municipality).key) if row.municipality else None
        place: dict[str, Any] = {
            "id": uuid4(),
            "code": _free_code(row, codes),
            "name": row.name,
            "name_key": name_key(row.name),
            "kind": row.kind,
            "parent_id": parent,
        }
        made.append(place)
        known[row.key] = place["id"]
        codes.add(place["code"])
    for first in range(0, len(made), AT_ONCE):
        db.session.execute(insert(Place), made[first : first + AT_ONCE])
    return len(made)


def _free_code(row: PlaceRow, taken: set[str]) -> str:
    wanted = slug_of(f"{row.municipality} {row.name}")[:34].strip("-") or "plaats"
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}-{number}"
    return code


@command(needs=ProgrammePermission.EDIT)
def remove_place(_actor: Actor, place: Place) -> None:
    """Remove a place that nothing refers to. Raises PlaceInUse."""
    if _uses(place.id):
        raise PlaceInUse
    db.session.delete(place)


def _uses(place_id: UUID) -> int:
    """Count the rows, of any section, that refer to this place."""
    pointing = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is Place.__table__.c.id for key in column.foreign_keys)
    ]
    return sum(
        db.session.scalar(select(func.count()).select_from(column.table).where(column == place_id)) or 0
        for column in pointing
    )
