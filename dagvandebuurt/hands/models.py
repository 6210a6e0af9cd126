"""Tables of raised hands: the hands, what happened to them, and how speaking goes in a session."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base, Entity, enum_column, owner, personal
from dagvandebuurt.people.models import ParticipantRole

ABOUT_MAX_CHARS = 120
WAY_MAX_CHARS = 200
DEFAULT_MINUTES = 2


class HandStatus(StrEnum):
    RAISED = "raised"
    SPEAKING = "speaking"
    SPOKEN = "spoken"
    LOWERED = "lowered"
    PASSED = "passed"  # put down by who runs the session
    LAPSED = "lapsed"  # the session ended, or its person left


class HandAction(StrEnum):
    """Action on a hand that was raised."""

    LOWER = "lower"
    LET_IN = "let_in"
    FINISH = "finish"
    STOP = "stop"
    PUT_DOWN = "put_down"
    RUN_OUT = "run_out"
    LAPSE = "lapse"


OPEN = (HandStatus.RAISED, HandStatus.SPEAKING)


class HandRules(Base):
    """How speaking goes in one session, by its moderators. No row: hands cannot be raised.

    `way` says where somebody speaks: a number to ring, an address, a sentence. Empty: in the video meeting of
    the session itself. `revision` rises with every change of a hand as well.
    """

    __tablename__ = "hand_rules"
    __table_args__ = (CheckConstraint("minutes BETWEEN 1 AND 10", name="minutes_of_a_turn"),)

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger)
    settings_revision: Mapped[int] = mapped_column(BigInteger)
    is_open: Mapped[bool] = mapped_column(default=False)
    minutes: Mapped[int] = mapped_column(default=DEFAULT_MINUTES)
    way: Mapped[str] = mapped_column(String(WAY_MAX_CHARS * 16), default="")
    # Who changed a setting last, for the error of a concurrent change.
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class Hand(Entity):
    """Hand of one person. Somebody has one hand up in a session at most, and one person speaks at a time.

    Who raises a hand is going to be heard, so it is by name. `name_hidden`: a moderator hides that name from
    the hall (`qanda.hidden_names`); the hall then reads the role.
    """

    __tablename__ = "hand"
    __table_args__ = (
        CheckConstraint("status <> 'speaking' OR ends_at IS NOT NULL", name="turn_has_end"),
        Index("ix_hand_session_status", "session_id", "status"),
        Index(
            "uq_hand_one_each",
            "session_id",
            "person_id",
            unique=True,
            sqlite_where=text("status IN ('raised', 'speaking')"),
            postgresql_where=text("status IN ('raised', 'speaking')"),
        ),
        Index(
            "uq_hand_one_speaks",
            "session_id",
            unique=True,
            sqlite_where=text("status = 'speaking'"),
            postgresql_where=text("status = 'speaking'"),
        ),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True, info=owner("hand")
    )
    name: Mapped[str] = mapped_column(String(100), info=personal("hand"))
    mark: Mapped[str | None] = mapped_column(String(20), info=personal("hand"))
    role: Mapped[ParticipantRole] = mapped_column(enum_column(ParticipantRole), info=personal("hand"))
    name_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    about: Mapped[str] = mapped_column(String(ABOUT_MAX_CHARS * 16), default="", info=personal("hand"))
    status: Mapped[HandStatus] = mapped_column(enum_column(HandStatus), default=HandStatus.RAISED)
    raised_at: Mapped[datetime] = mapped_column(info=personal("hand"))
    ends_at: Mapped[datetime | None] = mapped_column(info=personal("hand"))

    def speaks_at(self, now: datetime) -> bool:
        """Return whether it is this person's turn at `now`: not any more once the time is up."""
        return self.status is HandStatus.SPEAKING and self.ends_at is not None and self.ends_at > now


class HandChange(Entity):
    """Append-only history of a hand: who did what to it, and when. No `actor`: the system did it."""

    __tablename__ = "hand_change"

    hand_id: Mapped[UUID] = mapped_column(ForeignKey("hand.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    actor_name: Mapped[str] = mapped_column(String(100), info=personal("hand", of_another=True))
    action: Mapped[HandAction] = mapped_column(enum_column(HandAction))
    before: Mapped[HandStatus] = mapped_column(enum_column(HandStatus))
    after: Mapped[HandStatus] = mapped_column(enum_column(HandStatus))
    at: Mapped[datetime]
