"""Retention of numbers, and what their owner may take along."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, or_, select

from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import Rows
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.sms.models import SmsMessage, SmsNumber, SmsNumberUse
from dagvandebuurt.sms.sealing import destroy_key, number_of


@retention_rule(
    "sms",
    order=62,
    what=_l("Je mobiele nummer, en elke sms die we je stuurden"),
    why=_l(
        "Om je op de dag een sms te sturen, als je dat wilt. Je nummer staat achter een sleutel, los van je naam."
    ),
    until=_l("1 dag na de dag waarvoor je het gaf"),
    days=1,
)
def numbers_of_a_day_that_is_over(before: datetime) -> int:
    """Delete the numbers, and the key under which they were encrypted."""
    over = db.session.scalars(
        select(Edition.id)
        .where(
            Edition.ends_at < before,
            or_(
                exists().where(SmsNumber.edition_id == Edition.id),
                exists().where(SmsNumberUse.edition_id == Edition.id),
            ),
        )
        .order_by(Edition.id)
    ).all()
    return sum(_forget(over))


def numbers_go(_now: datetime) -> None:
    """Delete all numbers, with their keys."""
    _forget(db.session.scalars(select(SmsNumberUse.edition_id).distinct()).all())
    db.session.execute(delete(SmsNumber))


def _forget(edition_ids: Sequence[UUID]) -> list[int]:
    deleted = []
    for edition_id in edition_ids:
        gone: Any = db.session.execute(delete(SmsNumber).where(SmsNumber.edition_id == edition_id))
        db.session.execute(delete(SmsNumberUse).where(SmsNumberUse.edition_id == edition_id))
        after_commit(destroy_key, edition_id)
        deleted.append(gone.rowcount)
    return deleted


def my_numbers(person_id: UUID) -> Rows:
    """Return somebody's numbers, decrypted."""
    rows = db.session.scalars(
        select(SmsNumber).where(SmsNumber.person_id == person_id).order_by(SmsNumber.id)
    )
    return [
        {
            "number": number_of(row),
            "given_at": row.given_at.isoformat(),
            "proven_at": row.proven_at.isoformat() if row.proven_at else None,
        }
        for row in rows
    ]


def my_messages(person_id: UUID) -> Rows:
    """Return what was sent to them."""
    rows = db.session.scalars(
        select(SmsMessage)
        .join(SmsNumber, SmsNumber.id == SmsMessage.number_id)
        .where(SmsNumber.person_id == person_id, SmsMessage.kind != "code")
        .order_by(SmsMessage.made_at, SmsMessage.id)
    )
    return [
        {"text": row.text, "status": row.status.value, "made_at": row.made_at.isoformat()} for row in rows
    ]
