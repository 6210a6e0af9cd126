"""Tables of the market: stands with their pictures and papers, who is there now, who waits, and what visitors leave."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, enum_column, personal
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.wijkwijzer.models import Initiative

TITLE_MAX_CHARS = 120
ABOUT_MAX_CHARS = 800
SAID_MAX_CHARS = 4000
ADDRESS_MAX_CHARS = 300
ALT_MAX_CHARS = 300
PAPER_MAX_CHARS = 120
TOKEN_HASH_CHARS = 64
VISITOR_KEY_CHARS = 32
QUEUE_KEY_CHARS = 64
NICKNAME_MAX_CHARS = 60


class MarketStand(Entity):
    """Stand at the market of an edition, open from `opens_at` to `closes_at`, or until an organiser closed it.

    `film_said` is what is said in the film, to read. `talk_url` is the video meeting in which the stand talks
    with visitors, shown while somebody of the stand is there.
    """

    __tablename__ = "market_stand"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="closes_after_opening"),)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    slug: Mapped[str] = mapped_column(String(90), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS * 16))
    about: Mapped[str] = mapped_column(Text, default="")
    initiative_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("initiative.id", ondelete="SET NULL"), index=True
    )
    film_url: Mapped[str] = mapped_column(String(ADDRESS_MAX_CHARS), default="")
    film_said: Mapped[str] = mapped_column(Text, default="")
    talk_url: Mapped[str] = mapped_column(String(ADDRESS_MAX_CHARS), default="")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship(viewonly=True)
    initiative: Mapped[Initiative | None] = relationship(viewonly=True)
    pictures: Mapped[list["MarketPicture"]] = relationship(
        order_by="MarketPicture.position", cascade="all, delete-orphan", passive_deletes=True
    )
    papers: Mapped[list["MarketPaper"]] = relationship(
        order_by="MarketPaper.position", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def ends_at(self) -> datetime:
        """Return when the stand closes, or closed."""
        return self.closes_at if self.closed_at is None else min(self.closes_at, self.closed_at)

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.ends_at

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now


class MarketPicture(Entity):
    """Picture at a stand. `name` is one in the file store; `alt` says what is on it."""

    __tablename__ = "market_picture"

    stand_id: Mapped[UUID] = mapped_column(ForeignKey("market_stand.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(String(ALT_MAX_CHARS * 16))
    position: Mapped[int]


class MarketPaper(Entity):
    """Paper that a stand hands out: the address of a document on its own site, and what it is called."""

    __tablename__ = "market_paper"

    stand_id: Mapped[UUID] = mapped_column(ForeignKey("market_stand.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(PAPER_MAX_CHARS * 16))
    url: Mapped[str] = mapped_column(String(ADDRESS_MAX_CHARS))
    position: Mapped[int]


class MarketPresence(Base):
    """Somebody of a stand who said that they are there, until a moment: who forgets to leave is not there all day."""

    __tablename__ = "market_presence"

    stand_id: Mapped[UUID] = mapped_column(
        ForeignKey("market_stand.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        info=personal("market_presence"),
    )
    until: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True, viewonly=True)


class MarketContact(Entity):
    """Name, phone number or address that a visitor left at a stand, for who keeps that stand.

    `sealed` holds it (`contacts.seal`), under a key that is not in the database. No account hangs on it: the link
    that its writer got finds it, by `token_hash`.
    """

    __tablename__ = "market_contact"
    __table_args__ = (Index("ix_market_contact_stand_id_left_at", "stand_id", "left_at"),)

    stand_id: Mapped[UUID] = mapped_column(ForeignKey("market_stand.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(TOKEN_HASH_CHARS), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=personal("market_contact"))
    left_at: Mapped[datetime]

    stand: Mapped[MarketStand] = relationship(viewonly=True)


class MarketWish(Base):
    """Somebody wants what a stand does in their own neighbourhood too: counted once for each browser.

    `visitor_key` is a keyed hash for this stand alone; no person and no moment is kept.
    """

    __tablename__ = "market_wish"

    stand_id: Mapped[UUID] = mapped_column(
        ForeignKey("market_stand.id", ondelete="CASCADE"), primary_key=True
    )
    visitor_key: Mapped[str] = mapped_column(String(VISITOR_KEY_CHARS), primary_key=True)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id", ondelete="SET NULL"), index=True)


class WaitStatus(StrEnum):
    """Status of a visitor in the queue of a stand. `WAITING` and `CALLED` are active; the others are how it ended."""

    WAITING = "waiting"
    CALLED = "called"
    TALKED = "talked"
    MISSED = "missed"
    LEFT = "left"
    ENDED = "ended"


class WaitAction(StrEnum):
    """What happens to a visitor in a queue."""

    CALL = "call"
    FINISH = "finish"
    MISS = "miss"
    LEAVE = "leave"
    END = "end"


ACTIVE = (WaitStatus.WAITING, WaitStatus.CALLED)


class MarketWait(Entity):
    """Visitor in the queue of a stand, once for each browser; who joins again gets a new row.

    No account hangs on it. `visitor_key` is a hash of chance in the cookie, the same at all stands of an edition.
    `sealed` is the name that the visitor chose, under the key of the stand. `by_id` is the holder who called, or
    who settled it.
    """

    __tablename__ = "market_wait"
    __table_args__ = (
        UniqueConstraint("stand_id", "visitor_key", name="uq_market_wait_stand_id_visitor_key"),
        Index("ix_market_wait_stand_id_status", "stand_id", "status", "joined_at"),
    )

    stand_id: Mapped[UUID] = mapped_column(ForeignKey("market_stand.id", ondelete="CASCADE"))
    visitor_key: Mapped[str] = mapped_column(String(QUEUE_KEY_CHARS), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=personal("market_wait"))
    status: Mapped[WaitStatus] = mapped_column(enum_column(WaitStatus), default=WaitStatus.WAITING)
    joined_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=personal("market_wait")
    )

    stand: Mapped[MarketStand] = relationship(viewonly=True)
    by: Mapped[Person | None] = relationship(viewonly=True)

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE
