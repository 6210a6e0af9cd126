"""What the database says of the releases that work with it."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base


class SchemaFloor(Base):
    """Single row: the newest migration that was not additive.

    Every release that has this migration works with this database, also one that does not know the latest.
    `dagvandebuurt migrate` writes it, because only the release that brings a migration knows its kind.
    """

    __tablename__ = "schema_floor"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    revision: Mapped[str] = mapped_column(String(32))
