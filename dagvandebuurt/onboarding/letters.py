"""Test mail of the organiser's list."""

from datetime import datetime
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.compose import write
from dagvandebuurt.parts.mail.rules import post
from dagvandebuurt.people.models import Person

TRIAL = "trial"


def send_trial(person_id: UUID, *, now: datetime) -> bool:
    """Mail somebody to see whether mail works, once a minute at most. Return False without an address."""
    person = db.session.get(Person, person_id)
    if person is None or person.email is None:
        return False
    letter = write(
        TRIAL, to=person.email, to_name=person.name if person.has_account else "", language=person.language
    )
    post(letter, dedupe_key=f"{TRIAL}:{person.id}:{int(now.timestamp()) // 60}", now=now)
    return True
