"""Mail with the link of a technical check."""

from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.compose import write
from dagvandebuurt.parts.mail.rules import post
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition, Speaker
from dagvandebuurt.readiness.tech_check_links import token_for

KIND = "tech_check"


def send_link(edition: Edition, speaker: Speaker, *, now: datetime) -> bool:
    """Mail a speaker with an account the link of their check, once an hour at most. Return False without a
    confirmed address."""
    person = db.session.get(Person, speaker.person_id) if speaker.person_id else None
    if person is None or person.email is None or not person.has_account:
        return False
    letter = write(
        KIND,
        to=person.email,
        to_name=person.name if person.has_account else "",
        language=person.language,
        edition=edition,
        path=f"/proef/{token_for(edition, speaker)}",
    )
    hour = int(now.timestamp()) // 3600
    post(letter, dedupe_key=f"{KIND}:{edition.id}:{speaker.id}:{hour}", now=now)
    return True
