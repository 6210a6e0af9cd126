"""An agendapunt: what is asked, of whom, by when; what was answered; everything that happened to it."""

from datetime import date, datetime
from enum import StrEnum
from typing import cast
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Base, Entity, owner, personal, words
from dagvandebuurt.lessons.models import Lesson
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Organisation, Place, ProgrammeSession, Theme
from dagvandebuurt.qanda.models import Question


class FollowUpStatus(StrEnum):
    PROPOSED = "proposed"
    CURATED = "curated"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    MERGED = "merged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Decision(StrEnum):
    """What an organisation answers that it will do."""

    WILL_DO = "will_do"
    PARTLY = "partly"
    WONT_DO = "wont_do"
    RESEARCHING = "researching"
    ELSEWHERE = "elsewhere"


class Origin(StrEnum):
    """What it came from."""

    QUESTION = "question"
    SIGNAL = "signal"
    DIRECT = "direct"


class Deed(StrEnum):
    """What somebody can do with an agendapunt; each leaves an event."""

    PROPOSE = "propose"
    CURATE = "curate"
    CHECK = "check"
    MERGE = "merge"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    SEND = "send"
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    READDRESS = "readdress"
    START = "start"
    FINISH = "finish"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    ADD = "add"


class By(StrEnum):
    """In what capacity somebody did something. Never who."""

    PARTICIPANT = "participant"
    SUPPORTER = "supporter"
    MODERATOR = "moderator"
    EDITORS = "editors"
    ORGANISATION = "organisation"


# What everybody may read: what was checked and sent.
PUBLIC = frozenset(
    {
        FollowUpStatus.SENT,
        FollowUpStatus.ACKNOWLEDGED,
        FollowUpStatus.ANSWERED,
        FollowUpStatus.IN_PROGRESS,
        FollowUpStatus.DONE,
        FollowUpStatus.CONFIRMED,
        FollowUpStatus.REOPENED,
    }
)

