"""Data retention of visits and certificates."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, update

from dagvandebuurt.attendance.models import Certificate, CountedVisit, Inside, Visit
from dagvandebuurt.attendance.queries import counted_visits_of
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import Rows
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession

_VISITORS = ((Visit, Visit.person_id), (CountedVisit, CountedVisit.visitor_key))


@retention_rule(
    "attendance",
    order=50,
    what=_l("In welke sessies je was, en hoe lang"),
    why=_l("Om te leren welke sessies mensen vasthouden, en voor een bewijs van deelname."),
    until=_l("30 dagen na de sessie. Daarna blijft alleen over hoeveel mensen er waren."),
    days=30,
)
def visits_become_a_number(before: datetime) -> int:
    """Replace old visits by the number of attendees."""
    return _count_and_delete(before)


def _count_and_delete(before: datetime) -> int:
    db.session.execute(delete(Inside))  # at night: a person who is still present is recorded again at once
    past = select(ProgrammeSession.id).where(ProgrammeSession.ends_at < before).scalar_subquery()
    gone = 0
    for table, visitor in _VISITORS:
        counts = db.session.execute(
            select(table.session_id, func.count(visitor.distinct()))
            .where(table.session_id.in_(past))
            .group_by(table.session_id)
        ).all()
        _add_visitors(counts)
        gone += db.session.execute(delete(table).where(table.session_id.in_(past))).rowcount  # type: ignore[attr-defined]
    return gone


def _add_visitors(counts: Sequence[tuple[UUID, int]]) -> None:
    for session_id, visitors in counts:
        db.session.execute(
            update(ProgrammeSession)
            .where(ProgrammeSession.id == session_id)
            .values(visitors=func.coalesce(ProgrammeSession.visitors, 0) + visitors)
            .execution_options(synchronize_session=False)
        )


@retention_rule(
    "certificate",
    order=51,
    what=_l("Je bewijs van deelname: je naam, de sessies en de minuten die erop staan"),
    why=_l("Omdat jij het vroeg. Zo kan een ander nakijken of het klopt."),
    until=_l("2 jaar. Zo lang blijft ook je account. Wis je dat eerder, dan gaat je bewijs mee."),
    days=730,
)
def old_certificates(before: datetime) -> int:
    return db.session.execute(delete(Certificate).where(Certificate.made_at < before)).rowcount  # type: ignore[attr-defined,no-any-return]


def has_it_on_paper(_before: datetime) -> ColumnElement[bool]:
    """Select holders of a certificate: they can always come back for it, and withdraw it."""
    return exists().where(Certificate.person_id == Person.id, Certificate.withdrawn_at.is_(None))


def erase_counted_visits(person_id: UUID, _now: datetime) -> None:
    """Delete visits of an unlisted person, which no foreign key finds."""
    for visit in counted_visits_of(person_id):
        db.session.delete(visit)
    db.session.flush()


def where_i_was_counted(person_id: UUID) -> Rows:
    return [
        {
            "id": str(visit.id),
            "first_seen_at": visit.first_seen_at.isoformat(),
            "last_seen_at": visit.last_seen_at.isoformat(),
        }
        for visit in counted_visits_of(person_id)
    ]


def only_numbers_stay(now: datetime) -> None:
    """Keep how many people were in each session."""
    _count_and_delete(now)
    for kind in (Inside, Visit, CountedVisit, Certificate):
        db.session.execute(delete(kind))
