"""Tables of the Wijkwijzer: learning questions, offers, gaps and initiatives. The people around them:
`people/models.py`.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.models import Base, Entity, enum_column, owner, personal
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import Organisation, Place, Theme
from dagvandebuurt.wijkwijzer.people import models  # noqa: F401 - their tables are this room's too


class LearningQuestionStatus(StrEnum):
    SUBMITTED = "submitted"
    VISIBLE = "visible"
    CLUSTERED = "clustered"
    MATCHED = "matched"
    ANSWERED = "answered"
    GAP = "gap"
    DECLINED = "declined"


class OfferStatus(StrEnum):
    SUBMITTED = "submitted"
    CHECKED = "checked"
    PUBLISHED = "published"
    CHECK_DUE = "check_due"
    EXPIRED = "expired"
    ARCHIVED = "archived"
    DECLINED = "declined"


class GapStatus(StrEnum):
    IDENTIFIED = "identified"
    ADOPTED = "adopted"
    IN_DESIGN = "in_design"
    FILLED = "filled"
    PARKED = "parked"


class InitiativeStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    CHECK_DUE = "check_due"
    ARCHIVED = "archived"


class GapKind(StrEnum):
    """Reason why it is missing."""

    NO_OFFER = "no_offer"
    SINGLE_SECTOR = "single_sector"
    NOT_ACCESSIBLE = "not_accessible"


class OfferForm(StrEnum):
    """Form of learning."""

    COURSE = "course"
    WORKSHOP = "workshop"
    E_LEARNING = "e_learning"
    VISIT = "visit"
    NETWORK = "network"
    READING = "reading"
    PODCAST = "podcast"
    COACH = "coach"


class OfferMode(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    BLENDED = "blended"


class LinkStatus(StrEnum):
    """Result of the last check of an offer's link."""

    UNKNOWN = "unknown"
    WORKS = "works"
    BROKEN = "broken"


# Public statuses.
SHOWN_QUESTIONS = frozenset(
    {
        LearningQuestionStatus.VISIBLE,
        LearningQuestionStatus.MATCHED,
        LearningQuestionStatus.ANSWERED,
        LearningQuestionStatus.GAP,
    }
)
SHOWN_OFFERS = frozenset({OfferStatus.PUBLISHED, OfferStatus.CHECK_DUE})
SHOWN_INITIATIVES = frozenset({InitiativeStatus.PUBLISHED, InitiativeStatus.CHECK_DUE})
# Statuses of a gap with a plan.
SHOWN_PLANS = frozenset({GapStatus.ADOPTED, GapStatus.IN_DESIGN})


def _with_themes(name: str) -> Table:
    return Table(
        f"{name}_theme",
        Base.metadata,
        Column(f"{name}_id", ForeignKey(f"{name}.id", ondelete="CASCADE"), primary_key=True),
        Column("theme_id", ForeignKey("theme.id"), primary_key=True),
    )


