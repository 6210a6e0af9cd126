"""Options of select fields in the forms of the Wijkwijzer."""

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import Organisation, Place, Theme


def themes() -> list[Theme]:
    return list(db.session.scalars(select(Theme).order_by(Theme.position)))


def places() -> list[Place]:
    return list(db.session.scalars(select(Place).order_by(Place.name)))


def organisations() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name)))
