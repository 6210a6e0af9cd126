"""Commands on places."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.models import Base
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.programme.errors import PlaceInUse, TooManyPlaces
from dagvandebuurt.programme.models import Place
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.places.place_table import PlaceRow

MOST_PLACES = 3_000  # a list to choose from on a page


def known_places() -> dict[tuple[str, str], Place]:
    """Return every place, by what makes two the same."""
    found = db.session.scalars(select(Place).order_by(Place.name)).all()
    names = {place.id: place.name for place in found}
    return {PlaceRow(place.name, names.get(place.parent_id or place.id, "") if place.parent_id else "").key: place
            for place in found}  # fmt: skip


@command(needs=ProgrammePermission.EDIT)
def add_places(_actor: Actor, rows: Sequence[PlaceRow]) -> int:
    """Add the places that are not there yet, municipalities first; return how many. Idempotent.

    Raises TooManyPlaces.
    """
    known = known_places()
    codes = {place.code for place in known.values()}
    added = 0
    for row in sorted(rows, key=lambda row: bool(row.municipality)):
        if row.key in known:
            continue
        if len(known) >= MOST_PLACES:
            raise TooManyPlaces
        parent = known.get(PlaceRow(row.municipality).key) if row.municipality else None
        place = Place(
            id=uuid4(),
            code=_free_code(row, codes),
            name=row.name,
            kind=row.kind,
            parent_id=parent.id if parent else None,
        )
        db.session.add(place)
        db.session.flush()
        known[row.key] = place
        codes.add(place.code)
        added += 1
    return added


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
