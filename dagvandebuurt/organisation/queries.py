"""Figures of an edition, with small-cell suppression: groups in which people could be identified have no
number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.mailings.models import Mailing
from dagvandebuurt.moderation.models import Report
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.programme.queries import edition_chosen_by
from dagvandebuurt.qanda.models import PUBLIC, Question, QuestionStatus
from dagvandebuurt.registration.models import (
    AccessNeed,
    CustomQuestion,
    PlaceStatus,
    Registration,
    RegistrationAnswer,
    SessionChoice,
)

SMALLEST_GROUP = 10
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Group:
    """Group of participants. `count` is None below SMALLEST_GROUP (small-cell suppression)."""

    of: Any
    count: int | None


def the_edition(person_id: UUID | None) -> Edition:
    """Return the edition this organiser works on: the one they chose at the desk, also of an earlier year.
    Raises NotFound without one."""
    edition = edition_chosen_by(person_id)
    if edition is None:
        raise NotFound
    return edition


def registrations_of(edition: Edition) -> Iterable[Registration]:
    """Iterate over all registrations in their order; single pass."""
    return db.session.scalars(
        select(Registration)
        .where(Registration.edition_id == edition.id)
        .options(joinedload(Registration.person))
        .order_by(Registration.registered_at, Registration.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )


def titles_chosen(edition: Edition) -> dict[UUID, str]:
    """Return person → the sessions of this edition they chose, in the order of the day."""
    rows = db.session.execute(
        select(SessionChoice.person_id, ProgrammeSession.title)
        .join(ProgrammeSession, ProgrammeSession.id == SessionChoice.session_id)
        .where(ProgrammeSession.edition_id == edition.id, SessionChoice.status != PlaceStatus.CANCELLED)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
    )
    found: dict[UUID, list[str]] = {}
    for person_id, title in rows:
        found.setdefault(person_id, []).append(title)
    return {person_id: ", ".join(titles) for person_id, titles in found.items()}


def answers_by_person(edition: Edition) -> dict[UUID, dict[UUID, str]]:
    """Return person → question → answer, as text."""
    rows = db.session.scalars(
        select(RegistrationAnswer)
        .join(CustomQuestion, CustomQuestion.id == RegistrationAnswer.question_id)
        .where(CustomQuestion.edition_id == edition.id)
    )
    found: dict[UUID, dict[UUID, str]] = {}
    for row in rows:
        said = row.text if row.text is not None else ", ".join(row.chosen)
        found.setdefault(row.person_id, {})[row.question_id] = said
    return found


def by_status(edition: Edition) -> dict[PlaceStatus, int]:
    """Count registrations by status, in the database."""
    counted = _count(Registration.status, Registration.edition_id == edition.id)
    return {status: counted.get(status, 0) for status in PlaceStatus}


def groups_of(counted: Mapping[Any, int], kinds: Iterable[Any]) -> list[Group]:
    """Return each of `kinds` that occurs, largest first; suppressed ones at the end."""
    kinds = list(kinds)
    large = [Group(kind, counted[kind]) for kind in kinds if counted.get(kind, 0) >= SMALLEST_GROUP]
    small = [Group(kind, None) for kind in kinds if 0 < counted.get(kind, 0) < SMALLEST_GROUP]
    return sorted(large, key=lambda group: -(group.count or 0)) + small


def sessions_of(edition: Edition) -> list[ProgrammeSession]:
    return list(
        db.session.scalars(
            select(ProgrammeSession)
            .where(ProgrammeSession.edition_id == edition.id, ProgrammeSession.status != SessionStatus.DRAFT)
            .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
        )
    )


def _count(column: Any, condition: Any) -> dict[Any, int]:
    rows = db.session.execute(select(column, func.count()).where(condition).group_by(column))
    return {row[0]: row[1] for row in rows}


def needs_to_arrange(actor: Any) -> int:
    """Count the people whose access needs nobody arranged yet."""
    edition = edition_chosen_by(actor.id)
    if edition is None:
        return 0
    unarranged = (AccessNeed.edition_id == edition.id, AccessNeed.arranged_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(AccessNeed).where(*unarranged)) or 0


def count_rows(code: str, edition: Edition) -> int:
    """Return how many rows an export has that can be counted in the database: all but polls, whose results are
    stored in one value."""
    return int(db.session.scalar(_counts(edition)[code]) or 0)


def _counts(edition: Edition) -> dict[str, Select[Any]]:
    sessions = select(ProgrammeSession.id).where(ProgrammeSession.edition_id == edition.id)
    listed = sessions.where(ProgrammeSession.status != SessionStatus.DRAFT)
    visits = (
        select(Visit.session_id, Visit.person_id).where(Visit.session_id.in_(listed)).distinct().subquery()
    )
    shown = Question.status.in_((*PUBLIC, QuestionStatus.MERGED))
    return {
        "aanmeldingen": select(func.count()).where(Registration.edition_id == edition.id),
        "sessiekeuzes": select(func.count()).select_from(listed.subquery()),
        "aanwezigheid": select(func.count()).select_from(visits),
        "aanwezigheid-mensen": select(func.count(visits.c.person_id.distinct())),
        "vragen": select(func.count()).where(Question.session_id.in_(sessions), shown, Question.was_public),
        "meldingen": select(func.count()).where(
            Report.session_id.in_(sessions) | Report.session_id.is_(None)
        ),
        "berichten": select(func.count()).where(Mailing.edition_id == edition.id),
    }
