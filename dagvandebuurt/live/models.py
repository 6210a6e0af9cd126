"""What makes a write happen once: a counter for each room, and the result of each operation."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base


class LiveRoom(Base):
    """The revision counter of one room. Raising it takes the row's lock, so the order of commits is
    the order of revisions: who has seen revision 12 has seen everything up to 12.

    `epoch` changes when a database is put back (`restoring.py`): revisions of another epoch mean nothing.
    """

    __tablename__ = "live_room"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[UUID] = mapped_column(default=uuid4)
    # From 1: a reader who says 0 knows nothing, and is told nothing of what went.
    revision: Mapped[int] = mapped_column(BigInteger, default=1)


class Operation(Base):
    """The stored result of a live write: a replay is answered with it. Kept for 48 hours.

    `actor_key` is a pseudonym of this one deed (`core.keys.pseudonym_once`), so that two rows of one person
    have nothing in common. The request is a keyed hash, the result holds ids and no words of people, and
    `at` is the next whole hour: nothing here leads to a person, or times them.

    The key begins with `op_id`: a whole batch is looked up by it (`writes.stored_results`)."""

    __tablename__ = "operation"
    __table_args__ = {"sqlite_with_rowid": False}

    op_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    actor_key: Mapped[str] = mapped_column(String(22), primary_key=True)
    request: Mapped[str] = mapped_column(String(32))
    result: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)


class FormOnce(Base):
    """That a form was done: under a keyed hash of its operation id, its door and who sent it, so that
    nothing here leads to a person. `at` is rounded down to the hour. Kept for 48 hours.

    `request` is a keyed hash of what was sent. `result` says where its answer led; the operation id, which
    is stored nowhere, is the key to it.
    """

    __tablename__ = "form_once"
    __table_args__ = {"sqlite_with_rowid": False}

    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    request: Mapped[str] = mapped_column(String(43))
    result: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)
