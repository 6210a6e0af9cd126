"""Reading photos of speakers, and the link with which a speaker arranges their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from itsdangerous import BadData
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, undefer

from dagvandebuurt.core.db import db
from dagvandebuurt.core.signing import link_serializer
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionSpeaker, Speaker
from dagvandebuurt.programme.photos.models import PhotoConsent, SpeakerPhoto

SALT = "speaker photo"
STAYS = timedelta(days=1)  # after the day, a photo can still be placed with the link


@dataclass(frozen=True)
class Shown:
    """Photo as pages show it."""

    id: UUID
    alt: str


def photos_of(speakers: Iterable[Speaker]) -> Mapping[str, Shown]:
    """Map the codes of speakers to their photos; who has none is left out."""
    ids = {speaker.id: speaker.code for speaker in speakers}
    if not ids:
        return {}
    rows = db.session.execute(
        select(SpeakerPhoto.speaker_id, SpeakerPhoto.id, SpeakerPhoto.alt).where(
            SpeakerPhoto.speaker_id.in_(ids)
        )
    )
    return {ids[row.speaker_id]: Shown(row.id, row.alt) for row in rows}


def all_photos() -> Mapping[str, Shown]:
    """Map the codes of all speakers who have a photo to it."""
    rows = db.session.execute(
        select(Speaker.code, SpeakerPhoto.id, SpeakerPhoto.alt).join(
            Speaker, Speaker.id == SpeakerPhoto.speaker_id
        )
    )
    return {row.code: Shown(row.id, row.alt) for row in rows}


def photo_of(speaker: Speaker) -> SpeakerPhoto | None:
    return db.session.scalar(select(SpeakerPhoto).where(SpeakerPhoto.speaker_id == speaker.id))


def photo_with_content(photo_id: UUID) -> SpeakerPhoto | None:
    return db.session.get(SpeakerPhoto, photo_id, options=[undefer(SpeakerPhoto.content)])


def consents_of(speaker: Speaker) -> Sequence[PhotoConsent]:
    """Return what was said about the photo of a speaker, newest first."""
    return db.session.scalars(
        select(PhotoConsent)
        .where(PhotoConsent.speaker_id == speaker.id)
        .order_by(PhotoConsent.at.desc(), PhotoConsent.id)
    ).all()


def speaker_of_code(code: str) -> Speaker | None:
    """Return a speaker, also one whose sessions are not published."""
    return db.session.scalar(
        select(Speaker).where(Speaker.code == code).options(joinedload(Speaker.organisation))
    )


def speakers_of_person(person_id: UUID) -> Sequence[Speaker]:
    """Return as whom somebody with an account speaks."""
    return db.session.scalars(
        select(Speaker).where(Speaker.person_id == person_id).order_by(Speaker.name, Speaker.id)
    ).all()


def speaks_from(speaker: Speaker, *, now: datetime) -> bool:
    """Return whether a speaker has a session in an edition that is not over."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    SessionSpeaker.speaker_id == speaker.id,
                    SessionSpeaker.session_id == ProgrammeSession.id,
                    ProgrammeSession.edition_id == Edition.id,
                    Edition.ends_at > now - STAYS,
                )
            )
        )
    )


def token_for(speaker: Speaker) -> str:
    """Return the token of the link with which a speaker arranges their photo: signed, without an account."""
    return str(link_serializer(SALT).dumps(speaker.id.hex))


def speaker_of_token(token: Any) -> Speaker | None:
    """Return whose link this is; None when it never was one. It does not expire: consent can always be taken
    back."""
    try:
        return db.session.get(Speaker, UUID(link_serializer(SALT).loads(token)))
    except (BadData, AttributeError, TypeError, ValueError):
        return None
