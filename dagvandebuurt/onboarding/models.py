"""One-time codes to set up an installation in a browser."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Entity


class SetupCode(Entity):
    """One-time code that the server printed. Several may be valid, one for each server that started; all are
    gone with the first that is used."""

    __tablename__ = "setup_code"

    code_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
