"""Search documents of sessions, speakers and organisations in open editions."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.search.registry import SearchDocument, Touch, itself, searchable
from dagvandebuurt.programme.models import (
    Edition,
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
_parts = select(SessionSpeaker.session_id)
_seen = (
    select(SessionSpeaker.speaker_id, Edition.year, ProgrammeSession.starts_at)
    .join(ProgrammeSession, ProgrammeSession.id == SessionSpeaker.session_id)
    .join(Edition, Edition.id == ProgrammeSession.edition_id)
    .where(ProgrammeSession.status != SessionStatus.DRAFT, Edition.is_open)
)


def found_by(query: Callable[[Any], Select[Any]], *when: str) -> Touch:
    """Return a function that finds the things whose ids `query(row)` returns."""
    return Touch(lambda row: db.session.scalars(query(row)), when)


def _speakers_of_session(session: ProgrammeSession) -> Select[Any]:
    return select(SessionSpeaker.speaker_id).where(SessionSpeaker.session_id == session.id)


def _speakers_of_edition(edition: Edition) -> Select[Any]:
    return (
        select(SessionSpeaker.speaker_id)
        .join(ProgrammeSession, ProgrammeSession.id == SessionSpeaker.session_id)
        .where(ProgrammeSession.edition_id == edition.id)
    )


@searchable(
    "session",
    label=_l("Sessies"),
    endpoint="programme.show",
    touches={
        ProgrammeSession: itself(*_READ),
        SessionSpeaker: Touch(lambda part: (part.session_id,)),
        Edition: found_by(
            lambda edition: select(ProgrammeSession.id).where(ProgrammeSession.edition_id == edition.id),
            "status", "year",
        ),
        Speaker: found_by(
            lambda speaker: _parts.where(SessionSpeaker.speaker_id == speaker.id),
            "name", "function", "organisation_id",
        ),
        Organisation: found_by(
            lambda body: _parts.join(Speaker, Speaker.id == SessionSpeaker.speaker_id).where(
                Speaker.organisation_id == body.id
            ),
            "name", "place_id",
        ),
        Theme: found_by(
            lambda theme: select(session_theme.c.session_id).where(session_theme.c.theme_id == theme.id), "label"
        ),
    },
)  # fmt: skip
def sessions(ids: Iterable[UUID] | None) -> Iterator[SearchDocument]:
    """Return documents of sessions other than drafts; a cancelled one says so."""
    query = (
        select(ProgrammeSession)
        .join(ProgrammeSession.edition)
        .where(ProgrammeSession.status != SessionStatus.DRAFT, Edition.is_open)
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
        yield _session(session)


def _session(session: ProgrammeSession) -> SearchDocument:
    speakers = [part.speaker for part in session.parts]
    organisations = [each.organisation for each in speakers if each.organisation is not None]
    return SearchDocument(
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


@searchable(
    "speaker",
    label=_l("Sprekers"),
    endpoint="programme.speaker",
    touches={
        Speaker: itself("name", "function", "bio", "code", "organisation_id"),
        SessionSpeaker: Touch(lambda part: (part.speaker_id,)),
        ProgrammeSession: found_by(_speakers_of_session, "status", "starts_at", "edition_id"),
        Edition: found_by(_speakers_of_edition, "status", "year"),
        Organisation: found_by(
            lambda body: select(Speaker.id).where(Speaker.organisation_id == body.id), "name", "place_id"
        ),
    },
)
def speakers(ids: Iterable[UUID] | None) -> Iterator[SearchDocument]:
    """Return documents of speakers in an open programme, with the details of their latest session."""
    last = {
        row.speaker_id: (row.year, row.starts_at)
        for row in db.session.execute(_seen.order_by(ProgrammeSession.starts_at))
    }
    query = select(Speaker).options(
        joinedload(Speaker.organisation).joinedload(Organisation.place).joinedload(Place.parent)
    )
    for speaker in db.session.scalars(query if ids is None else query.where(Speaker.id.in_(list(ids)))):
        if speaker.id not in last:
            continue
        body = speaker.organisation
        year, at = last[speaker.id]
        yield SearchDocument(
            thing_id=speaker.id,
            title=speaker.name,
            body=f"{speaker.function}. {speaker.bio}",
            places=places_of(body.place if body is not None else None),
            organisations=(body.name,) if body is not None else (),
            year=year,
            at=at,
            link={"code": speaker.code},
        )


def places_of(*places: Place | None) -> tuple[str, ...]:
    """Return the names of these places and their municipalities, each once."""
    found = [each for place in places if place is not None for each in (place, place.parent)]
    return tuple(dict.fromkeys(each.name for each in found if each is not None))
