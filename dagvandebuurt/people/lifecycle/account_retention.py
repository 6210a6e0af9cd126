"""Account retention: inactivity, the yearly question, warning, deletion.

- **Inactive**: no login for 90 days, and no section has another reason to keep them.
- An inactive account with something *owed* (`people.lifecycle.retention_holds`) stays until that ends, and
is asked once a year whether they still want to hear it. No answer changes nothing; *no* moves them to the
next line.
- An inactive account without holds is warned, and deleted two weeks later at the earliest. One press in the
mail, without logging in, keeps it; so does logging in.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, update

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.personal_data import personal_data
from dagvandebuurt.core.signing import link_serializer
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.people.lifecycle.retention_holds import is_owed_something
from dagvandebuurt.people.models import LoginSession, Person, RoleGrant

QUIET = timedelta(days=90)
WARNED_BEFORE = timedelta(days=14)
ASKED_AGAIN = timedelta(days=365)


def to_delete(*, now: datetime) -> Select[UUID]:
    """Select accounts to delete: inactive, without holds, and warned long enough ago."""
    return select(Person.id).where(
        _quiet_since(now - QUIET), ~_stays_for_something(), Person.warned_at <= now - WARNED_BEFORE
    )


def to_warn(*, now: datetime) -> Select[UUID]:
    """Select accounts to warn that they are deleted in two weeks."""
    return select(Person.id).where(
        _quiet_since(now - QUIET + WARNED_BEFORE), ~_stays_for_something(), Person.warned_at.is_(None)
    )


def to_ask(*, now: datetime) -> Select[UUID]:
    """Select people who wait for something, were inactive for a year and not asked for a year."""
    before = now - ASKED_AGAIN
    return select(Person.id).where(
        _quiet_since(before, other_reasons=False),
        _stays_for_something(),
        Person.email_confirmed_at.is_not(None),
        or_(Person.asked_at.is_(None), Person.asked_at <= before),
    )


def ends_at(person: Person, *, last_here: datetime, now: datetime) -> datetime:
    """Return the earliest day on which an account is deleted if its owner never logs in again."""
    return max(last_here + QUIET, (person.warned_at or now) + WARNED_BEFORE)


def stay(person_id: UUID, *, now: datetime) -> bool:
    """Record the answer *yes*; return False when the person is gone."""
    return _set(person_id, stays_at=now, warned_at=None, lets_go_at=None, asked_at=now)


def release_holds(person_id: UUID, *, now: datetime) -> bool:
    """Record the answer *no*: it releases their holds. They are warned before anything is deleted."""
    return _set(person_id, lets_go_at=now, asked_at=now)


def was_here(person_id: UUID) -> None:
    """Record activity: it cancels whatever was said about leaving."""
    person = Person.id == person_id
    said = or_(Person.warned_at.is_not(None), Person.lets_go_at.is_not(None))
    db.session.execute(
        update(Person)
        .where(person, said)
        .values(warned_at=None, lets_go_at=None)
        .execution_options(synchronize_session=False)
    )


def seen(login_id: UUID, *, on: date) -> None:
    """Record that a browser was used that day. Rounded to the day: a moment beside a question would identify
    its writer."""
    morning = clock.moments_at(on, time.min)[0]
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == login_id, LoginSession.seen_at < morning)
        .values(seen_at=morning)
        .execution_options(synchronize_session=False)
    )


def path_to_stay(person_id: UUID) -> str:
    """Return the address in the mail for answering yes or no, logged in or not."""
    return path_for("people.still_there", token=_serializer().dumps(person_id.hex))


def person_of_token(token: str) -> UUID:
    """Return whose answer it is. Raises NotFound for an invalid token."""
    try:
        return UUID(_serializer().loads(token))
    except (BadSignature, ValueError):
        raise NotFound from None


def _quiet_since(before: datetime, *, other_reasons: bool = True) -> ColumnElement[bool]:
    seen = exists().where(LoginSession.person_id == Person.id, LoginSession.seen_at >= before)
    has_task = exists().where(RoleGrant.person_id == Person.id)
    quiet = and_(
        Person.forgotten_at.is_(None),
        Person.created_at < before,
        or_(Person.stays_at.is_(None), Person.stays_at < before),
        ~seen,
        ~has_task,
    )
    if not other_reasons:
        return quiet
    return and_(
        quiet,
        ~or_(false(), *(reason(before) for there in personal_data() for reason in there.reasons_to_stay)),
    )


def _stays_for_something() -> ColumnElement[bool]:
    return and_(Person.lets_go_at.is_(None), is_owed_something())


def _set(person_id: UUID, **values: datetime | None) -> bool:
    changed = db.session.execute(
        update(Person)
        .where(Person.id == person_id, Person.forgotten_at.is_(None))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _serializer() -> URLSafeSerializer:
    return link_serializer("stay")