follow_up_partner = Table(
    "follow_up_partner",
    Base.metadata,
    Column("follow_up_id", ForeignKey("follow_up.id", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
)


class FollowUp(Entity):
    """Something an organisation is asked to answer within its term.

    Its words can be changed until it is sent, never after: then there are only visible additions.
    `checked_by_id` is who looked whether a recognisable person is in it; whoever sends is another, and
    every change of its words takes the check away. `due_on` is a date in Amsterdam, and includes that
    whole day. Whether it is late is asked of the clock, never stored.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("status <> 'merged' OR merged_into_id IS NOT NULL", name="merged_has_target"),
        CheckConstraint("status <> 'declined' OR decline_reason IS NOT NULL", name="declined_has_reason"),
        CheckConstraint("status <> 'answered' OR decision IS NOT NULL", name="answered_has_decision"),
        CheckConstraint(
            "status IN ('proposed', 'curated', 'merged', 'declined', 'withdrawn')"
            " OR (organisation_id IS NOT NULL AND due_on IS NOT NULL AND sent_at IS NOT NULL)",
            name="sent_has_addressee_and_date",
        ),
        Index("ix_follow_up_status_due", "status", "due_on"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(160), info=personal("agenda"))
    body: Mapped[str] = mapped_column(Text, info=personal("agenda"))
    origin: Mapped[Origin] = mapped_column(words(Origin), default=Origin.DIRECT)
    seen_count: Mapped[int | None]  # of a signal: how often it was seen
    status: Mapped[FollowUpStatus] = mapped_column(words(FollowUpStatus), default=FollowUpStatus.PROPOSED)
    decision: Mapped[Decision | None] = mapped_column(words(Decision))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_function: Mapped[str | None] = mapped_column(String(120))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    theme_id: Mapped[UUID | None] = mapped_column(ForeignKey("theme.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_session.id"))
    raised_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("agenda")
    )
    supporters: Mapped[int] = mapped_column(default=0)  # of its questions, when they came to it
    due_on: Mapped[date | None] = mapped_column(Date)
    extensions: Mapped[int] = mapped_column(default=0)
    checked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    checked_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None] = mapped_column(String(32))
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("follow_up.id"), index=True)
    proposed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]  # the first answer to whoever it was addressed to
    changed_at: Mapped[datetime]

    organisation: Mapped[Organisation | None] = relationship()
    place: Mapped[Place | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    session: Mapped[ProgrammeSession | None] = relationship()
    partners: Mapped[list[Organisation]] = relationship(
        secondary=follow_up_partner, order_by=Organisation.name
    )
    events: Mapped[list["FollowUpEvent"]] = relationship(
        order_by="FollowUpEvent.position", passive_deletes=True
    )
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.revision", passive_deletes=True)


class FollowUpEvent(Entity):
    """One thing that happened, in public. The database itself lets these rows only grow; of a deleted
    person it lets go of the link and of their note, nothing else.

    `by` says in what capacity, never who; for an organisation `by_function` says which.
    """

    __tablename__ = "follow_up_event"
    __table_args__ = (UniqueConstraint("follow_up_id", "position"),)

    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id"))
    position: Mapped[int]
    deed: Mapped[Deed] = mapped_column(words(Deed))
    before: Mapped[FollowUpStatus | None] = mapped_column(words(FollowUpStatus))
    after: Mapped[FollowUpStatus] = mapped_column(words(FollowUpStatus))
    decision: Mapped[Decision | None] = mapped_column(words(Decision))
    due_on: Mapped[date | None] = mapped_column(Date)
    by: Mapped[By] = mapped_column(words(By))
    by_function: Mapped[str | None] = mapped_column(String(260))
    by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("agenda")
    )
    note: Mapped[str | None] = mapped_column(Text, info=personal("agenda"))
    at: Mapped[datetime]


class Answer(Entity):
    """What the organisation answers. A better answer is a new revision; none is ever written over."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("follow_up_id", "revision"),
        CheckConstraint("decision <> 'researching' OR due_on IS NOT NULL", name="researching_has_date"),
    )

    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id"))
    revision: Mapped[int]
    decision: Mapped[Decision] = mapped_column(words(Decision))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)  # when it will be known, or done
    by_function: Mapped[str] = mapped_column(String(260))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    together_with: Mapped[list[str]]  # names of organisations, as they were then
    at: Mapped[datetime]


class FollowUpQuestion(Base):
    """A question that came to an agendapunt. To one, never to two."""

    __tablename__ = "follow_up_question"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id", ondelete="CASCADE"), index=True)

    question: Mapped[Question] = relationship()


class Follow(Base):
    """Somebody wants to hear what becomes of it."""

    __tablename__ = "follow"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    follow_up_id: Mapped[UUID] = mapped_column(
        ForeignKey("follow_up.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]


class Participation(Base):
    """*Ik doe mee*: somebody wants to help. The organisation reads their name and what they offer."""

    __tablename__ = "participation"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    follow_up_id: Mapped[UUID] = mapped_column(
        ForeignKey("follow_up.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    offer: Mapped[str | None] = mapped_column(Text, info=personal("agenda"))
    since: Mapped[datetime]

    person: Mapped[Person] = relationship()


class FollowUpNews(Base):
    """Tell the followers of this event. The job that does so finds what has no `told_at`."""

    __tablename__ = "follow_up_news"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_event.id"), primary_key=True)
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)


class Heard(Base):
    """*Wat we hoorden*: the page a moderator makes after a session. `version` rises with each change, so
    that of two people who edit at once the second reads what the first wrote."""

    __tablename__ = "heard"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("programme_session.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    edited_by: Mapped[str] = mapped_column(String(100), info=personal("moderation"))
    edited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    edited_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class LessonMark(Base):
    """Decided at the harvest: this question becomes part of a lesson, one that exists or is to be written."""

    __tablename__ = "lesson_mark"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey("lesson.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    lesson: Mapped[Lesson | None] = relationship()


# Words of residents go with them; the link to a person always may.
only_grows(cast(Table, FollowUpEvent.__table__), erasable=("by_id", "note"))
only_grows(cast(Table, Answer.__table__), erasable=("by_id",))
