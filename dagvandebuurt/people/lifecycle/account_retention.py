"""How long an account stays, who is asked, and who is warned first.

- **Quiet**: nobody came in for 90 days, and no room has another reason to keep them.
- Who is quiet and is *owed* something (`people.owed`) stays until that ends, and is asked once a year whether
  they still want to hear it. No answer changes nothing; *no* takes them to the next line.
- Who is quiet and owed nothing is warned, and deleted two weeks later at the earliest. One press in the mail,
  without logging in, keeps them; so does coming in.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, update

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.people.lifecycle.retention_holds import is_owed_something
from dagvandebuurt.people.lifecycle.retention_reasons import reasons
from dagvandebuurt.people.models import LoginSession, Person, RoleGrant

QUIET = timedelta(days=90)
WARNED_BEFORE = timedelta(days=14)
ASKED_AGAIN = timedelta(days=365)


def to_delete(*, now: datetime) -> Select[UUID]:
    """Whose account ends: quiet, owed nothing, and warned long enough ago."""
    return select(Person.id).where(
        _quiet_since(now - QUIET), ~_stays_for_something(), Person.warned_at <= now - WARNED_BEFORE
    )


def to_warn(*, now: datetime) -> Select[UUID]:
    """Who is to be told that it ends in two weeks."""
    return select(Person.id).where(
        _quiet_since(now - QUIET + WARNED_BEFORE), ~_stays_for_something(), Person.warned_at.is_(None)
    )


def to_ask(*, now: datetime) -> Select[UUID]:
    """Who waits for something, was not here for a year and was not asked for a year."""
    before = now - ASKED_AGAIN
    return select(Person.id).where(
        _quiet_since(before, other_reasons=False),
        _stays_for_something(),
        Person.email_confirmed_at.is_not(None),
        or_(Person.asked_at.is_(None), Person.asked_at <= before),
    )


def ends_at(person: Person, *, last_here: datetime, now: datetime) -> datetime:
    """The day on which an account ends at the earliest, if its owner never comes back."""
    return max(last_here + QUIET, (person.warned_at or now) + WARNED_BEFORE)


def stay(person_id: UUID, *, now: datetime) -> bool:
    """They pressed *yes*. False when they are not there any more."""
    return _set(person_id, stays_at=now, warned_at=None, lets_go_at=None, asked_at=now)


def let_go(person_id: UUID, *, now: datetime) -> bool:
    """They pressed *no*: nothing is owed to them any more. They are warned before anything is deleted."""
    return _set(person_id, lets_go_at=now, asked_at=now)


def was_here(person_id: UUID) -> None:
    """A sign of life: whatever was said about leaving is over."""
    person = Person.id == person_id
    said = or_(Person.warned_at.is_not(None), Person.lets_go_at.is_not(None))
    db.session.execute(
        update(Person)
        .where(person, said)
        .values(warned_at=None, lets_go_at=None)
        .execution_options(synchronize_session=False)
    )


def seen(login_id: UUID, *, on: date) -> None:
    """A browser was used that day. Kept to the day: a moment beside a question would name its asker."""
    morning = clock.moments_at(on, time.min)[0]
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == login_id, LoginSession.seen_at < morning)
        .values(seen_at=morning)
        .execution_options(synchronize_session=False)
    )


def path_to_stay(person_id: UUID) -> str:
    """The address in the mail with which one says yes or no, logged in or not."""
    return f"/blijf/{_serializer().dumps(person_id.hex)}"


def behind(token: str) -> UUID:
    """Whose answer it is. Raises NotFound for a token we did not make."""
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
    return and_(quiet, ~or_(false(), *(reason(before) for reason in reasons())))


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
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="stay")
