"""Account merging: a guest and an account become one person, without losing anything.

A guest who later registers or logs in is one person with one list of questions, one support for each
question and one programme. Rows with a foreign key to the guest are found by reflection on the models; what
is kept under pseudonyms is re-keyed in place by its section, so that no row ever says which account an
anonymous question belongs to.
The guest's row stays for an hour as a tombstone: a write still in progress in another tab is moved
afterwards (`sweep`). Idempotent, also from two devices at the same instant.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, UniqueConstraint, and_, delete, exists, select, update
from sqlalchemy.orm import selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.models import Base
from dagvandebuurt.core.personal_data import personal_data
from dagvandebuurt.people.models import LoginSession, Person
from dagvandebuurt.people.rules import end_login

# Credentials of one browser or one address: they end with the guest.
STAYS = frozenset(
    {
        ("login_session", "person_id"),
        ("personal_link", "person_id"),
        ("personal_link", "guest_id"),
        ("second_factor", "person_id"),
        ("recovery_code", "person_id"),
        ("person", "merged_into_id"),
    }
)
# Append-only rows: these keep the tombstone, and are found through it.
FIXED = frozenset({("follow_up_event", "by_id"), ("answer", "by_id")})


def is_a_guest(person_id: UUID) -> bool:
    """Return whether somebody has nothing but this browser: no address, no card."""
    person = db.session.get(Person, person_id)
    return person is not None and _can_be_merged(person) and not _is_more_than_a_guest(person_id)


def held_by(person_id: UUID) -> list[str]:
    """Describe what somebody has in all sections; empty when there is nothing to lose."""
    return [words for there in personal_data() for held in there.held for words in held(person_id)]


def merge(guest_id: UUID, into_id: UUID, *, now: datetime) -> bool:
    """Merge a guest into `into_id`, in the running transaction; return whether it was done now.

    Nothing happens for people with an address, a role or a suspended account, or if merged before: of two
    devices at once one does it. The guest's logins end: they do not become logins of the account.
    """
    if guest_id == into_id:
        return False
    people = {
        person.id: person
        for person in db.session.scalars(
            select(Person)
            .where(Person.id.in_((guest_id, into_id)))
            .order_by(Person.id)
            .options(selectinload(Person.grants))
            .with_for_update(key_share=True, of=Person)
            .execution_options(populate_existing=True)
        )
    }
    guest, into = people.get(guest_id), people.get(into_id)
    if guest is None or into is None or not _can_be_merged(guest) or into.forgotten_at is not None:
        return False
    guest.merged_into_id, guest.forgotten_at = into_id, now
    guest.name, guest.neighbourhood, guest.domain = "", None, None
    db.session.flush()
    move(guest_id, into_id, now=now)
    for login_id in db.session.scalars(
        select(LoginSession.id).where(LoginSession.person_id == guest_id, LoginSession.ended_at.is_(None))
    ).all():
        end_login(login_id, now=now)
    return True


def move(guest_id: UUID, into_id: UUID, *, now: datetime) -> None:
    """Move everything from one person to the other. Where both have a row that must be unique, the account's
    own stays."""
    for declared in personal_data():
        for merge_there in declared.merge:
            merge_there(guest_id, into_id, now)
    db.session.flush()
    for table, column in _points_at_people():
        for unique in _uniques_with(table, column):
            twin = table.alias()
            same = [twin.c[each] == table.c[each] for each in unique if each != column.name]
            there = exists().where(and_(twin.c[column.name] == into_id, *same)).correlate(table)
            _execute(delete(table).where(column == guest_id, there))
        _execute(update(table).where(column == guest_id).values({column.name: into_id}))
    db.session.expire_all()


def sweep(*, now: datetime) -> int:
    """Move what was written for a guest after the merge, from a tab that was still open; return how many
    guests were checked."""
    found = db.session.execute(
        select(Person.id, Person.merged_into_id).where(Person.merged_into_id.is_not(None))
    ).all()
    for guest_id, into_id in found:
        if into_id is not None:
            move(guest_id, into_id, now=now)
    return len(found)


def guests_of(person_id: UUID) -> list[UUID]:
    """Return the tombstones of guests merged into this account, which are erased with it."""
    return list(db.session.scalars(select(Person.id).where(Person.merged_into_id == person_id)))


def is_needed(guest_id: UUID) -> bool:
    """Return whether an append-only row refers to this guest: then the tombstone stays as long as the
    account."""
    return any(
        db.session.execute(
            select(Base.metadata.tables[table])
            .where(Base.metadata.tables[table].c[column] == guest_id)
            .limit(1)
        ).first()
        for table, column in sorted(FIXED)
    )


def _is_more_than_a_guest(person_id: UUID) -> bool:
    return any(asks(person_id) for there in personal_data() for asks in there.asks_before_merging)


def _can_be_merged(person: Person) -> bool:
    return (
        person.email is None
        and person.forgotten_at is None
        and person.suspended_at is None
        and not person.grants
    )


def _points_at_people() -> Iterator[tuple[Table, Column[Any]]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            points = any(key.column.table is Person.__table__ for key in column.foreign_keys)
            if points and (table.name, column.name) not in STAYS | FIXED:
                yield table, column


def _uniques_with(table: Table, column: Column[Any]) -> Iterator[list[str]]:
    """Return the column names of each unique rule: keys, constraints, indexes."""
    groups = [list(table.primary_key.columns)]
    groups += [list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    groups += [list(each.columns) for each in table.indexes if each.unique]
    groups += [[each] for each in table.columns if each.unique]
    for group in groups:
        names = [each.name for each in group]
        if column.name in names:
            yield names


def _execute(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
