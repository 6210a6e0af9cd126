"""Tables of action points: content, answers, public history, followers and participants."""

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
from dagvandebuurt.core.models import Base, Entity, enum_column, owner, personal
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
    """Decision of an organisation's answer."""

    WILL_DO = "will_do"
    PARTLY = "partly"
    WONT_DO = "wont_do"
    RESEARCHING = "researching"
    ELSEWHERE = "elsewhere"


class Origin(StrEnum):
    """Origin of a point."""

    QUESTION = "question"
    SIGNAL = "signal"
    DIRECT = "direct"


class Action(StrEnum):
    """Action on an action point; each leaves an event."""

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
    """Capacity in which somebody acted. Never a person."""

    PARTICIPANT = "participant"
    SUPPORTER = "supporter"
    MODERATOR = "moderator"
    EDITORS = "editors"
    ORGANISATION = "organisation"


# Public statuses: checked and sent.
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
    """Action point: something an organisation is asked to answer within its term.

    Its text can be changed until it is sent, never after: then there are only visible additions.
    `checked_by_id` is the person who checked for identifiable people; another one must send it, and every
    change of the text resets the check. `due_on` is a date in Amsterdam, and includes that whole day. Being
    late depends on the clock and is never stored.
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
    origin: Mapped[Origin] = mapped_column(enum_column(Origin), default=Origin.DIRECT)
    seen_count: Mapped[int | None]  # of a reported pattern: how often it was seen
    status: Mapped[FollowUpStatus] = mapped_column(
        enum_column(FollowUpStatus), default=FollowUpStatus.PROPOSED
    )
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_function: Mapped[str | None] = mapped_column(String(120))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    theme_id: Mapped[UUID | None] = mapped_column(ForeignKey("theme.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_session.id"))
    raised_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("agenda")
    )
    supporters: Mapped[int] = mapped_column(default=0)  # of its questions, when they became this point
    due_on: Mapped[date | None] = mapped_column(Date)
    extensions: Mapped[int] = mapped_column(default=0)
    checked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    checked_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None] = mapped_column(String(32))
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("follow_up.id"), index=True)
    proposed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]  # the first answer, to the original addressee
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
    """Public event. Append-only by trigger; on account deletion only the link to the person and their note
    are removed.

    `by` is the capacity, never the person; for an organisation `by_function` says which.
    """

    __tablename__ = "follow_up_event"
    __table_args__ = (UniqueConstraint("follow_up_id", "position"),)

    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id"))
    position: Mapped[int]
    deed: Mapped[Action] = mapped_column(enum_column(Action))
    before: Mapped[FollowUpStatus | None] = mapped_column(enum_column(FollowUpStatus))
    after: Mapped[FollowUpStatus] = mapped_column(enum_column(FollowUpStatus))
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision))
    due_on: Mapped[date | None] = mapped_column(Date)
    by: Mapped[By] = mapped_column(enum_column(By))
    by_function: Mapped[str | None] = mapped_column(String(260))
    by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("agenda")
    )
    note: Mapped[str | None] = mapped_column(Text, info=personal("agenda"))
    at: Mapped[datetime]


class Answer(Entity):
    """Answer of the organisation. A better answer is a new revision; none is overwritten."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("follow_up_id", "revision"),
        CheckConstraint("decision <> 'researching' OR due_on IS NOT NULL", name="researching_has_date"),
    )

    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id"))
    revision: Mapped[int]
    decision: Mapped[Decision] = mapped_column(enum_column(Decision))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)  # when the result is known, or it is done
    by_function: Mapped[str] = mapped_column(String(260))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    together_with: Mapped[list[str]]  # names of organisations, as they were then
    at: Mapped[datetime]


class FollowUpQuestion(Base):
    """Question that became an action point. Unique per question."""

    __tablename__ = "follow_up_question"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id", ondelete="CASCADE"), index=True)

    question: Mapped[Question] = relationship()


class Follow(Base):
    """Subscription to news about a point."""

    __tablename__ = "follow"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    follow_up_id: Mapped[UUID] = mapped_column(
        ForeignKey("follow_up.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]


class Participation(Base):
    """Participation (*Ik doe mee*). The organisation reads the person's name and offer."""

    __tablename__ = "participation"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    follow_up_id: Mapped[UUID] = mapped_column(
        ForeignKey("follow_up.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    offer: Mapped[str | None] = mapped_column(Text, info=personal("agenda"))
    since: Mapped[datetime]

    person: Mapped[Person] = relationship()


class FollowUpNews(Base):
    """Outbox entry of news to followers. The job processes those without `told_at`."""

    __tablename__ = "follow_up_news"

    event_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up_event.id"), primary_key=True)
    made_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)


class Heard(Base):
    """Wrap-up page of a session (*Wat we hoorden*). `version` rises with each change, for optimistic locking."""

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
    """Decision in the wrap-up: this question becomes part of an existing or future lesson."""

    __tablename__ = "lesson_mark"

    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey("lesson.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    lesson: Mapped[Lesson | None] = relationship()


# Residents' text is deleted with them; the link to a person may always be removed.
only_grows(cast(Table, FollowUpEvent.__table__), erasable=("by_id", "note"))
only_grows(cast(Table, Answer.__table__), erasable=("by_id",))
