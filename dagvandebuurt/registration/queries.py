"""What can be found of registrations, by whom."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.programme.queries import with_everything
from dagvandebuurt.registration.models import ChoiceStatus, Registration, SessionChoice


def registration_of(person_id: UUID, edition: Edition) -> Registration | None:
    return db.session.scalar(
        select(Registration).where(Registration.person_id == person_id, Registration.edition_id == edition.id)
    )


def choice_of(actor: Actor, session_id: UUID) -> SessionChoice | None:
    """The place of `actor` in a session, also one they gave up."""
    if actor.id is None:
        return None
    return db.session.scalar(
        select(SessionChoice).where(
            SessionChoice.person_id == actor.id, SessionChoice.session_id == session_id
        )
    )


def choices_of(actor: Actor) -> dict[UUID, ChoiceStatus]:
    """Session → how `actor` stands in it, without what they gave up."""
    if actor.id is None:
        return {}
    rows = db.session.execute(
        select(SessionChoice.session_id, SessionChoice.status).where(
            SessionChoice.person_id == actor.id, SessionChoice.status != ChoiceStatus.CANCELLED
        )
    )
    return {row.session_id: row.status for row in rows}


def my_programme(actor: Actor) -> Sequence[ProgrammeSession]:
    """The sessions `actor` chose, in the order of the day, with what a list shows of them."""
    return db.session.scalars(
        with_everything(
            select(ProgrammeSession)
            .join(SessionChoice, SessionChoice.session_id == ProgrammeSession.id)
            .where(SessionChoice.person_id == actor.id, SessionChoice.status != ChoiceStatus.CANCELLED)
            .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
        )
    ).all()


def clashes(sessions: Sequence[ProgrammeSession]) -> list[tuple[ProgrammeSession, ProgrammeSession]]:
    """Each pair of these that run at the same time. Back to back is no clash."""
    return [
        (first, second)
        for number, first in enumerate(sessions)
        for second in sessions[number + 1 :]
        if first.starts_at < second.ends_at and second.starts_at < first.ends_at
    ]


def place_in_line(choice: SessionChoice) -> int:
    """How many people wait in front of this one, plus one."""
    earlier = db.session.scalar(
        select(func.count())
        .select_from(SessionChoice)
        .where(
            SessionChoice.session_id == choice.session_id,
            SessionChoice.status == ChoiceStatus.WAITLISTED,
            SessionChoice.chosen_at < choice.chosen_at,
        )
    )
    return (earlier or 0) + 1
