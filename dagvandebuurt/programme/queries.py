"""Queries of the programme: editions, sessions, speakers and organisations that an actor may see."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from dagvandebuurt.core import clock
from dagvandebuurt.core.archiving import archived_edition
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.errors import CalledOff, EditionClosed, NotYetOpen
from dagvandebuurt.programme.hooks import counts_of_who_chose
from dagvandebuurt.programme.models import (
    DeskChoice,
    Edition,
    Organisation,
    Phase,
    ProgrammeSession,
    Round,
    SessionSpeaker,
    SessionStatus,
    Speaker,
)
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.preview import previewed, shown_instead
from dagvandebuurt.programme.stage.host_queries import stage_settings as stage_settings
from dagvandebuurt.programme.stage.models import Purpose, StageSource

# Evaluated at each execution: the statement around it is built once.
_NOW = bindparam("this_moment", callable_=lambda: clock.now(), type_=Edition.ends_at.type, unique=True)
# Among open editions: the earliest that is not over; when all are over, the newest.
FIRST_OF_ALL = (
    case((Edition.ends_at > _NOW, 0), else_=1),
    case((Edition.ends_at > _NOW, Edition.starts_at)),
    Edition.starts_at.desc(),
    # Of two that begin at once always the same one: PostgreSQL promises no order. `…-9` before `…-10`.
    func.length(Edition.slug),
    Edition.slug,
)


def current_edition() -> Edition | None:
    """Return the open edition that is shown to visitors first, or None without one.

    Opening the next one changes nothing for a day that is on or still to come: that one is first until it is
    over. On a page of a preview or an archive it is the edition of that.
    """
    return shown_instead() or db.session.scalar(
        select(Edition).where(Edition.is_open).order_by(*FIRST_OF_ALL).limit(1)
    )


def closed_edition() -> Edition | None:
    """Return the newest edition that is closed for now: what visitors read of it while none is open."""
    closed = select(Edition).where(Edition.status == EditionStatus.CLOSED)
    return db.session.scalar(closed.order_by(Edition.starts_at.desc()).limit(1))


def edition_of_year(year: int, slug: str | None = None) -> Edition:
    """Return the open edition of that year: the one called `slug`, or the last of several. Raises NotFound,
    and EditionClosed where there is one that is closed for now.
    """
    shown = previewed()
    if shown is not None and shown.year == year and slug in (None, shown.slug):
        return shown
    of_that_year = (
        select(Edition)
        .where(Edition.year == year, *([Edition.slug == slug] if slug else []))
        .order_by(Edition.starts_at.desc())
        .limit(1)
    )
    found = db.session.scalar(of_that_year.where(Edition.is_open))
    if found is None:
        closed = db.session.scalar(of_that_year.where(Edition.status == EditionStatus.CLOSED))
        raise EditionClosed(closed.closed_note) if closed is not None else NotFound
    return found


def edition_chosen_by(person_id: UUID | None) -> Edition | None:
    """Return the edition a person works on at the desk, else the public one, else the newest. None without
    editions.
    """
    chosen = db.session.scalar(
        select(Edition)
        .join(DeskChoice, DeskChoice.edition_id == Edition.id)
        .where(DeskChoice.person_id == person_id)
    )
    newest = select(Edition).order_by(Edition.starts_at.desc()).limit(1)
    return chosen or current_edition() or db.session.scalar(newest)


def sessions_for(actor: Actor) -> Select[ProgrammeSession]:
    """Return every session `actor` may see, by start time. Drafts and closed editions are for editors only."""
    query = select(ProgrammeSession).order_by(
        ProgrammeSession.starts_at, ProgrammeSession.title, ProgrammeSession.id
    )
    if can(actor, ProgrammePermission.EDIT):
        return query
    shown = previewed()
    is_open = ProgrammeSession.edition_id.in_(select(Edition.id).where(Edition.is_open))
    return query.where(
        ProgrammeSession.status != SessionStatus.DRAFT,
        is_open if shown is None else or_(is_open, ProgrammeSession.edition_id == shown.id),
    )


def with_everything(query: Select[ProgrammeSession]) -> Select[ProgrammeSession]:
    """Add eager loading of all that a list of sessions shows, in a fixed number of queries."""
    return query.options(
        joinedload(ProgrammeSession.round),
        joinedload(ProgrammeSession.venue),
        selectinload(ProgrammeSession.themes),
        selectinload(ProgrammeSession.parts)
        .joinedload(SessionSpeaker.speaker)
        .joinedload(Speaker.organisation),
    )


def for_a_calendar(query: Select[ProgrammeSession]) -> Select[ProgrammeSession]:
    """Add eager loading of what a calendar shows of a session, and no more: there may be a thousand."""
    return query.options(joinedload(ProgrammeSession.venue), selectinload(ProgrammeSession.themes))


def session_by_slug(actor: Actor, slug: str, *, is_shown: bool = True) -> ProgrammeSession:
    """Return a session, with all that a page shows of it unless it `is_shown` nowhere.

    Raises NotFound both when it does not exist and when `actor` may not see it, and EditionClosed where its
    edition is closed for now.
    """
    query = sessions_for(actor).where(ProgrammeSession.slug == slug)
    found = db.session.scalar(with_everything(query) if is_shown else query)
    if found is None:
        note = db.session.scalar(
            select(Edition.closed_note)
            .join(ProgrammeSession, ProgrammeSession.edition_id == Edition.id)
            .where(
                Edition.status == EditionStatus.CLOSED,
                ProgrammeSession.slug == slug,
                ProgrammeSession.status != SessionStatus.DRAFT,
            )
        )
        raise NotFound if note is None else EditionClosed(note)
    return found


def session_by_id(actor: Actor, session_id: UUID) -> ProgrammeSession:
    """Return a session. Raises NotFound both when it does not exist and when `actor` may not see it."""
    found = db.session.scalar(sessions_for(actor).where(ProgrammeSession.id == session_id))
    if found is None:
        raise NotFound
    return found


MOST_AFTER = 4


def sessions_after(session: ProgrammeSession) -> Sequence[ProgrammeSession]:
    """Return the first few published sessions that start at or after the end of this one."""
    return db.session.scalars(
        select(ProgrammeSession)
        .where(
            ProgrammeSession.edition_id == session.edition_id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.starts_at >= session.ends_at,
        )
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
        .limit(MOST_AFTER)
    ).all()


def _is_in(editions: Any) -> ColumnElement[bool]:
    return exists().where(
        SessionSpeaker.speaker_id == Speaker.id,
        SessionSpeaker.session_id == ProgrammeSession.id,
        ProgrammeSession.status != SessionStatus.DRAFT,
        ProgrammeSession.edition_id.in_(select(Edition.id).where(editions)),
    )


is_seen = _is_in(Edition.is_open)


def _is_seen_here() -> ColumnElement[bool]:
    shown = previewed()
    return is_seen if shown is None else _is_in(or_(Edition.is_open, Edition.id == shown.id))


def speaker_by_code(code: str) -> Speaker:
    """Return a speaker of a published session in any edition. Raises NotFound."""
    found = db.session.scalar(
        select(Speaker).where(Speaker.code == code, _is_seen_here()).options(joinedload(Speaker.organisation))
    )
    if found is None:
        raise NotFound
    return found


def organisation_by_code(code: str) -> Organisation:
    """Return an organisation. Raises NotFound."""
    found = db.session.scalar(
        select(Organisation).where(Organisation.code == code).options(joinedload(Organisation.place))
    )
    if found is None:
        raise NotFound
    return found


def speakers_of(organisation: Organisation) -> Sequence[Speaker]:
    """Return the organisation's speakers in published sessions, by name."""
    return db.session.scalars(
        select(Speaker)
        .where(Speaker.organisation_id == organisation.id, _is_seen_here())
        .order_by(Speaker.name)
    ).all()


