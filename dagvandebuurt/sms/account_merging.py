"""Merging of numbers when a guest turns out to have an account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.sms.models import SmsNumber


def the_proven_number_stays(guest_id: UUID, into_id: UUID, now: datetime) -> None:
    """Of two numbers for one edition keep the proven one, and of two of those the account's."""
    for guests in db.session.scalars(select(SmsNumber).where(SmsNumber.person_id == guest_id)).all():
        own = db.session.scalar(
            select(SmsNumber).where(SmsNumber.person_id == into_id, SmsNumber.edition_id == guests.edition_id)
        )
        if own is not None:
            goes = own if own.proven_at is None and guests.proven_at is not None else guests
            db.session.delete(goes)
            db.session.flush()
            if goes is guests:
                continue
        guests.person_id = into_id
        db.session.flush()