learning_question_theme = _with_themes("learning_question")
learning_offer_theme = _with_themes("learning_offer")
initiative_theme = _with_themes("initiative")
learning_match = Table(
    "learning_match",
    Base.metadata,
    Column("learning_question_id", ForeignKey("learning_question.id", ondelete="CASCADE"), primary_key=True),
    Column("learning_offer_id", ForeignKey("learning_offer.id", ondelete="CASCADE"), primary_key=True),
)
gap_filling = Table(
    "gap_filling",
    Base.metadata,
    Column("gap_id", ForeignKey("gap.id", ondelete="CASCADE"), primary_key=True),
    Column("learning_offer_id", ForeignKey("learning_offer.id", ondelete="CASCADE"), primary_key=True),
)
initiative_partner = Table(
    "initiative_partner",
    Base.metadata,
    Column("initiative_id", ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
)


class LearningQuestion(Entity):
    """Learning question (*leervraag*).

    It shows the role of its asker, never the person. `question_id` is the congress question it came from, so
    that an anonymous asker finds it by the private link. `me_too` counts people; it keeps those whose account
    was deleted.
    """

    __tablename__ = "learning_question"
    __table_args__ = (
        CheckConstraint("status <> 'clustered' OR merged_into_id IS NOT NULL", name="clustered_has_target"),
        CheckConstraint("status <> 'gap' OR gap_id IS NOT NULL", name="gap_has_gap"),
        CheckConstraint("status <> 'answered' OR answer IS NOT NULL", name="answered_has_answer"),
        CheckConstraint("status <> 'declined' OR decline_note IS NOT NULL", name="declined_has_note"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(160), info=personal("learning"))
    detail: Mapped[str] = mapped_column(Text, info=personal("learning"))
    asked_by_role: Mapped[ParticipantRole] = mapped_column(enum_column(ParticipantRole))
    asker_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("learning")
    )
    question_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("question.id", ondelete="SET NULL"), index=True
    )
    domains: Mapped[list[str]] = mapped_column(default=list)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    status: Mapped[LearningQuestionStatus] = mapped_column(
        enum_column(LearningQuestionStatus), default=LearningQuestionStatus.SUBMITTED
    )
    me_too: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("learning_question.id"), index=True)
    gap_id: Mapped[UUID | None] = mapped_column(ForeignKey("gap.id"), index=True)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(160))
    decline_note: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    themes: Mapped[list[Theme]] = relationship(secondary=learning_question_theme, order_by=Theme.position)
    offers: Mapped[list["LearningOffer"]] = relationship(
        secondary=learning_match, back_populates="questions", order_by="LearningOffer.number"
    )
    gap: Mapped["Gap | None"] = relationship(back_populates="questions")
    place: Mapped[Place | None] = relationship()


