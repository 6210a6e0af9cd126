"""Link of a speaker to their technical check: signed, without an account, until the day after the edition."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from itsdangerous import BadData
from sqlalchemy import exists, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.signing import link_serializer
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionSpeaker, Speaker

STAYS = timedelta(days=1)
SALT = "tech check"


def token_for(edition: Edition, speaker: Speaker) -> str:
    return str(link_serializer(SALT).dumps([edition.id.hex, speaker.id.hex]))


def opened_by(token: Any, *, now: datetime) -> tuple[Edition, Speaker] | None:
    """Return whose link this is; None when it never was one, when the day is over, or when that person no longer
    speaks."""
    try:
        edition_id, speaker_id = link_serializer(SALT).loads(token)
        edition, speaker = (
            db.session.get(Edition, UUID(edition_id)),
            db.session.get(Speaker, UUID(speaker_id)),
        )
    except (BadData, AttributeError, TypeError, ValueError):
        return None
    if edition is None or speaker is None or edition.ends_at + STAYS < now:
        return None
    speaks = exists().where(
        SessionSpeaker.speaker_id == speaker.id,
        SessionSpeaker.session_id == ProgrammeSession.id,
        ProgrammeSession.edition_id == edition.id,
    )
    return (edition, speaker) if db.session.scalar(select(speaks)) else None
