"""Options of select fields in the forms of the Wijkwijzer."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import Organisation, Theme
from dagvandebuurt.programme.places.queries import named_apart, place_choices


def themes() -> list[Theme]:
    return list(db.session.scalars(select(Theme).order_by(Theme.position)))


places = place_choices


def places_of(things: Iterable[Any]) -> list[tuple[str, str]]:
    """Return code and name of the places to filter `things` by: all, or of a long list those that they are in."""
    choices = place_choices()
    here = {thing.place for thing in things if thing.place} if choices.is_long else set(choices.places)
    if choices.is_long:
        here |= {place.parent for place in here if place.parent}
    named = named_apart(sorted(here, key=lambda place: (place.name, place.full_name)))
    return [(place.code, name) for place, name in named]


def organisations() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name)))
