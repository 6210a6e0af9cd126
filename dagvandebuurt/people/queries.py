"""Queries for people. Never by a name or an id that a visitor typed."""

import threading
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.people.access.login_columns import Column
from dagvandebuurt.people.house_rule_queries import OWN as OWN
from dagvandebuurt.people.house_rule_queries import RULE_TITLES as RULE_TITLES
from dagvandebuurt.people.house_rule_queries import ReasonWords as ReasonWords
from dagvandebuurt.people.house_rule_queries import own_titles_ever as own_titles_ever
from dagvandebuurt.people.house_rule_queries import require_reason as require_reason
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import (
    Bookmark,
    Dissolution,
    HouseRules,
    Invitation,
    LoginSession,
    Person,
    Role,
    RoleGrant,
    SecondFactor,
)
from dagvandebuurt.people.standard_house_rules import standard_house_rules


def email_key(email: str) -> str:
    """Return the folded address: case, and the two encodings of an accent, do not matter."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def person_by_email(email: str) -> Person | None:
    """Return the person with this address, confirmed or not."""
    return db.session.scalar(select(Person).where(Person.email_key == email_key(email)))


def identity_of_login(login_id: UUID) -> Identity | None:
    """Return who a browser belongs to; None once its login has ended."""
    return identity_and_more(login_id, {})[0]


def identity_and_more(login_id: UUID, along: Mapping[str, Column]) -> tuple[Identity | None, dict[str, Any]]:
    """Return the same with the extra columns, in one query."""
    row = db.session.execute(
        _who_and_more(tuple(along.items())),
        {"login_id": login_id, "shared_since": clock.now() - SHARED_LASTS},
    ).first()
    if row is None:
        return None, {}
    grants = [(role, UUID(scope) if scope else None) for role, scope in apart(row.grants_of)]
    identity = Identity.of(row, login_id, is_proven=row.proven_at is not None, grants=grants)
    return identity, {name: getattr(row, f"along_{name}") for name in along}


SHARED_LASTS = timedelta(hours=4)  # on a shared computer


def _is_open(login: Any, shared_since: Any) -> Any:
    """Return whether a login is valid: not ended, and on a shared computer only for some hours."""
    since = type_coerce(shared_since, login.began_at.type)
    return and_(login.ended_at.is_(None), or_(login.is_shared.is_(False), login.began_at > since))


def open_logins_of(person_id: UUID) -> Sequence[LoginSession]:
    """Return somebody's logged-in browsers, the one used last first."""
    return db.session.scalars(
        select(LoginSession)
        .where(
            LoginSession.person_id == person_id,
            _is_open(LoginSession.__table__.c, literal(clock.now() - SHARED_LASTS)),
        )
        .order_by(LoginSession.seen_at.desc(), LoginSession.id)
    ).all()


# Built once: composing a statement costs more than executing it.
@cache
def _who_and_more(along: tuple[tuple[str, Column], ...]) -> Select[Any]:
    login, person, grant = LoginSession.__table__.c, Person.__table__.c, RoleGrant.__table__.c
    grants = joined(grant.role, grant.scope_id).where(grant.person_id == person.id)
    return (
        select(
            person.id, person.name, person.participant_role, person.domain, person.neighbourhood,
            person.language, login.proven_at,
            person.email_confirmed_at.is_not(None).label("has_account"),
            grants.scalar_subquery().label("grants_of"),
            *_labelled(along, person.id),
        )
        .select_from(LoginSession.__table__.join(Person.__table__, person.id == login.person_id))
        .where(login.id == bindparam("login_id", type_=login.id.type), _is_open(login, bindparam("shared_since")))
    )  # fmt: skip


def known_of_nobody(along: Mapping[str, Column]) -> dict[str, Any]:
    """Return the extra columns for an anonymous visitor."""
    row = db.session.execute(_more(tuple(along.items()))).one()
    return {name.removeprefix("along_"): value for name, value in row._mapping.items()}


@cache
def _more(along: tuple[tuple[str, Column], ...]) -> Select[Any]:
    return select(*_labelled(along, None))


def _labelled(along: Iterable[tuple[str, Column]], person_id: Any) -> list[Any]:
    columns = [(name, column(person_id)) for name, column in along]
    return [column.label(f"along_{name}") for name, column in columns if column is not None]


def joined(*columns: Any) -> Any:
    """Aggregate rows of these columns to one text, for `apart` to parse: a list in a scalar, on any
    database."""
    texts = [func.coalesce(cast(column, String), "") for column in columns]
    whole: ColumnElement[str] = texts[0]
    for text in texts[1:]:
        whole = whole + ":" + text
    return select(func.aggregate_strings(whole, ","))


def apart(text: str | None) -> list[list[str]]:
    """Parse the rows that `joined` put into one text."""
    return [row.split(":") for row in text.split(",")] if text else []


def identities_of_logins(login_ids: Sequence[UUID]) -> list[Identity | None]:
    """Return the identities of many logins, in order."""
    found = {
        login.id: Identity.of(login.person, login.id, is_proven=login.proven_at is not None)
        for login in db.session.scalars(
            select(LoginSession)
            .where(
                LoginSession.id.in_(login_ids),
                _is_open(LoginSession.__table__.c, literal(clock.now() - SHARED_LASTS)),
            )
            .options(joinedload(LoginSession.person).joinedload(Person.grants))
        ).unique()
    }
    return [found.get(login_id) for login_id in login_ids]


# Not a live room: its revision counts permission changes, in the order of commits.
RIGHTS = UUID("7b1d0f1e-0000-4000-8000-726967687473")


