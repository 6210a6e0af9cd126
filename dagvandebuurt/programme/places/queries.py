"""Lookup of places by what somebody types, and the choices of a form. Each is a range of an index."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.text import folded, one_line
from dagvandebuurt.parts.places.names import KEY_MAX_CHARS, name_key
from dagvandebuurt.programme.models import Place

MOST_IN_A_SELECT = 200
MOST_SUGGESTED = 20
_LAST = "\U0010ffff"

_Column = InstrumentedAttribute[str]
_Test = Callable[[_Column, str], ColumnElement[bool]]

Municipality = aliased(Place, name="municipality")


@dataclass(frozen=True)
class PlaceChoices:
    """The places a form offers. A long list offers none: there people type a name."""

    is_long: bool
    places: Sequence[Place] = ()

    @property
    def options(self) -> list[tuple[Place, str]]:
        """Return each place with its name, and its municipality where another has the same name."""
        return named_apart(self.places)

    def matching(self, text: str, most: int) -> list[Place]:
        return matching_places(text, most)

    def by_id(self, said: str) -> Place | None:
        return place_by_id(said)


def place_choices() -> PlaceChoices:
    query = select(Place).options(joinedload(Place.parent)).order_by(Place.name, Place.id)
    found = db.session.scalars(query.limit(MOST_IN_A_SELECT + 1)).all()
    return PlaceChoices(True) if len(found) > MOST_IN_A_SELECT else PlaceChoices(False, found)


def named_apart(places: Iterable[Place]) -> list[tuple[Place, str]]:
    several = list(places)
    seen = Counter(folded(place.name) for place in several)
    return [(place, place.full_name if seen[folded(place.name)] > 1 else place.name) for place in several]


def places_that_begin_with(text: str, most: int = MOST_SUGGESTED) -> list[Place]:
    """Return places of which the name begins with what was typed; after a comma, the municipality's."""
    return _places(_begins, text, most)


def places_named(text: str, most: int = MOST_SUGGESTED) -> list[Place]:
    """Return the places with this name: the one that is written just so, or those that are alike."""
    found = _places(lambda column, key: column == key, text, most)
    same = [place for place in found if folded(place.full_name) == folded(one_line(text))]
    return same if len(same) == 1 else found


def matching_places(text: str, most: int = MOST_SUGGESTED) -> list[Place]:
    """Return the places with this name, else those of which the name begins so."""
    return places_named(text, most) or places_that_begin_with(text, most)


def place_by_id(said: str) -> Place | None:
    try:
        return db.session.get(Place, UUID(said))
    except ValueError:
        return None


def _places(test: _Test, text: str, most: int) -> list[Place]:
    typed = one_line(text)[:KEY_MAX_CHARS]
    whole = [test(Place.name_key, name_key(typed))] if name_key(typed) else [false()]
    found = _found(most, *whole)
    name, comma, municipality = typed.rpartition(",")
    if found or not comma or not name_key(name):
        return found
    return _found(most, Place.name_key == name_key(name), test(Municipality.name_key, name_key(municipality)))


def _found(most: int, *conditions: ColumnElement[bool]) -> list[Place]:
    order = (Place.name_key, Place.parent_id.is_not(None), Place.name, Municipality.name, Place.id)
    return list(db.session.scalars(_with_parents().where(*conditions).order_by(*order).limit(most)))


def _with_parents() -> Select[Any]:
    parents = contains_eager(Place.parent.of_type(Municipality))
    return select(Place).outerjoin(Place.parent.of_type(Municipality)).options(parents)


def _begins(column: _Column, key: str) -> ColumnElement[bool]:
    return and_(column >= key, column < key + _LAST)


def page_of_places(text: str, page: int, size: int) -> tuple[list[Place], int, int, int]:
    """Return one page of the list, each municipality with what lies in it: places, page, pages and count."""
    key, query = name_key(one_line(text)), _with_parents()
    if key:
        query = query.where(or_(_begins(Place.name_key, key), _begins(Municipality.name_key, key)))
    counted = query.with_only_columns(func.count(Place.id), maintain_column_froms=True)
    count = db.session.scalar(counted) or 0
    pages = max(1, -(-count // size))
    page = max(1, min(page, pages))
    order = (
        func.coalesce(Municipality.name_key, Place.name_key),
        Place.parent_id.is_not(None),
        Place.name_key,
    )
    ordered = query.order_by(*order, Place.id).limit(size).offset((page - 1) * size)
    return list(db.session.scalars(ordered)), page, pages, count
