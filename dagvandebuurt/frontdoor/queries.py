"""The figures of the front page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.registration.models import PlaceStatus, Registration


@dataclass(frozen=True)
class Figures:
    """How many people registered and how many sessions there are: counted now, not told."""

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
    """What is going on at this moment; what ends first, first."""
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