class MeToo(Base):
    """Support (*ik ook*): a person who wants to learn the same, and gets its news."""

    __tablename__ = "me_too"

    learning_question_id: Mapped[UUID] = mapped_column(
        ForeignKey("learning_question.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]


class LearningOffer(Entity):
    """Learning offer (*leeraanbod*).

    Its sender confirms it every year: `checked_on` is the last confirmation, `asked_at` the last request. An
    unconfirmed offer expires, but never before it was asked.
    """

    __tablename__ = "learning_offer"
    __table_args__ = (
        CheckConstraint("status <> 'published' OR checked_on IS NOT NULL", name="published_is_checked"),
        CheckConstraint("status <> 'check_due' OR asked_at IS NOT NULL", name="check_due_was_asked"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(160), info=personal("learning"))
    summary: Mapped[str] = mapped_column(Text, info=personal("learning"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    provider_name: Mapped[str] = mapped_column(String(120), info=personal("learning"))
    form: Mapped[OfferForm] = mapped_column(enum_column(OfferForm))
    mode: Mapped[OfferMode] = mapped_column(enum_column(OfferMode))
    audience: Mapped[list[str]] = mapped_column(default=list)
    domains: Mapped[list[str]] = mapped_column(default=list)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    cost: Mapped[str] = mapped_column(String(80), info=personal("learning"))
    duration: Mapped[str] = mapped_column(String(80), info=personal("learning"))
    language_level: Mapped[str] = mapped_column(String(5), default="")
    url: Mapped[str | None] = mapped_column(String(300), info=personal("learning"))
    contact: Mapped[str | None] = mapped_column(String(160), info=personal("learning"))
    status: Mapped[OfferStatus] = mapped_column(enum_column(OfferStatus), default=OfferStatus.SUBMITTED)
    for_gap_id: Mapped[UUID | None] = mapped_column(ForeignKey("gap.id"))
    submitted_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("learning")
    )
    checked_on: Mapped[date | None] = mapped_column(Date)
    asked_at: Mapped[datetime | None]
    decline_note: Mapped[str | None] = mapped_column(Text)
    link_state: Mapped[LinkStatus] = mapped_column(enum_column(LinkStatus), default=LinkStatus.UNKNOWN)
    link_checked_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    provider: Mapped[Organisation | None] = relationship()
    place: Mapped[Place | None] = relationship()
    for_gap: Mapped["Gap | None"] = relationship(foreign_keys=[for_gap_id])
    themes: Mapped[list[Theme]] = relationship(secondary=learning_offer_theme, order_by=Theme.position)
    questions: Mapped[list[LearningQuestion]] = relationship(
        secondary=learning_match, back_populates="offers", order_by=LearningQuestion.number
    )


class Gap(Entity):
    """Gap (*nog te organiseren*): wanted, but not offered, or not to all who need it.

    Filled only by a published offer. Its themes and domains are those of its questions.
    """

    __tablename__ = "gap"
    __table_args__ = (
        CheckConstraint(
            "status NOT IN ('adopted', 'in_design') OR (owner_name IS NOT NULL AND next_step IS NOT NULL"
            " AND due_on IS NOT NULL)",
            name="adopted_has_owner_step_and_date",
        ),
        CheckConstraint("status <> 'parked' OR park_note IS NOT NULL", name="parked_has_note"),
    )

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(160))
    kind: Mapped[GapKind] = mapped_column(enum_column(GapKind))
    status: Mapped[GapStatus] = mapped_column(enum_column(GapStatus), default=GapStatus.IDENTIFIED)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    owner_name: Mapped[str | None] = mapped_column(String(120))
    next_step: Mapped[str | None] = mapped_column(String(300))
    due_on: Mapped[date | None] = mapped_column(Date)
    park_note: Mapped[str | None] = mapped_column(Text)
    identified_at: Mapped[datetime]
    filled_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    owner: Mapped[Organisation | None] = relationship()
    questions: Mapped[list[LearningQuestion]] = relationship(
        back_populates="gap", order_by=LearningQuestion.number
    )
    filled_by: Mapped[list[LearningOffer]] = relationship(
        secondary=gap_filling, order_by=LearningOffer.number
    )


class Initiative(Entity):
    """Initiative (*goed voorbeeld*): what people in a neighbourhood do, what it needs, and what others can
    copy.
    """

    __tablename__ = "initiative"
    __table_args__ = (
        CheckConstraint("status <> 'published' OR checked_on IS NOT NULL", name="published_is_checked"),
        CheckConstraint("photo IS NULL OR photo_credit IS NOT NULL", name="photo_has_credit"),
    )

    slug: Mapped[str] = mapped_column(String(90), unique=True)
    title: Mapped[str] = mapped_column(String(160), info=personal("learning"))
    summary: Mapped[str] = mapped_column(Text, info=personal("learning"))
    what: Mapped[str] = mapped_column(Text, info=personal("learning"))
    need_it_met: Mapped[str] = mapped_column(Text, info=personal("learning"))
    costs: Mapped[str] = mapped_column(Text, info=personal("learning"))
    what_went_wrong: Mapped[str] = mapped_column(Text, info=personal("learning"))
    tip: Mapped[str] = mapped_column(Text, info=personal("learning"))
    started: Mapped[int | None]
    domains: Mapped[list[str]] = mapped_column(default=list)
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"), index=True)
    led_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    led_by_name: Mapped[str] = mapped_column(String(120), info=personal("learning"))
    photo: Mapped[str | None] = mapped_column(String(200), info=personal("learning"))
    photo_alt: Mapped[str | None] = mapped_column(String(300), info=personal("learning"))
    photo_credit: Mapped[str | None] = mapped_column(String(200), info=personal("learning"))
    status: Mapped[InitiativeStatus] = mapped_column(
        enum_column(InitiativeStatus), default=InitiativeStatus.DRAFT
    )
    submitted_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, info=owner("learning")
    )
    checked_on: Mapped[date | None] = mapped_column(Date)
    asked_at: Mapped[datetime | None]
    review_note: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    led_by: Mapped[Organisation | None] = relationship()
    place: Mapped[Place | None] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary=initiative_theme, order_by=Theme.position)
    partners: Mapped[list[Organisation]] = relationship(
        secondary=initiative_partner, order_by=Organisation.name
    )
