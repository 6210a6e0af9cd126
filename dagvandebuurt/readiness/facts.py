"""Facts: what of a checklist the site sees by itself."""

from collections.abc import Callable, Collection
from uuid import UUID

from sqlalchemy import exists, or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Role, RoleGrant, SecondFactor
from dagvandebuurt.programme.models import (
    Edition,
    ProgrammeSession,
    SessionSpeaker,
    SessionStatus,
    Venue,
    VenueKind,
)
from dagvandebuurt.readiness.models import TechCheck, TechCheckOutcome


def _scheduled(edition: Edition) -> list[object]:
    return [
        ProgrammeSession.edition_id == edition.id,
        ProgrammeSession.status == SessionStatus.SCHEDULED,
    ]


def _every_session(edition: Edition, *lacks: object) -> bool:
    """Return whether there are sessions, and none of them lacks something."""
    there = _scheduled(edition)
    if db.session.scalar(select(ProgrammeSession.id).where(*there).limit(1)) is None:  # type: ignore[arg-type]
        return False
    return db.session.scalar(select(ProgrammeSession.id).where(*there, *lacks).limit(1)) is None  # type: ignore[arg-type]


def moderators_everywhere(edition: Edition) -> bool:
    """Return whether each session has a moderator, of its own or of all sessions."""
    moderates = exists().where(
        RoleGrant.role == Role.MODERATOR,
        or_(RoleGrant.scope_id.is_(None), RoleGrant.scope_id == ProgrammeSession.id),
    )
    return _every_session(edition, ~moderates)


def stages_everywhere(edition: Edition) -> bool:
    """Return whether each session that people follow online has an address for its picture."""
    travels = exists().where(Venue.id == ProgrammeSession.venue_id, Venue.kind == VenueKind.LOCATION)
    return _every_session(edition, ProgrammeSession.stage_url.is_(None), ~travels)


def newest_checks(edition: Edition) -> dict[UUID, TechCheck]:
    """Return the newest technical check of each speaker in this edition."""
    rows = db.session.scalars(
        select(TechCheck).where(TechCheck.edition_id == edition.id).order_by(TechCheck.at, TechCheck.id)
    )
    return {check.speaker_id: check for check in rows}


def speakers_checked(edition: Edition) -> bool:
    """Return whether everybody who speaks or hosts said that it works, and there is anybody."""
    speakers = set(
        db.session.scalars(
            select(SessionSpeaker.speaker_id)
            .join(ProgrammeSession, ProgrammeSession.id == SessionSpeaker.session_id)
            .where(*_scheduled(edition))  # type: ignore[arg-type]
        )
    )
    checks = newest_checks(edition)
    return bool(speakers) and all(
        each in checks and checks[each].outcome is TechCheckOutcome.WORKS for each in speakers
    )


FACTS: dict[str, Callable[[Edition], bool]] = {
    "moderators_everywhere": moderators_everywhere,
    "stages_everywhere": stages_everywhere,
    "speakers_checked": speakers_checked,
}


def with_second_factor(people: Collection[UUID]) -> set[UUID]:
    """Return which of these people set up their phone."""
    return set(
        db.session.scalars(
            select(SecondFactor.person_id).where(
                SecondFactor.person_id.in_(people), SecondFactor.confirmed_at.is_not(None)
            )
        )
    )


PERSONAL_FACTS: dict[str, Callable[[Collection[UUID]], set[UUID]]] = {"second_factor": with_second_factor}
