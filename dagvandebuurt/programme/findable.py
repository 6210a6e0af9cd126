"""Sessions as they are found: also by who speaks, for whom they work, and where that is."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.search.register import Entry, Touch, itself, searchable
from dagvandebuurt.programme.models import (
    Organisation,
    Place,
    ProgrammeSession,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    Theme,
    session_theme,
)

_READ = ("status", "slug", "title", "subtitle", "summary", "abstract", "starts_at", "edition_id", "themes")


def _of_speaker(speaker: Speaker) -> Iterable[UUID]:
    return db.session.scalars(
        select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker.id)
    )


def _of_organisation(organisation: Organisation) -> Iterable[UUID]:
    return db.session.scalars(
        select(SessionSpeaker.session_id)
        .join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
        .where(Speaker.organisation_id == organisation.id)
    )


def _of_theme(theme: Theme) -> Iterable[UUID]:
    return db.session.scalars(select(session_theme.c.session_id).where(session_theme.c.theme_id == theme.id))


@searchable(
    "session",
    label=_l("Sessies"),
    endpoint="programme.show",
    touches={
        ProgrammeSession: itself(*_READ),
        SessionSpeaker: Touch(lambda part: (part.session_id,)),
        Speaker: Touch(_of_speaker, ("name", "function", "organisation_id")),
        Organisation: Touch(_of_organisation, ("name", "place_id")),
        Theme: Touch(_of_theme, ("label",)),
    },
)
def sessions(ids: Iterable[UUID] | None) -> Iterator[Entry]:
    """What is not a draft; also what was called off, which says so."""
    query = (
        select(ProgrammeSession)
        .where(ProgrammeSession.status != SessionStatus.DRAFT)
        .options(
            joinedload(ProgrammeSession.edition),
            selectinload(ProgrammeSession.themes),
            selectinload(ProgrammeSession.parts)
            .joinedload(SessionSpeaker.speaker)
            .joinedload(Speaker.organisation)
            .joinedload(Organisation.place)
            .joinedload(Place.parent),
        )
    )
    if ids is not None:
        query = query.where(ProgrammeSession.id.in_(list(ids)))
    for session in db.session.scalars(query):
        yield _entry(session)


def _entry(session: ProgrammeSession) -> Entry:
    speakers = [part.speaker for part in session.parts]
    organisations = [each.organisation for each in speakers if each.organisation is not None]
    return Entry(
        thing_id=session.id,
        title=session.title,
        body=" ".join(filter(None, (session.subtitle, session.summary, session.abstract))),
        also=tuple(f"{each.name} {each.function}" for each in speakers),
        themes=tuple(theme.label for theme in session.themes),
        places=places_of(*(each.place for each in organisations)),
        organisations=tuple(dict.fromkeys(each.name for each in organisations)),
        year=session.edition.year,
        at=session.starts_at,
        link={"slug": session.slug},
    )


def places_of(*places: Place | None) -> tuple[str, ...]:
    """The names of these places and of the municipalities they are in, each once."""
    found = [each for place in places if place is not None for each in (place, place.parent)]
    return tuple(dict.fromkeys(each.name for each in found if each is not None))
