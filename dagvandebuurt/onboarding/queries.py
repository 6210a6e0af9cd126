"""Reading how far an installation is."""

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Role, RoleGrant
from dagvandebuurt.programme.models import Edition


def has_administrator() -> bool:
    """Return whether the installation has an administrator: then there is nothing to begin."""
    return db.session.scalar(select(RoleGrant.id).where(RoleGrant.role == Role.ADMIN).limit(1)) is not None


def has_edition() -> bool:
    return db.session.scalar(select(Edition.id).limit(1)) is not None
