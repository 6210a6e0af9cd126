"""Reading numbers, the outbox and what it costs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.sms.models import SmsDay, SmsMessage, SmsNumber, SmsNumberUse, SmsStatus
from dagvandebuurt.sms.sealing import print_of


def number_of_person(person_id: Any, edition: Edition) -> SmsNumber | None:
    """Return what somebody gave for an edition, proven or not."""
    return db.session.scalar(
        select(SmsNumber).where(SmsNumber.person_id == person_id, SmsNumber.edition_id == edition.id)
    )


def is_reached() -> ColumnElement[bool]:
    """Return the condition on SmsNumber, joined with Person, that messages go to it. A number whose holder texted STOP
    is gone."""
    return and_(
        SmsNumber.proven_at.is_not(None), Person.suspended_at.is_(None), Person.forgotten_at.is_(None)
    )


def use_of(edition_id: UUID, number_print: str) -> SmsNumberUse | None:
    return db.session.get(SmsNumberUse, (edition_id, number_print))


def uses_of_number(number: str) -> Sequence[SmsNumberUse]:
    """Return what was done with a number, in each edition."""
    editions = db.session.scalars(select(SmsNumberUse.edition_id).distinct()).all()
    found = [use_of(edition_id, print_of(edition_id, number)) for edition_id in editions]
    return [use for use in found if use is not None]


def cost_of(edition_id: UUID, day: date) -> SmsDay:
    """Return what was queued on a day; zeros where nothing was."""
    found = db.session.get(SmsDay, (edition_id, day))
    return found or SmsDay(edition_id=edition_id, day=day, messages=0, parts=0, refused=0)


def newest(most: int) -> Sequence[SmsMessage]:
    """Return the newest messages of all editions."""
    return db.session.scalars(
        select(SmsMessage).order_by(SmsMessage.made_at.desc(), SmsMessage.id).limit(most)
    ).all()


def counts_by_status(edition_id: UUID) -> dict[SmsStatus, int]:
    """Return how many messages of an edition are at which status."""
    rows = db.session.execute(
        select(SmsMessage.status, func.count())
        .join(SmsNumber, SmsNumber.id == SmsMessage.number_id)
        .where(SmsNumber.edition_id == edition_id)
        .group_by(SmsMessage.status)
    )
    return {row[0]: row[1] for row in rows}


def lost_before(now: datetime) -> Sequence[UUID]:
    """Return the messages of a sender that died while it held them."""
    return db.session.scalars(
        select(SmsMessage.id)
        .where(SmsMessage.status == SmsStatus.SENDING, SmsMessage.leased_until < now)
        .order_by(SmsMessage.id)
    ).all()


def unknown_since(first: datetime, last: datetime) -> Sequence[UUID]:
    """Return the messages of which nobody knows whether they were taken, claimed in that time."""
    return db.session.scalars(
        select(SmsMessage.id)
        .where(
            SmsMessage.status == SmsStatus.UNKNOWN, SmsMessage.tried_at >= first, SmsMessage.tried_at <= last
        )
        .order_by(SmsMessage.tried_at, SmsMessage.id)
    ).all()
