"""A poll and its counted options."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, personal, words
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus


class PollKind(StrEnum):
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    SCALE = "scale"


class PollStatus(StrEnum):
    """Stored. Closed by its time is computed."""

    DRAFT = "draft"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"


class Poll(Entity):
    """One thing asked of the whole room.

    `revision` rises with what the hall may know, `ballot_revision` with every ballot: only the desk
    hears how many there are. `tallied_at` is when the ballots were counted and destroyed.
    """

    __tablename__ = "poll"
    __table_args__ = (CheckConstraint("max_choices >= 1", name="at_least_one_choice"),)

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), index=True
    )
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    ballot_revision: Mapped[int] = mapped_column(BigInteger, default=0)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PollKind] = mapped_column(words(PollKind))
    status: Mapped[PollStatus] = mapped_column(words(PollStatus), default=PollStatus.DRAFT)
    results_shown: Mapped[bool] = mapped_column(default=False)
    # Who decided something about it last: a colleague who was second is told.
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    max_choices: Mapped[int] = mapped_column(default=1)
    low_label: Mapped[str | None] = mapped_column(String(60))
    high_label: Mapped[str | None] = mapped_column(String(60))
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    tallied_at: Mapped[datetime | None]

    # Always there: whether it is open depends on its session too.
    session: Mapped[ProgrammeSession] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    options: Mapped[list["PollOption"]] = relationship(
        order_by="PollOption.position", cascade="all, delete-orphan", passive_deletes=True
    )

    def status_at(self, now: datetime) -> PollStatus:
        """Where it is at `now`: an open poll whose time is over, or whose session is, is closed."""
        is_over = self.closes_by <= now or self.session.status is SessionStatus.CANCELLED
        return PollStatus.CLOSED if self.status is PollStatus.OPEN and is_over else self.status

    @property
    def closes_by(self) -> datetime:
        """When it closes if nobody does: with its session at the latest, wherever that moves."""
        ends = self.session.ends_at
        return ends if self.closes_at is None else min(self.closes_at, ends)


class PollOption(Entity):
    """One possible answer and how often it was chosen. On a scale: one step of it."""

    __tablename__ = "poll_option"
    __table_args__ = (
        UniqueConstraint("poll_id", "position"),
        CheckConstraint("ballots >= 0", name="ballots_not_negative"),
    )

    poll_id: Mapped[UUID] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(160))
    ballots: Mapped[int] = mapped_column(default=0)


class Ballot(Base):
    """What one person chose, while the poll is open. One a person: the database allows no second.

    Nothing here leads to that person. `voter_key` is a pseudonym of this poll alone, under a key that
    is not in the database; the ballot has no moment and no operation. When the poll closes the
    ballots are counted into `PollOption.ballots`, the rows are deleted and the key is destroyed: from
    then on there is nothing left to trace, for anybody.
    """

    __tablename__ = "ballot"
    __table_args__ = {"sqlite_with_rowid": False}

    poll_id: Mapped[UUID] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True)
    voter_key: Mapped[str] = mapped_column(String(22), primary_key=True, info=personal("ballot"))
    positions: Mapped[list[int]] = mapped_column(JSON)
    role: Mapped[ParticipantRole] = mapped_column(words(ParticipantRole))


class RoleCount(Base):
    """How often people of one role chose one option. Kept only where every number is at least
    `FEWEST`; `role` is a participant role, or `OTHERS` for all the rest together."""

    __tablename__ = "poll_role_count"

    poll_id: Mapped[UUID] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    ballots: Mapped[int]


FEWEST = 10  # a smaller group could be recognised
OTHERS = "others"  # every role that is not told of by itself
