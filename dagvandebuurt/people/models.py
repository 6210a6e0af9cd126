"""Accounts, logins, roles, links, bookmarks and house rules."""

from datetime import datetime
from enum import StrEnum
from typing import cast
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dagvandebuurt.core.append_only import only_grows
from dagvandebuurt.core.models import Base, Entity, enum_column, personal


class ParticipantRole(StrEnum):
    """Role of a participant in their own words. Never a permission: those follow from `Role`."""

    RESIDENT = "resident"
    ACTIVE_RESIDENT = "active_resident"
    SOCIAL_WORKER = "social_worker"
    PROFESSIONAL = "professional"
    POLICY_OFFICER = "policy_officer"
    ADMINISTRATOR = "administrator"
    RESEARCHER = "researcher"
    ENTREPRENEUR = "entrepreneur"
    # What these mean, an organiser says (`branding.words`): a few codes for entries of their own.
    OWN_1 = "own_1"
    OWN_2 = "own_2"
    OWN_3 = "own_3"
    OWN_4 = "own_4"
    OWN_5 = "own_5"
    OWN_6 = "own_6"
    UNDISCLOSED = "undisclosed"


class Domain(StrEnum):
    """Field of work or life of a participant."""

    WELFARE = "welfare"
    HOUSING = "housing"
    POLICE = "police"
    CARE = "care"
    EDUCATION = "education"
    WORK_INCOME = "work_income"
    MUNICIPALITY = "municipality"
    RESIDENTS = "residents"
    KNOWLEDGE = "knowledge"
    # What these mean, an organiser says (`branding.words`): a few codes for entries of their own.
    OWN_1 = "own_1"
    OWN_2 = "own_2"
    OWN_3 = "own_3"
    OWN_4 = "own_4"
    OWN_5 = "own_5"
    OWN_6 = "own_6"


class Role(StrEnum):
    """Assigned role, from which permissions follow. Given, never claimed."""

    SUPPORTER = "supporter"
    PHONE_DESK = "phone_desk"
    HOST = "host"
    MODERATOR = "moderator"
    CAPTIONER = "captioner"
    STAND_HOLDER = "stand_holder"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ORG_CONTACT = "org_contact"
    LEARNING_COORDINATOR = "learning_coordinator"
    ORGANISER = "organiser"
    ADMIN = "admin"


class Person(Entity):
    """Account: a guest with a name of their choice, or a person with an address.

    `email` is stored as people typed it, `email_key` folded, for finding and for the one-account rule. An
    address counts only once it is confirmed.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email IS NULL OR email_key IS NOT NULL", name="email_has_key"),
        CheckConstraint("email_confirmed_at IS NULL OR email IS NOT NULL", name="confirmed_has_email"),
    )

    name: Mapped[str] = mapped_column(String(100), info=personal("account"))
    email: Mapped[str | None] = mapped_column(String(320), info=personal("account"))
    email_key: Mapped[str | None] = mapped_column(String(320), unique=True, info=personal("account"))
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(256), info=personal("account"))
    participant_role: Mapped[ParticipantRole] = mapped_column(
        enum_column(ParticipantRole), default=ParticipantRole.UNDISCLOSED, info=personal("account")
    )
    domain: Mapped[Domain | None] = mapped_column(enum_column(Domain), info=personal("account"))
    neighbourhood: Mapped[str | None] = mapped_column(String(80), info=personal("account"))
    language: Mapped[str] = mapped_column(String(5), default="nl", info=personal("account"))
    house_rules_version: Mapped[int | None]
    privacy_accepted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    suspended_reason: Mapped[str | None] = mapped_column(String(300), info=personal("account"))
    # Account retention (`people.lifecycle.account_retention`): said yes, asked, said no, warned.
    stays_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    lets_go_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]  # erased: this row remains for an hour as a tombstone
    # A guest who was merged into this account: the guest's row remains for an hour as a tombstone.
    keeps_shell: Mapped[bool] = mapped_column(default=False)  # an append-only row refers to this one
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # Rises when a permission changes; every process polls for newer ones and acts on its open sockets.
    rights_revision: Mapped[int] = mapped_column(BigInteger, default=0, index=True)

    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def has_account(self) -> bool:
        return self.email_confirmed_at is not None


class RoleGrant(Entity):
    """Role of a person: everywhere, or for one session or organisation (`scope_id`)."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role", "scope_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    scope_id: Mapped[UUID | None]
    granted_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="grants")


