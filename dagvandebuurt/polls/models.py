"""Tables of polls: polls, options, what people wrote, ballots and counts by role."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, enum_column, personal
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus

ANSWER_MAX_CHARS = 120
WORD_MAX_CHARS, WORD_MAX_PARTS = 30, 3  # of one entry of a word cloud
MOST_OPTIONS = 10
MOST_PLACES = 30  # besides `ELSEWHERE`
NUMBERS = 2**53  # of answers: what a browser can count to


class PollKind(StrEnum):
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    SCALE = "scale"
    RANKING = "ranking"
    QUIZ = "quiz"
    OPEN_TEXT = "open_text"
    WORD_CLOUD = "word_cloud"
    PLACES = "places"


class PollStatus(StrEnum):
    """Stored status. Closing by time is computed: `Poll.status_at`."""

    DRAFT = "draft"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"
    REMOVED = "removed"  # before it was opened; desks that are open read that it is gone


class Poll(Entity):
    """Poll in a session.

    `revision` rises with public changes, `ballot_revision` with every ballot: only the desk sees the number
    of ballots. `tallied_at` is when the ballots were counted and destroyed.
    """

    __tablename__ = "poll"
    __table_args__ = (CheckConstraint("max_choices >= 1", name="at_least_one_choice"),)

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), index=True
    )
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    ballot_revision: Mapped[int] = mapped_column(BigInteger, default=0)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PollKind] = mapped_column(enum_column(PollKind))
    status: Mapped[PollStatus] = mapped_column(enum_column(PollStatus), default=PollStatus.DRAFT)
    results_shown: Mapped[bool] = mapped_column(default=False)
    # Who decided last, for the error of a concurrent change.
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    max_choices: Mapped[int] = mapped_column(default=1)
    low_label: Mapped[str | None] = mapped_column(String(60))
    high_label: Mapped[str | None] = mapped_column(String(60))
    shows_mean: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The right answer of a quiz, which nobody in the hall reads before it is counted.
    right_position: Mapped[int | None]
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    tallied_at: Mapped[datetime | None]

    # Eager: whether it is open depends on its session too.
    session: Mapped[ProgrammeSession] = relationship(lazy="joined", innerjoin=True, viewonly=True)
    options: Mapped[list["PollOption"]] = relationship(
        order_by="PollOption.position", cascade="all, delete-orphan", passive_deletes=True
    )

    def status_at(self, now: datetime) -> PollStatus:
        """Return its status at `now`: an open poll whose time or session is over is closed."""
        is_over = self.closes_by <= now or self.session.status is SessionStatus.CANCELLED
        return PollStatus.CLOSED if self.status is PollStatus.OPEN and is_over else self.status

    @property
    def closes_by(self) -> datetime:
        """Return when it closes by itself: with its session at the latest, wherever that moves."""
        ends = self.session.ends_at
        return ends if self.closes_at is None else min(self.closes_at, ends)


class PollOption(Entity):
    """Option and its number of votes; of a ranking, its points. On a scale: one step of it. Of places: what may be
    told of its number (`counting.told_of_places`), and never the number itself.
    """

    __tablename__ = "poll_option"
    __table_args__ = (
        UniqueConstraint("poll_id", "position"),
        CheckConstraint("ballots >= 0", name="ballots_not_negative"),
    )

    poll_id: Mapped[UUID] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(160))
    ballots: Mapped[int] = mapped_column(default=0)


class PollAnswer(Entity):
    """What people wrote in a poll: one row for each different text, and nothing of who wrote it.

    Nothing tells in which order answers came or at which revision: held against the stored operations, that would
    tell whose they are. So `number`, by which ballots and moderators name an answer, is random. `key` is a hash of
    its folded form, by which the same answer is found again. `group_number` is the number of the answer that it is
    like; of the first one of a group its own. `ballots` counts who says this now: an answer that nobody says any
    more is deleted. `revision` is of the last decision to show or to hide it, by `changed_by_id`; 0 before.
    """

    __tablename__ = "poll_answer"
    __table_args__ = (
        UniqueConstraint("poll_id", "number"),
        UniqueConstraint("poll_id", "key"),
        CheckConstraint("ballots >= 0", name="ballots_not_negative"),
        {"sqlite_with_rowid": False},
    )

    poll_id: Mapped[UUID] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(String(ANSWER_MAX_CHARS * 16), info=personal("poll_answer"))
    group_number: Mapped[int] = mapped_column(BigInteger)
    is_shown: Mapped[bool] = mapped_column(default=False)
    ballots: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(BigInteger, default=0)
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class Ballot(Base):
    """Secret ballot of one person in an open poll, unique in the database.

    Nothing here leads to that person. `voter_key` is a pseudonym of this poll alone, under a key that is not
    in the database; the ballot has no timestamp and no operation. When the poll closes the ballots are
    counted into `PollOption.ballots`, the rows are deleted and the key is destroyed: from then on no trace is
    left.
    """

    __tablename__ = "ballot"
    __table_args__ = {"sqlite_with_rowid": False}

    poll_id: Mapped[UUID] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True)
    voter_key: Mapped[str] = mapped_column(String(22), primary_key=True, info=personal("ballot"))
    positions: Mapped[list[int]] = mapped_column(JSON)
    role: Mapped[ParticipantRole] = mapped_column(enum_column(ParticipantRole))


class RoleCount(Base):
    """Number of votes for an option by people of one role. Stored only where every number is at least
    `FEWEST`; `role` is a participant role, or `OTHERS` for all the rest together.
    """

    __tablename__ = "poll_role_count"

    poll_id: Mapped[UUID] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    ballots: Mapped[int]


WRITTEN = frozenset(
    {PollKind.OPEN_TEXT, PollKind.WORD_CLOUD}
)  # kinds in which people write instead of choosing
FEWEST = 10  # smaller groups could be identified
ELSEWHERE = "Ergens anders"  # the last option of places; Dutch, as all options
OTHERS = "others"  # every role without a row of its own
BY_ROLE = frozenset(
    {PollKind.SINGLE_CHOICE, PollKind.MULTIPLE_CHOICE, PollKind.SCALE}
)  # kinds counted by role
