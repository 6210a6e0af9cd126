"""Jobs of SMS: the outbox, and the reminders of sessions."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.registration.models import PlaceStatus, SessionChoice
from dagvandebuurt.sms import outbox
from dagvandebuurt.sms.models import SmsNumber
from dagvandebuurt.sms.queries import is_reached
from dagvandebuurt.sms.sender import send_due
from dagvandebuurt.sms.texts import reminder_of

AN_HOUR = timedelta(hours=1)

send_sms = job(outbox.JOB, lane="sms", minute="*")(send_due)


@job("remind_by_sms", minute="*/5")
def remind_by_sms(app: Flask) -> int:
    """Remind of each session within the hour, whoever proved a number for the day; return how many."""
    with app.app_context():
        now = clock.now()
        return each("remind_by_sms", _due(now), lambda found: _remind(*found, now))


def _due(now: datetime) -> list[tuple[UUID, UUID]]:
    """Return (number, session) of places that begin within the hour."""
    rows = db.session.execute(
        select(SmsNumber.id, ProgrammeSession.id)
        .select_from(SessionChoice)
        .join(ProgrammeSession, ProgrammeSession.id == SessionChoice.session_id)
        .join(Person, Person.id == SessionChoice.person_id)
        .join(
            SmsNumber,
            (SmsNumber.person_id == SessionChoice.person_id)
            & (SmsNumber.edition_id == ProgrammeSession.edition_id),
        )
        .where(
            SessionChoice.status == PlaceStatus.CONFIRMED,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.starts_at > now,
            ProgrammeSession.starts_at <= now + AN_HOUR,
            is_reached(),
        )
        .order_by(ProgrammeSession.starts_at, SmsNumber.id)
    ).all()
    return [(row[0], row[1]) for row in rows]


def _remind(number_id: UUID, session_id: UUID, now: datetime) -> int:
    row, session = db.session.get(SmsNumber, number_id), db.session.get(ProgrammeSession, session_id)
    if row is None or session is None:
        return 0
    with speaking(db.session.get_one(Person, row.person_id).language):
        text = reminder_of(session)
    # With its start in the key: a session that moves is announced anew.
    key = f"reminder:{session.id}:{row.person_id}:{session.starts_at:%Y%m%d%H%M}"
    posted = outbox.post(
        row, text, kind="reminder", dedupe_key=key, now=now, most=current_app.config["SMS_PER_DAY"],
        useless_at=session.starts_at,
    )  # fmt: skip
    return posted is not None