class LoginSession(Entity):
    """Logged-in browser. The signed cookie holds its id; ending the row ends the cookie, and every socket
    opened with it."""

    __tablename__ = "login_session"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime] = mapped_column(info=personal("login"))
    seen_at: Mapped[datetime] = mapped_column(info=personal("login"))
    ended_at: Mapped[datetime | None]
    # Roughly which browser, for its owner to recognise: never an IP address, never a version.
    device: Mapped[str] = mapped_column(String(60), default="", info=personal("login"))
    is_shared: Mapped[bool] = mapped_column(default=False)  # a shared computer: it expires soon
    # When a second factor was given here. Until then the person's roles are not active in this login.
    proven_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class SecondFactor(Base):
    """Authenticator app of a person (TOTP, RFC 6238).

    The secret itself is not here: it is derived from a key outside the database, and `serial` tells which
    one it is.
    """

    __tablename__ = "second_factor"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    serial: Mapped[int] = mapped_column(default=1)
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)  # a code is valid once


class RecoveryCode(Entity):
    """Recovery code, for a lost phone. Valid once; only its hash is stored."""

    __tablename__ = "recovery_code"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class Invitation(Entity):
    """Invitation to a role, by mail. The link works once; only its hash is stored."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(320), info=personal("invitation"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    scope_id: Mapped[UUID | None]
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class AccessChange(Entity):
    """Audit log of roles and suspensions. Append-only."""

    __tablename__ = "access_change"

    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(String(40))
    scope_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(index=True)


class LinkPurpose(StrEnum):
    CONFIRM = "confirm"
    LOGIN = "login"
    PLACE = "place"  # a place is held for them


class PersonalLink(Entity):
    """Mailed link. Works once, by pressing its button; only its hash is stored."""

    __tablename__ = "personal_link"
    __table_args__ = (Index("ix_personal_link_person", "person_id", "purpose"),)

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_column(LinkPurpose))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    # Pending actions of the browser that asked for this link. They run by themselves in that browser only.
    wishes: Mapped[UUID | None]
    # The guest of the browser that asked for it. Merged into `person` only on request.
    guest_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class PendingAction(Entity):
    """Pending action: what a visitor wanted to do when they were asked to log in first.

    It is run as soon as they are logged in; typed text is never lost on the way. The actions of one browser
    share a `bundle`, which its cookie holds. A mailed link names it too: in another browser they are shown,
    and run only if the reader ticks them.
    """

    __tablename__ = "wish"

    bundle: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(32))
    target_id: Mapped[UUID]
    text: Mapped[str | None] = mapped_column(Text, info=personal("wish"))
    back_to: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]


class Bookmark(Entity):
    """Bookmark, with a note only its owner reads."""

    __tablename__ = "bookmark"
    __table_args__ = (UniqueConstraint("person_id", "target_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    target_id: Mapped[UUID] = mapped_column(index=True)
    note: Mapped[str | None] = mapped_column(Text, info=personal("account"))
    saved_at: Mapped[datetime]


class MutedMail(Base):
    """Kind of mail that somebody switched off. All others are sent."""

    __tablename__ = "muted_mail"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(20), primary_key=True, info=personal("account"))


class HouseRules(Entity):
    """Version of the house rules (*spelregels*), as they were accepted. Append-only.

    An empty English text falls back on the Dutch one.
    """

    __tablename__ = "house_rules"

    version: Mapped[int] = mapped_column(unique=True)
    effective_from: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120), default="", server_default="")
    intro: Mapped[str] = mapped_column(Text)
    intro_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    rules: Mapped[list["HouseRule"]] = relationship(
        order_by="HouseRule.position", cascade="all, delete-orphan", passive_deletes=True
    )
    what_happens: Mapped[list[str]]
    what_happens_en: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    made_at: Mapped[datetime | None]  # None: loaded, or the standard rules
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    made_by: Mapped[Person | None] = relationship()


class HouseRule(Entity):
    """One house rule. Its `code` is the reason a moderator gives when something is hidden; that of a
    rule of the organiser's own (`own_…`) stands for its title, for good. Append-only.
    """

    __tablename__ = "house_rule"
    __table_args__ = (UniqueConstraint("house_rules_id", "code"),)

    house_rules_id: Mapped[UUID] = mapped_column(ForeignKey("house_rules.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160), default="", server_default="")
    body: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text, default="", server_default="")


class Dissolution(Base):
    """The end of the organisation. One row at most.

    Everybody with an address was told at `announced_at`; nobody is erased before `due_at`. From `begun_at` on
    nothing can be sent in any more, and at `done_at` no person was left.
    """

    __tablename__ = "dissolution"
    __table_args__ = (CheckConstraint("number = 1", name="one"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    announced_at: Mapped[datetime]
    due_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


only_grows(cast(Table, HouseRules.__table__), erasable=("made_by_id",))
only_grows(cast(Table, HouseRule.__table__))
