"""Exactly-once writes: a revision counter per room, and the stored result of each operation."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base


class LiveRoom(Base):
    """Revision counter of a room.

    Raising it takes the row's lock, so the order of commits is the order of revisions: a client at revision
    12 has seen everything up to 12. `epoch` changes when a database is restored (`restore_detection.py`):
    revisions of another epoch mean nothing. `extras` names the optional parts that were ever turned on here
    (`live.items.turn_on`): nobody asks for the others.
    """

    __tablename__ = "live_room"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[UUID] = mapped_column(default=uuid4)
    # From 1: a client at 0 knows nothing, and needs no tombstones.
    revision: Mapped[int] = mapped_column(BigInteger, default=1)
    extras: Mapped[str] = mapped_column(String(200), default="", server_default="")


class Operation(Base):
    """Stored result of a live write, returned for a replay. Kept for 48 hours.

    `actor_key` is a pseudonym of this one action (`core.pseudonyms.pseudonym_once`), so that two rows of one
    person have nothing in common. The request is a keyed hash, the result holds ids and no text, and `at` is
    rounded up to the hour: nothing here identifies a person, or times them.
    The key begins with `op_id`: a whole batch is looked up by it (`writes.stored_results`).
    """

    __tablename__ = "operation"
    __table_args__ = {"sqlite_with_rowid": False}

    op_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    actor_key: Mapped[str] = mapped_column(String(22), primary_key=True)
    request: Mapped[str] = mapped_column(String(32))
    result: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)


class FormOnce(Base):
    """Executed form, under a keyed hash of its operation id, its endpoint and its sender. Kept for 48 hours.

    Nothing here identifies a person; `at` is rounded down to the hour. `request` is a keyed hash of the
    content. `result` is the redirect target, encrypted with the operation id, which is stored nowhere.
    """

    __tablename__ = "form_once"
    __table_args__ = {"sqlite_with_rowid": False}

    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    request: Mapped[str] = mapped_column(String(43))
    result: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)
