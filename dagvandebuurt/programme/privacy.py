"""Retention and export of photos of speakers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import Rows
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.programme.models import Speaker
from dagvandebuurt.programme.photos.models import SpeakerPhoto
from dagvandebuurt.programme.photos.rules import delete_old


@retention_rule(
    "photo",
    order=97,
    what=_l("Spreek je op de dag: je foto, als je die gaf"),
    why=_l("Zodat mensen zien wie er spreekt. Je zei er zelf ja op, en kunt dat altijd intrekken."),
    until=_l("Tot je hem weghaalt, en hoogstens twee jaar, of langer zolang je weer spreekt"),
    days=730,
)
def old_photos(before: datetime) -> int:
    return delete_old(before, clock.now())


def photos_of_person(person_id: UUID) -> Rows:
    """Return the photos of the person who is linked to a speaker: where each is, and what was said of it."""
    found = db.session.execute(
        select(SpeakerPhoto.id, SpeakerPhoto.alt, SpeakerPhoto.placed_at, Speaker.name)
        .join(Speaker, Speaker.id == SpeakerPhoto.speaker_id)
        .where(Speaker.person_id == person_id)
        .order_by(SpeakerPhoto.placed_at, SpeakerPhoto.id)
    )
    return [
        {
            "name": row.name,
            "photo": path_for("programme.photo", photo_id=row.id),
            "alt": row.alt,
            "placed_at": row.placed_at.isoformat(),
        }
        for row in found
    ]
