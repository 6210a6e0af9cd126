"""Reading partners."""

from collections.abc import Sequence

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.partners.models import Partner


def partners() -> Sequence[Partner]:
    """Return all partners, in the order of the front page."""
    return db.session.scalars(select(Partner).order_by(Partner.position, Partner.added_at, Partner.id)).all()
