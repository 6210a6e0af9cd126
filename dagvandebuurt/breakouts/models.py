"""Tables of breakout rounds: rounds, groups at a table, who sits where, and what a group wrote."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, enum_column, personal
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Phase, ProgrammeSession

EXTRA = "tables"  # the name of this part among those a room may use
CARD_MAX_CHARS = 200
LINE_MAX_CHARS = 280
MOST_LINES = 100  # of one group
WRITES_ON = timedelta(minutes=2)  # a sentence that was begun can be finished


class BreakoutRound(Entity):
    """Round of tables in a session. `number` counts within the session.

    `revision`: when it last changed for everybody. It ends at `ends_at`, earlier with its session, or at
    `ended_at` where somebody ended it.
    """

    __tablename__ = "breakout_round"
    __table_args__ = (
        UniqueConstraint("session_id", "number"),
        CheckConstraint("ends_at > started_at", name="ends_after_start"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    number: Mapped[int]
    revision: Mapped[int] = mapped_column(BigInteger)
    card: Mapped[str] = mapped_column(String(CARD_MAX_CHARS * 16))
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    # Eager: whether it is over depends on its session too.
    session: Mapped[ProgrammeSession] = relationship(lazy="joined", innerjoin=True, viewonly=True)

    @property
    def over_at(self) -> datetime:
        """Return when it is, or was, over."""
        ends = min(self.ends_at, self.session.ends_at)
        return ends if self.ended_at is None else min(ends, self.ended_at)

    def is_over(self, now: datetime) -> bool:
        return self.over_at <= now or self.session.phase_at(now) in (Phase.ENDED, Phase.CANCELLED)

    def takes_lines(self, now: datetime) -> bool:
        """Tell whether a group can still write: until a moment after the end."""
        return now < self.over_at + WRITES_ON and self.session.phase_at(now) is not Phase.CANCELLED


class BreakoutState(Base):
    """What a session knows of its rounds: the newest one, and when anything of it last changed.

    A session that never had a round has no row, so that nothing else is asked about it. Without a round it was
    announced only.
    """

    __tablename__ = "breakout_state"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger)
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("breakout_round.id", ondelete="CASCADE"))


class BreakoutGroup(Entity):
    """Group at one table in a round.

    A call for help is open from `called_at` until somebody said at `helped_at` that they come.
    """

    __tablename__ = "breakout_group"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("breakout_round.id", ondelete="CASCADE"))
    number: Mapped[int]
    revision: Mapped[int] = mapped_column(BigInteger)
    called_at: Mapped[datetime | None]
    helped_at: Mapped[datetime | None]
    helper_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    @property
    def calls(self) -> bool:
        return self.called_at is not None and self.helped_at is None


class SeatStatus(StrEnum):
    EXPECTED = "expected"  # placed, and not there yet
    HERE = "here"
    LEFT = "left"
    REMOVED = "removed"  # by who came to help; for the rest of the round


class BreakoutSeat(Base):
    """Place of one person in a round. Without a moment: it says that they sat there, not when.

    `revision`: when it last changed for its own person.
    """

    __tablename__ = "breakout_seat"
    __table_args__ = (Index("ix_breakout_seat_group_id", "group_id"),)

    round_id: Mapped[UUID] = mapped_column(
        ForeignKey("breakout_round.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, info=personal("breakout")
    )
    group_id: Mapped[UUID] = mapped_column(ForeignKey("breakout_group.id", ondelete="CASCADE"))
    status: Mapped[SeatStatus] = mapped_column(enum_column(SeatStatus), default=SeatStatus.EXPECTED)
    revision: Mapped[int] = mapped_column(BigInteger)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_away(self) -> bool:
        return self.status in (SeatStatus.LEFT, SeatStatus.REMOVED)


class BreakoutRemoval(Entity):
    """Append-only history of a table: who was removed from it, or let back in, by whom and when."""

    __tablename__ = "breakout_removal"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("breakout_group.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True, info=personal("breakout")
    )
    moderator_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    is_back: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class BreakoutLine(Entity):
    """Line in the note of a group. A line is added or taken away, never changed: two people who write at
    once both stay. `position` is the revision of the room at which it was added.

    `is_outcome`: the group takes it along to the wrap-up of the session.
    """

    __tablename__ = "breakout_line"
    __table_args__ = (Index("ix_breakout_line_group_position", "group_id", "position"),)

    group_id: Mapped[UUID] = mapped_column(ForeignKey("breakout_group.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True, info=personal("breakout")
    )
    position: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(String(LINE_MAX_CHARS * 16), info=personal("breakout"))
    is_outcome: Mapped[bool] = mapped_column(default=False)


class BreakoutWish(Base):
    """What somebody wants of the tables in a session: to sit down or not, and with whom.

    `word_key` is a keyed hash of the word that those who want to sit together share.
    """

    __tablename__ = "breakout_wish"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, info=personal("breakout")
    )
    joins: Mapped[bool] = mapped_column(info=personal("breakout"))
    word_key: Mapped[str | None] = mapped_column(String(32), info=personal("breakout"))