def sessions_elsewhere(speaker_ids: Collection[UUID], edition: Edition | None) -> Sequence[ProgrammeSession]:
    """Return the sessions of these speakers in other open editions than this one, newest day first."""
    if archived_edition() is not None:
        return ()
    theirs = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id.in_(speaker_ids))
    return db.session.scalars(
        select(ProgrammeSession)
        .join(Edition, Edition.id == ProgrammeSession.edition_id)
        .where(
            ProgrammeSession.id.in_(theirs),
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            Edition.is_open,
            Edition.id != (edition.id if edition is not None else None),
        )
        .order_by(Edition.starts_at.desc(), ProgrammeSession.starts_at, ProgrammeSession.title)
        .options(contains_eager(ProgrammeSession.edition))
    ).all()


def by_year(sessions: Iterable[ProgrammeSession]) -> list[tuple[int, list[ProgrammeSession]]]:
    """Group sessions that are in the order of their editions by year."""
    return [(year, list(theirs)) for year, theirs in groupby(sessions, key=lambda each: each.edition.year)]


def programme_path(session: ProgrammeSession) -> str:
    """Return the address of the programme that this session is in: that of its own year, once another is shown
    first."""
    current = current_edition()
    if current is not None and current.id == session.edition_id:
        return path_for("programme.index")
    return path_for("programme.of_year", year=session.edition.year, editie=session.edition.slug)


