"""Commands on photos of speakers."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.programme.models import Speaker
from dagvandebuurt.programme.photos.errors import NoPictureGiven, SpeaksNoMore
from dagvandebuurt.programme.photos.models import ConsentBy, PhotoConsent, SpeakerPhoto
from dagvandebuurt.programme.photos.permissions import PhotoOf, PhotoPermission, way_of
from dagvandebuurt.programme.photos.queries import photo_of, speaks_from

TEXT_VERSION = 1  # of `forms.CONSENT_TEXTS`: raise it with every change of what people agree to


@command(needs=PhotoPermission.PLACE)
def place(actor: Actor, photo: PhotoOf, *, picture: bytes | None, alt: str, now: datetime) -> SpeakerPhoto:
    """Place or replace a photo, or its description only, and record the consent that was given with it.

    Raises NoPictureGiven, and SpeaksNoMore for a person who comes with a link after the day. Two at once: the last one stays.
    """
    by = way_of(actor, photo)
    assert by is not None
    if by is ConsentBy.LINK and not speaks_from(photo.speaker, now=now):
        raise SpeaksNoMore
    db.session.get_one(Speaker, photo.speaker.id, with_for_update=True)
    there = photo_of(photo.speaker)
    content = picture or (there.content if there is not None else None)
    if content is None:
        raise NoPictureGiven
    if there is not None:
        db.session.delete(there)
        db.session.flush()
    placed = SpeakerPhoto(id=uuid4(), speaker_id=photo.speaker.id, content=content, alt=alt, placed_at=now)
    db.session.add_all([placed, _said(photo.speaker.id, by, actor.id, is_given=True, now=now)])
    db.session.flush()
    return placed


@command(needs=PhotoPermission.PLACE)
def withdraw(actor: Actor, photo: PhotoOf, *, now: datetime) -> bool:
    """Take consent back: the photo is gone. Idempotent; returns whether there was one."""
    by = way_of(actor, photo)
    assert by is not None
    there = photo_of(photo.speaker)
    if there is None:
        return False
    db.session.delete(there)
    db.session.add(_said(photo.speaker.id, by, actor.id, is_given=False, now=now))
    return True


@command(needs=PhotoPermission.CLAIM)
def claim(actor: Actor, photo: PhotoOf) -> bool:
    """Say, with the link of a speaker, that the account is theirs. The first one keeps it."""
    speaker = db.session.get_one(Speaker, photo.speaker.id, with_for_update=True, populate_existing=True)
    if speaker.person_id is not None:
        return speaker.person_id == actor.id
    speaker.person_id = actor.id
    return True


def withdraw_for(person_id: UUID, now: datetime) -> None:
    """Delete the photos of erased people."""
    theirs = select(Speaker.id).where(Speaker.person_id == person_id)
    _delete(
        list(db.session.scalars(select(SpeakerPhoto.speaker_id).where(SpeakerPhoto.speaker_id.in_(theirs)))),
        now,
    )


def delete_old(before: datetime, now: datetime) -> int:
    """Delete photos that were placed before `before`, of speakers who have no session to come."""
    rows = db.session.scalars(select(SpeakerPhoto).where(SpeakerPhoto.placed_at < before)).all()
    speakers = [db.session.get_one(Speaker, row.speaker_id) for row in rows]
    return _delete([each.id for each in speakers if not speaks_from(each, now=now)], now)


def delete_all(now: datetime) -> None:
    """Delete every photo: the organisation stops."""
    _delete(list(db.session.scalars(select(SpeakerPhoto.speaker_id))), now)


def _delete(speaker_ids: list[UUID], now: datetime) -> int:
    db.session.execute(
        delete(SpeakerPhoto)
        .where(SpeakerPhoto.speaker_id.in_(speaker_ids))
        .execution_options(synchronize_session=False)
    )
    for speaker_id in speaker_ids:
        db.session.add(_said(speaker_id, ConsentBy.HOUSE, None, is_given=False, now=now))
    return len(speaker_ids)


def _said(
    speaker_id: UUID, by: ConsentBy, by_id: UUID | None, *, is_given: bool, now: datetime
) -> PhotoConsent:
    return PhotoConsent(
        speaker_id=speaker_id, is_given=is_given, by=by, by_id=by_id, text_version=TEXT_VERSION, at=now
    )
