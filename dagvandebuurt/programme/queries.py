"""What can be found of the programme, by whom, in what order."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, case, exists, select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.programme.errors import CalledOff, NotYetOpen
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
from dagvandebuurt.programme.stage.models import Purpose, StageSource

# Asked anew at each execution: the statement around it is made once.
_NOW = bindparam("this_moment", callable_=lambda: clock.now(), type_=Edition.ends_at.type, unique=True)
# Of the open editions the one that is on or comes first, until its day is over; when none is, the newest.
FIRST_OF_ALL = (
    case((Edition.ends_at > _NOW, 0), else_=1),
    case((Edition.ends_at > _NOW, Edition.starts_at)),
    Edition.starts_at.desc(),
)


def current_edition() -> Edition | None:
    """The open edition that visitors see first; None in an empty house. Opening the next one changes nothing
    for a day that is on or still to come: that one is first until it is over."""
    return db.session.scalar(select(Edition).where(Edition.is_open).order_by(*FIRST_OF_ALL).limit(1))


def edition_of_year(year: int, slug: str | None = None) -> Edition:
    """The open edition of that year: the one called `slug`, or the last of several. Raises NotFound."""
    found = db.session.scalar(
        select(Edition)
        .where(Edition.is_open, Edition.year == year, *([Edition.slug == slug] if slug else []))
        .order_by(Edition.starts_at.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


def edition_chosen_by(person_id: UUID | None) -> Edition | None:
    """The edition that somebody works on at the desk, in whichever browser; else the one visitors see first;
    else the newest that is made. None in an empty house."""
    chosen = db.session.scalar(
        select(Edition)
        .join(DeskChoice, DeskChoice.edition_id == Edition.id)
        .where(DeskChoice.person_id == person_id)
    )
    newest = select(Edition).order_by(Edition.starts_at.desc()).limit(1)
    return chosen or current_edition() or db.session.scalar(newest)


def sessions_for(actor: Actor) -> Select[ProgrammeSession]:
    """Every session `actor` may see, in the order of the day. Drafts, and editions that are not open yet, are
    for who makes them."""
    query = select(ProgrammeSession).order_by(
        ProgrammeSession.starts_at, ProgrammeSession.title, ProgrammeSession.id
    )
    if can(actor, ProgrammePermission.EDIT):
        return query
    return query.where(
        ProgrammeSession.status != SessionStatus.DRAFT,
        ProgrammeSession.edition_id.in_(select(Edition.id).where(Edition.is_open)),
    )


def with_everything(query: Select[ProgrammeSession]) -> Select[ProgrammeSession]:
    """Load what a list of sessions shows with a fixed number of queries, however many there are."""
    return query.options(
        joinedload(ProgrammeSession.round),
        joinedload(ProgrammeSession.venue),
        selectinload(ProgrammeSession.themes),
        selectinload(ProgrammeSession.parts)
        .joinedload(SessionSpeaker.speaker)
        .joinedload(Speaker.organisation),
    )


def for_a_calendar(query: Select[ProgrammeSession]) -> Select[ProgrammeSession]:
    """Load what a calendar says of a session, and no more: there may be a thousand."""
    return query.options(joinedload(ProgrammeSession.venue), selectinload(ProgrammeSession.themes))


def session_by_slug(actor: Actor, slug: str) -> ProgrammeSession:
    """Raises NotFound alike for a session that is not there and one not theirs to see."""
    found = db.session.scalar(with_everything(sessions_for(actor).where(ProgrammeSession.slug == slug)))
    if found is None:
        raise NotFound
    return found


def session_by_id(actor: Actor, session_id: UUID) -> ProgrammeSession:
    """Raises NotFound alike for a session that is not there and one not theirs to see."""
    found = db.session.scalar(sessions_for(actor).where(ProgrammeSession.id == session_id))
    if found is None:
        raise NotFound
    return found


MOST_AFTER = 4


def sessions_after(session: ProgrammeSession) -> Sequence[ProgrammeSession]:
    """What one can go to when this is over: the first few published sessions that begin from its end on."""
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


is_seen = exists().where(
    SessionSpeaker.speaker_id == Speaker.id,
    SessionSpeaker.session_id == ProgrammeSession.id,
    ProgrammeSession.status != SessionStatus.DRAFT,
    ProgrammeSession.edition_id.in_(select(Edition.id).where(Edition.is_open)),
)


def speaker_by_code(code: str) -> Speaker:
    """Somebody who is in a published session of any edition. Raises NotFound."""
    found = db.session.scalar(
        select(Speaker).where(Speaker.code == code, is_seen).options(joinedload(Speaker.organisation))
    )
    if found is None:
        raise NotFound
    return found


def organisation_by_code(code: str) -> Organisation:
    """Raises NotFound."""
    found = db.session.scalar(
        select(Organisation).where(Organisation.code == code).options(joinedload(Organisation.place))
    )
    if found is None:
        raise NotFound
    return found


def speakers_of(organisation: Organisation) -> Sequence[Speaker]:
    """Its people in published sessions, by name."""
    return db.session.scalars(
        select(Speaker).where(Speaker.organisation_id == organisation.id, is_seen).order_by(Speaker.name)
    ).all()


def require_open(actor: Actor, session: ProgrammeSession, *, now: datetime) -> None:
    """Raises NotYetOpen or CalledOff for whoever comes to a closed door. Who runs it may go in."""
    phase = session.phase_at(now)
    if phase is Phase.CANCELLED:
        raise CalledOff
    if phase is Phase.BEFORE and not can(actor, ProgrammePermission.RUN, session):
        raise NotYetOpen(opens_at=session.opens_at.isoformat(), starts_at=session.starts_at.isoformat())


def rounds_of(edition: Edition) -> Sequence[Round]:
    """The parts of the day, first to last."""
    return db.session.scalars(
        select(Round).where(Round.edition_id == edition.id).order_by(Round.starts_at, Round.code)
    ).all()


CODE_DIGITS = 6


def code_of(session: ProgrammeSession) -> str:
    """The number under which a session can be found by who has no link: on a poster, by phone. No secret."""
    return f"{session.id.int % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def session_by_code(actor: Actor, edition: Edition, code: str, *, now: datetime) -> ProgrammeSession:
    """The session with this number; should two share it, the one that goes on now or comes next. Raises
    NotFound."""
    found = [
        each
        for each in db.session.scalars(sessions_for(actor).where(ProgrammeSession.edition_id == edition.id))
        if code_of(each) == code
    ]
    if not found:
        raise NotFound
    return min(found, key=lambda each: (each.ends_at <= now, each.starts_at))


Counting = Callable[[Collection[UUID]], Mapping[UUID, int]]
_counting: list[Counting] = []


def counts_who_chose(count: Counting) -> Counting:
    """Let a room above say how many people hear of it when a session moves: session → how many."""
    if count not in _counting:
        _counting.append(count)
    return count


def who_chose(session_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many people are mailed when one of these sessions moves or is called off."""
    found = dict.fromkeys(session_ids, 0)
    for count in _counting:
        for session_id, number in count(session_ids).items():
            found[session_id] += number
    return found


def recording_by_id(session: ProgrammeSession, source_id: UUID) -> StageSource:
    """A recording of this session. Raises NotFound."""
    found = db.session.get(StageSource, source_id)
    if found is None or found.session_id != session.id or found.purpose is not Purpose.RECORDING:
        raise NotFound
    return found


def may_count(actor: Actor, session: ProgrammeSession) -> bool:
    """Whether support and votes of `actor` are taken here: of guests not, where only who registered does."""
    if actor.has_account:  # type: ignore[attr-defined]
        return True
    edition = db.session.get(Edition, session.edition_id)
    return not session.registered_only and not (edition is not None and edition.registered_only)