def rights_revision() -> int:
    """Return the counter of permission changes; 0 before the first."""
    return db.session.scalar(select(LiveRoom.revision).where(LiveRoom.id == RIGHTS)) or 0


def rights_changed_since(revision: int) -> set[UUID]:
    """Return whose permissions changed after that."""
    return set(db.session.scalars(select(Person.id).where(Person.rights_revision > revision)))


def person_of(actor: Actor) -> Person:
    """Return the row of an identity."""
    return db.session.get_one(Person, actor.id, options=[selectinload(Person.grants)])


def stored_house_rules(now: datetime | None = None) -> HouseRules | None:
    """Return the newest stored version: of all, or with `now` of those in force."""
    newest = select(HouseRules).order_by(HouseRules.version.desc()).limit(1)
    if now is not None:
        newest = newest.where(HouseRules.effective_from <= now)
    return db.session.scalar(newest.options(selectinload(HouseRules.rules)))


def current_house_rules(now: datetime) -> HouseRules:
    """Return the newest house rules in force; the standard ones until there are any."""
    return stored_house_rules(now) or standard_house_rules()


def newest_house_rules() -> HouseRules:
    """Return the newest version, also one that is not in force yet; the standard rules until there are any."""
    return stored_house_rules() or standard_house_rules()


def house_rules_version(version: int) -> HouseRules | None:
    """Return this version, also one that is not in force yet."""
    return db.session.scalar(
        select(HouseRules).where(HouseRules.version == version).options(selectinload(HouseRules.rules))
    )


def all_house_rules() -> Sequence[HouseRules]:
    """Return every stored version, newest first."""
    return db.session.scalars(
        select(HouseRules).order_by(HouseRules.version.desc()).options(joinedload(HouseRules.made_by))
    ).all()


def bookmarks_of(actor: Actor) -> Sequence[Bookmark]:
    """Return somebody's bookmarks, newest first."""
    return db.session.scalars(
        select(Bookmark).where(Bookmark.person_id == actor.id).order_by(Bookmark.saved_at.desc(), Bookmark.id)
    ).all()


def bookmark_of(actor: Actor, target_id: UUID) -> Bookmark | None:
    if actor.id is None:
        return None
    return db.session.scalar(
        select(Bookmark).where(Bookmark.person_id == actor.id, Bookmark.target_id == target_id)
    )


def demo_people() -> Sequence[Person]:
    """Return everybody with an account, for the one-click logins of the demo: one for each role first."""
    people = db.session.scalars(
        select(Person)
        .where(Person.email.like("%.example"), Person.email_confirmed_at.is_not(None))
        .options(selectinload(Person.grants))
        .order_by(Person.created_at, Person.name)
    ).all()
    return people


def has_second_factor(person_id: UUID) -> bool:
    """Return whether login takes a second factor."""
    factor = db.session.get(SecondFactor, person_id)
    return factor is not None and factor.confirmed_at is not None


def open_invitations(now: datetime) -> Sequence[Invitation]:
    """Return unanswered invitations, newest first."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > now)
        .order_by(Invitation.made_at.desc(), Invitation.id)
    ).all()


def all_grants() -> Sequence[RoleGrant]:
    """Return who holds which role, by role and name."""
    return db.session.scalars(
        select(RoleGrant)
        .join(RoleGrant.person)
        .options(joinedload(RoleGrant.person))
        .order_by(RoleGrant.role, Person.name, RoleGrant.id)
    ).all()


def suspended_people() -> Sequence[Person]:
    return db.session.scalars(
        select(Person).where(Person.suspended_at.is_not(None)).order_by(Person.name)
    ).all()


def people_with_role(role: Role) -> Sequence[Person]:
    return db.session.scalars(
        select(Person).join(RoleGrant).where(RoleGrant.role == role).order_by(Person.name)
    ).all()


def name_of(person_id: UUID | None) -> str | None:
    """Return the name of somebody who acted; None when nobody did, or they were erased."""
    return None if person_id is None else db.session.scalar(select(Person.name).where(Person.id == person_id))


FRESH_SECONDS = 30.0


@dataclass(frozen=True)
class Ending:
    """What visitors are told. Without `due_at` the organisation goes on."""

    due_at: datetime | None = None
    is_read_only: bool = False


class _Cache:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = Ending()
        self._read_at = float("-inf")

    def get(self) -> Ending:
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return self._known
        try:
            with db.session.no_autoflush:
                row = db.session.execute(select(Dissolution.due_at, Dissolution.begun_at)).first()
        except SQLAlchemyError:  # away, or not migrated yet: what was known stays
            db.session.rollback()
            return self._known
        self.put(row.due_at if row is not None else None, row.begun_at if row is not None else None)
        return self._known

    def put(self, due_at: datetime | None, begun_at: datetime | None) -> None:
        with self._lock:
            self._known = Ending(due_at, begun_at is not None)
            self._read_at = time.monotonic()

    def forget(self) -> None:
        with self._lock:
            self._read_at = float("-inf")


def ending() -> Ending:
    """Return how it is, as of half a minute ago at most."""
    return _cache().get()


def remember_ending(due_at: datetime | None, begun_at: datetime | None) -> None:
    """Take what a page read along with who is logged in: it costs no query of its own."""
    _cache().put(due_at, begun_at)


def forget_ending() -> None:
    """Read it again: it changed in this process."""
    _cache().forget()


def _cache() -> _Cache:
    found = current_app.extensions.setdefault("ending", _Cache())
    assert isinstance(found, _Cache)
    return found