def require_open(actor: Actor, session: ProgrammeSession, *, now: datetime) -> None:
    """Raise NotYetOpen or CalledOff when the room is closed to `actor`. Its moderators may always enter."""
    phase = session.phase_at(now)
    if phase is Phase.CANCELLED:
        raise CalledOff
    if phase is Phase.BEFORE and not can(actor, ProgrammePermission.RUN, session):
        raise NotYetOpen(opens_at=session.opens_at.isoformat(), starts_at=session.starts_at.isoformat())


def rounds_of(edition: Edition) -> Sequence[Round]:
    """Return the rounds of the edition, first to last."""
    return db.session.scalars(
        select(Round).where(Round.edition_id == edition.id).order_by(Round.starts_at, Round.code)
    ).all()


CODE_DIGITS = 6


def live_now(edition: Edition, now: datetime) -> Sequence[ProgrammeSession]:
    """Return the sessions in progress; what ends first comes first."""
    return db.session.scalars(
        select(ProgrammeSession)
        .where(
            ProgrammeSession.edition_id == edition.id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.starts_at <= now,
            ProgrammeSession.ends_at > now,
        )
        .order_by(ProgrammeSession.ends_at, ProgrammeSession.title, ProgrammeSession.id)
    ).all()


def code_of(session: ProgrammeSession) -> str:
    """Return the number that finds a session without a link: on a poster, by phone. Not a secret."""
    return f"{session.id.int % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def session_by_code(actor: Actor, edition: Edition, code: str, *, now: datetime) -> ProgrammeSession:
    """Return the session with this number; of two with the same number, the current or next one. Raises
    NotFound.
    """
    found = [
        each
        for each in db.session.scalars(sessions_for(actor).where(ProgrammeSession.edition_id == edition.id))
        if code_of(each) == code
    ]
    if not found:
        raise NotFound
    return min(found, key=lambda each: (each.ends_at <= now, each.starts_at))


def who_chose(session_ids: Collection[UUID]) -> dict[UUID, int]:
    """Count the people who are mailed when one of these sessions moves or is cancelled."""
    found = dict.fromkeys(session_ids, 0)
    for there in counts_of_who_chose(session_ids):
        for session_id, number in there.items():
            found[session_id] += number
    return found


def recording_by_id(session: ProgrammeSession, source_id: UUID) -> StageSource:
    """Return a recording of this session. Raises NotFound."""
    found = db.session.get(StageSource, source_id)
    if found is None or found.session_id != session.id or found.purpose is not Purpose.RECORDING:
        raise NotFound
    return found


def may_count(actor: Actor, session: ProgrammeSession) -> bool:
    """Tell whether support and votes of `actor` count here: not those of guests where registration is
    required.
    """
    if actor.has_account:
        return True
    edition = db.session.get(Edition, session.edition_id)
    return not session.registered_only and not (edition is not None and edition.registered_only)
