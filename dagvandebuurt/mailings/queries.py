"""Reading mailings, who would get one, and who got it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, not_, or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.mailings.filters import Audience, gets_it, has_address, has_muted, matches
from dagvandebuurt.mailings.models import (
    SECOND_PAIR_ABOVE,
    Mailing,
    MailingChange,
    MailingRecipient,
    MailingRules,
    MailingStatus,
    RecipientStatus,
)
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus

KIND = "mailing"  # of these mails in the outbox
A_PAGE = 100
MOST_LISTED = 100


def mailings_of(edition_id: UUID) -> Sequence[Mailing]:
    """Return the mailings of an edition, the newest first."""
    return db.session.scalars(
        select(Mailing)
        .where(Mailing.edition_id == edition_id)
        .order_by(Mailing.made_at.desc(), Mailing.id)
        .limit(MOST_LISTED)
    ).all()


def mailing_by_id(edition_id: UUID, mailing_id: UUID) -> Mailing:
    """Return a mailing of this edition. Raises NotFound."""
    found = db.session.get(Mailing, mailing_id)
    if found is None or found.edition_id != edition_id:
        raise NotFound
    return found


def changes_of(mailing: Mailing) -> Sequence[MailingChange]:
    """Return what was done to it, oldest first."""
    return db.session.scalars(
        select(MailingChange)
        .where(MailingChange.mailing_id == mailing.id)
        .order_by(MailingChange.at, MailingChange.id)
    ).all()


def second_pair_above(edition_id: UUID) -> int:
    """Return above how many people a second organiser has to agree."""
    rules = db.session.get(MailingRules, edition_id)
    return SECOND_PAIR_ABOVE if rules is None else rules.second_pair_above


def sessions_to_choose(edition_id: UUID) -> Sequence[ProgrammeSession]:
    """Return the sessions of an edition, also cancelled ones: who chose those has to be told as well."""
    return db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.edition_id == edition_id, ProgrammeSession.status != SessionStatus.DRAFT)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title, ProgrammeSession.id)
    ).all()


@dataclass(frozen=True)
class Counted:
    """How many people an audience is: who gets it in which language, and who does not, with the reason."""

    dutch: int
    english: int
    muted: int
    without_address: int

    @property
    def total(self) -> int:
        return self.dutch + self.english


def counted(edition_id: UUID, audience: Audience) -> Counted:
    """Count an audience."""
    gets = and_(has_address(), not_(has_muted()))
    row = db.session.execute(
        select(
            func.count(case((and_(gets, Person.language != "en"), 1))),
            func.count(case((and_(gets, Person.language == "en"), 1))),
            func.count(case((and_(has_address(), has_muted()), 1))),
            func.count(case((not_(has_address()), 1))),
        ).where(matches(edition_id, audience))
    ).one()
    return Counted(*row)


def number_who_get_it(edition_id: UUID, audience: Audience) -> int:
    return counted(edition_id, audience).total


def somebody_named(edition_id: UUID, audience: Audience, typed: str) -> tuple[Person | None, bool]:
    """Return the first person of this name or address, and whether they would get it. Whoever would get it
    comes first."""
    wanted = typed.strip().lower()
    is_meant = or_(
        func.lower(Person.name).contains(wanted, autoescape=True), func.lower(Person.email) == wanted
    )
    gets = gets_it(edition_id, audience)
    row = db.session.execute(
        select(Person, case((gets, 1), else_=0).label("gets"))
        .where(is_meant, Person.email_confirmed_at.is_not(None), Person.forgotten_at.is_(None))
        .order_by(case((gets, 0), else_=1), Person.name, Person.id)
        .limit(1)
    ).first()
    return (row[0], bool(row[1])) if row is not None else (None, False)


class Outcome(StrEnum):
    """What became of the mail to one person."""

    TO_COME = "to_come"
    ON_ITS_WAY = "on_its_way"
    SENT = "sent"
    BOUNCED = "bounced"
    REFUSED = "refused"
    LEFT_OUT = "left_out"
    GONE = "gone"  # thrown away from the outbox by an organiser


OUTCOME: Any = case(
    (MailingRecipient.status == RecipientStatus.WAITING, Outcome.TO_COME.value),
    (MailingRecipient.status == RecipientStatus.LEFT_OUT, Outcome.LEFT_OUT.value),
    (Mail.id.is_(None), Outcome.GONE.value),
    (Mail.bounced_at.is_not(None), Outcome.BOUNCED.value),
    (Mail.status == MailStatus.SENT, Outcome.SENT.value),
    (Mail.status == MailStatus.REFUSED, Outcome.REFUSED.value),
    else_=Outcome.ON_ITS_WAY.value,
)


def outcomes(mailing: Mailing) -> dict[Outcome, int]:
    """Return how many people are at which outcome; of an old mailing, what was kept of that."""
    if mailing.figures:
        return {outcome: mailing.figures.get(outcome.value, 0) for outcome in Outcome}
    outcome = OUTCOME.label("outcome")
    rows = db.session.execute(
        select(outcome, func.count())
        .select_from(MailingRecipient)
        .outerjoin(Mail, Mail.dedupe_key == MailingRecipient.mail_key)
        .where(MailingRecipient.mailing_id == mailing.id)
        .group_by(outcome)
    )
    found = {Outcome(row[0]): row[1] for row in rows}
    return {outcome: found.get(outcome, 0) for outcome in Outcome}


@dataclass(frozen=True)
class Recipient:
    person_id: UUID
    name: str
    email: str
    outcome: Outcome
    sent_at: datetime | None
    bounce_status: str | None
    last_error: str | None


def recipients(mailing: Mailing, outcome: Outcome | None, page: int) -> list[Recipient]:
    """Return one page of who gets it, or of those with this outcome."""
    asked = (
        select(
            Person.id,
            Person.name,
            func.coalesce(Person.email, ""),
            OUTCOME,
            Mail.sent_at,
            Mail.bounce_status,
            Mail.last_error,
        )
        .select_from(MailingRecipient)
        .join(Person, Person.id == MailingRecipient.person_id)
        .outerjoin(Mail, Mail.dedupe_key == MailingRecipient.mail_key)
        .where(MailingRecipient.mailing_id == mailing.id)
        .order_by(Person.name, Person.id)
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    )
    if outcome is not None:
        asked = asked.where(outcome.value == OUTCOME)
    return [
        Recipient(row[0], row[1], row[2], Outcome(row[3]), row[4], row[5], row[6])
        for row in db.session.execute(asked)
    ]


def due_to_start(now: datetime) -> Sequence[UUID]:
    """Return the planned mailings whose moment came, in that order."""
    return db.session.scalars(
        select(Mailing.id)
        .where(Mailing.status == MailingStatus.PLANNED, Mailing.due_at <= now)
        .order_by(Mailing.due_at, Mailing.id)
    ).all()


def being_sent() -> Sequence[UUID]:
    return db.session.scalars(
        select(Mailing.id)
        .where(Mailing.status == MailingStatus.SENDING)
        .order_by(Mailing.started_at, Mailing.id)
    ).all()


def in_the_outbox() -> int:
    """Return how many mails of mailings still have to leave the outbox."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Mail).where(Mail.kind == KIND, Mail.status == MailStatus.WAITING)
        )
        or 0
    )
