"""Figures of the front page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.registration.models import PlaceStatus, Registration


@dataclass(frozen=True)
class Figures:
    """Number of registered people and of sessions, counted on request."""

    registered: int
    sessions: int


def figures_of(edition: Edition) -> Figures:
    registered = db.session.scalar(
        select(func.count())
        .select_from(Registration)
        .where(Registration.edition_id == edition.id, Registration.status == PlaceStatus.CONFIRMED)
    )
    sessions = db.session.scalar(
        select(func.count())
        .select_from(ProgrammeSession)
        .where(
            ProgrammeSession.edition_id == edition.id,
            ProgrammeSession.status == SessionStatus.SCHEDULED,
        )
    )
    return Figures(registered or 0, sessions or 0)


def live_now(edition: Edition, now: datetime, most: int = 4) -> list[ProgrammeSession]:
    """Return the sessions in progress; what ends first comes first."""
    return list(
        db.session.scalars(
            select(ProgrammeSession)
            .where(
                ProgrammeSession.edition_id == edition.id,
                ProgrammeSession.status == SessionStatus.SCHEDULED,
                ProgrammeSession.starts_at <= now,
                ProgrammeSession.ends_at > now,
            )
            .order_by(ProgrammeSession.ends_at, ProgrammeSession.title)
            .limit(most)
        )
    )
