"""Tables of the Q&A: questions, support, history, settings and backstage messages."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from dagvandebuurt.core.models import Base, Entity, enum_column, owner, personal
from dagvandebuurt.people.models import ParticipantRole


class QuestionKind(StrEnum):
    QUESTION = "question"
    IDEA = "idea"
    SIGNAL = "signal"


class Appearance(StrEnum):
    """How the asker appears to the others."""

    NAME = "name"
    ROLE = "role"
    ANONYMOUS = "anonymous"


class Via(StrEnum):
    """Channel through which a question came in that somebody else wrote down."""

    PHONE = "phone"
    PAPER = "paper"
    BESIDE = "beside"


class QuestionStatus(StrEnum):
    WAITING = "waiting"
    VISIBLE = "visible"
    SHORTLISTED = "shortlisted"
    LIVE = "live"
    ANSWERED = "answered"
    HIDDEN = "hidden"
    MERGED = "merged"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    OPEN_AFTER = "open_after"
    FORWARDED = "forwarded"  # it became an action point


class Action(StrEnum):
    """Action on a question that exists."""

    SUPPORT = "support"
    WITHDRAW = "withdraw"
    SHOW = "show"
    HIDE = "hide"
    SHORTLIST = "shortlist"
    UNLIST = "unlist"
    LIVE = "live"
    REST = "rest"
    ANSWER = "answer"
    MERGE = "merge"
    UNMERGE = "unmerge"
    MOVE = "move"
    CARRY_OVER = "carry_over"
    FORWARD = "forward"


# Statuses the hall may read. Shortlisted is the desk's own mark; the hall sees it as visible.
PUBLIC = frozenset(
    {
        QuestionStatus.VISIBLE,
        QuestionStatus.SHORTLISTED,
        QuestionStatus.LIVE,
        QuestionStatus.ANSWERED,
        QuestionStatus.OPEN_AFTER,
        QuestionStatus.FORWARDED,
    }
)


class Question(Entity):
    """Question of an attendee. Its id was made by the client.

    An anonymous question has no `asker_id` and no `asker_role`: only `author_key`, its asker sealed under the
    key of the room (`qanda.authors`), which finds it for its asker and lets them withdraw it. No other row
    has that value. `was_public` stays true for ever, so that readers are told when it goes.

    A supporter is stored under a pseudonym of one room. A question that was moved keeps the key of the room
    it was asked in, `key_room_id`; None means the room it is in.

    `desk_revision` is the revision of the last decision at the desk; `revision` rises with support as well.

    `is_muted`: asked under a muted handle. It is hidden, and off the desk as well, so that nobody learns
    which other questions are of the same person.

    `name_hidden`: asked by name, and a moderator hides that name from the hall, on this and on later
    questions of the same person in this room (`qanda.hidden_names`).

    `is_mended`: a moderator mended its text before the hall read it; the asker's own words are in
    `QuestionWording`.

    `via` is set on a question that a supporter or moderator wrote down for somebody else, who agreed to that
    at `consent_at`: the role and neighbourhood are that person's, the pseudonym is the writer's.
    """

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("status <> 'hidden' OR hidden_reason IS NOT NULL", name="hidden_has_reason"),
        CheckConstraint("status <> 'answered' OR answered_at IS NOT NULL", name="answered_has_moment"),
        CheckConstraint("appearance <> 'anonymous' OR asker_id IS NULL", name="anonymous_has_no_asker"),
        CheckConstraint(
            "appearance <> 'anonymous' OR asker_role = 'undisclosed'", name="anonymous_has_no_role"
        ),
        CheckConstraint("support_count >= 0", name="support_not_negative"),
        CheckConstraint("via IS NULL OR consent_at IS NOT NULL", name="on_behalf_has_consent"),
        CheckConstraint("status <> 'merged' OR merged_into_id IS NOT NULL", name="merged_has_target"),
        CheckConstraint("status <> 'moved' OR moved_to_id IS NOT NULL", name="moved_has_target"),
        Index("ix_question_room_revision", "session_id", "revision"),
        Index("ix_question_author", "author_key"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(BigInteger)
    desk_revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    author_key: Mapped[str | None] = mapped_column(String(22), info=personal("question"))
    asker_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("question")
    )
    kind: Mapped[QuestionKind] = mapped_column(enum_column(QuestionKind), default=QuestionKind.QUESTION)
    text: Mapped[str] = mapped_column(Text, info=personal("question"))
    appearance: Mapped[Appearance] = mapped_column(enum_column(Appearance))
    shown_name: Mapped[str | None] = mapped_column(String(100), info=personal("question"))
    # Mark the platform sets beside a shown name: "guest", or a role it gave. Never part of the name.
    shown_mark: Mapped[str | None] = mapped_column(String(20), info=personal("question"))
    shown_neighbourhood: Mapped[str | None] = mapped_column(String(80), info=personal("question"))
    asker_role: Mapped[ParticipantRole] = mapped_column(enum_column(ParticipantRole))
    via: Mapped[Via | None] = mapped_column(enum_column(Via))
    consent_at: Mapped[datetime | None]
    key_room_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_session.id"))
    status: Mapped[QuestionStatus] = mapped_column(
        enum_column(QuestionStatus), default=QuestionStatus.WAITING
    )
    was_public: Mapped[bool] = mapped_column(default=False)
    support_count: Mapped[int] = mapped_column(default=0)
    # To the minute: an exact moment beside an attendance list would identify an anonymous asker.
    asked_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(100))
    hidden_reason: Mapped[str | None] = mapped_column(String(32))
    hidden_note: Mapped[str | None] = mapped_column(Text)
    is_muted: Mapped[bool] = mapped_column(default=False, server_default=false())
    name_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_mended: Mapped[bool] = mapped_column(default=False, server_default=false())
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("question.id"), index=True)
    moved_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("question.id"))

    @property
    def key_room(self) -> UUID:
        """Return the room whose pseudonyms are used on this question and its support."""
        return self.key_room_id or self.session_id

    @property
    def shown_as(self) -> str:
        """Return how the asker appears to everybody: an `Appearance`, or `name_hidden`. Check it before using
        `shown_name`.
        """
        is_kept_back = self.appearance is Appearance.NAME and self.name_hidden
        return "name_hidden" if is_kept_back else self.appearance.value


class QuestionWording(Entity):
    """Text that a question had before a moderator mended it; the first is the asker's own. Only grows, until its
    asker is no longer known. There is no timestamp: beside an attendance list it would identify who asked.
    """

    __tablename__ = "question_wording"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text, info=personal("question"))


class QuestionNotice(Base):
    """Recipient of the mail about news of an anonymous question (`qanda.notices`).

    `sealed`: the asker who chose it, under the key of this question alone; otherwise random data of the same
    length. `told`: a fingerprint of the last news sent. There is no timestamp: it would be that of asking.
    """

    __tablename__ = "question_notice"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(22), info=personal("notice"))
    told: Mapped[str] = mapped_column(String(32))


class Support(Base):
    """Support of a question by one person, unique in the database. A row is a yes.

    `is_merged`: it came with a question that was merged into this one, and leaves with it.
    """

    __tablename__ = "support"
    __table_args__ = {"sqlite_with_rowid": False}

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    supporter_key: Mapped[str] = mapped_column(String(22), primary_key=True, info=personal("question"))
    is_merged: Mapped[bool] = mapped_column(default=False, server_default=false())


class MergedSupport(Base):
    """Support that a question had of its own when it was merged into another, so that the merge can be undone.
    It counts nowhere: those supporters are counted at the other question.
    """

    __tablename__ = "merged_support"
    __table_args__ = {"sqlite_with_rowid": False}

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    supporter_key: Mapped[str] = mapped_column(String(22), primary_key=True, info=personal("question"))


WHAT_IS_COUNTED = ("questions", "support", "answers")


class RoleShare(Base):
    """Counts by participant role in a session, as last calculated: numbers of ten and more only.

    They are recalculated once ten more were asked, supported or answered (`total`), never one by one: the
    difference between two looks would reveal the role of the latest.
    """

    __tablename__ = "role_share"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    what: Mapped[str] = mapped_column(String(12), primary_key=True)
    total: Mapped[int]
    numbers: Mapped[dict[str, Any]]


UNDO = "undo"  # deed of a change that put back what was before


class QuestionChange(Entity):
    """Append-only history of moderation: who, when, from and to which status.

    `deed` is set where the status does not say what was done: `hide_name`, `show_name`, `mute`, `unmute`,
    `mend` or `undo`. `beside_id` is the other question it was about: the one that left the stage, or what it was merged
    into, moved to or taken apart from.

    Actions of askers are not recorded here: a name beside the moment would undo anonymity.
    """

    __tablename__ = "question_change"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    moderator_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    moderator_name: Mapped[str] = mapped_column(String(100), info=personal("moderation"))
    before: Mapped[QuestionStatus] = mapped_column(enum_column(QuestionStatus))
    after: Mapped[QuestionStatus] = mapped_column(enum_column(QuestionStatus))
    deed: Mapped[str | None] = mapped_column(String(16))
    beside_id: Mapped[UUID | None] = mapped_column(ForeignKey("question.id", ondelete="SET NULL"))
    reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]


class QuestionClaim(Base):
    """Which moderator is looking at a waiting question, for the other desks to read. It lapses at `until` by itself
    and goes with any decision; it keeps nobody from deciding.
    """

    __tablename__ = "question_claim"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    moderator_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    until: Mapped[datetime]


class AskingRules(Base):
    """Settings of asking in one session, by its moderators. No row: open, no pause, moderated first.

    `minutes_between` is the pause for one person between two questions; 0 is none. With `shows_first` a
    question is published at once and moderated afterwards; an anonymous one still waits.
    """

    __tablename__ = "asking_rules"
    __table_args__ = (CheckConstraint("minutes_between >= 0", name="pause_not_negative"),)

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger)
    is_open: Mapped[bool] = mapped_column(default=True)
    minutes_between: Mapped[int] = mapped_column(default=0)
    shows_first: Mapped[bool] = mapped_column(default=False)
    registered_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Who changed a setting last, for the error of a concurrent change.
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # Setting → the revision at which it last changed.
    turned: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")


class MutedHandle(Base):
    """Muted handle in a room: its questions are visible to their asker only.

    A handle is a pseudonym used for nothing else. Anonymous questions have another one than those by name or
    role, so that muting does not link them.
    """

    __tablename__ = "muted_handle"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    handle: Mapped[str] = mapped_column(String(22), primary_key=True, info=personal("question"))
    reason: Mapped[str] = mapped_column(String(32))
    moderator_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class BackstageLine(Entity):
    """Message between moderators and host beside a session. Never for the hall."""

    __tablename__ = "backstage_line"
    __table_args__ = (Index("ix_backstage_line_room_revision", "session_id", "revision"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("programme_session.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), info=owner("moderation")
    )
    author_name: Mapped[str] = mapped_column(String(100), info=personal("moderation"))
    text: Mapped[str] = mapped_column(Text, info=personal("moderation"))
    at: Mapped[datetime]
