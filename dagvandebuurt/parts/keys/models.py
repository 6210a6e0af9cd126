"""Which keys belong to this database."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base


class KeyFingerprint(Base):
    """Single row: the fingerprint of the key folder that this database was made with.

    It reveals nothing of a key, and tells a start with another folder, with which no second factor would
    be right and no anonymous question found.
    """

    __tablename__ = "key_fingerprint"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
