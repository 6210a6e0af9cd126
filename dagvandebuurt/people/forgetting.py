"""Deleting a person, and keeping them deleted.

Everything goes in one transaction; what remains is an empty shell of the account, so that other processes
see that its logins ended and close its sockets. The nightly job forgets once more, for whatever such a
socket wrote in its last seconds, and throws the shell away. A list outside the database (hashes of ids, no
names) survives a restored backup: who is on it is forgotten again.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from flask import current_app
from sqlalchemy import delete, func, select, text, update

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.privacy import throw_away_mail_to
from dagvandebuurt.people import merging
from dagvandebuurt.people.models import Invitation, LoginSession, Person
from dagvandebuurt.people.mydata import owned
from dagvandebuurt.people.rules import end_login

SHELL_STAYS = timedelta(hours=1)
Forget = Callable[[UUID, datetime], None]
_forgets: list[Forget] = []


def forgets(forget: Forget) -> Forget:
    """Let a room take a person off what stays, or throw it away, before their own rows go. Runs in the
    same transaction; running it twice is running it once."""
    if forget not in _forgets:
        _forgets.append(forget)
    return forget


def forget(person_id: UUID, *, now: datetime) -> None:
    """Delete somebody. The list is written first: a machine that dies in between forgets later."""
    _put_on_the_list(person_id)
    for guest_id in merging.guests_of(person_id):
        merging.move(guest_id, person_id, now=now)
        db.session.execute(
            update(Person).where(Person.id == guest_id).values(merged_into_id=None)
        )  # from here on somebody who was forgotten
        for forget_there in _forgets:
            forget_there(guest_id, now)
    # Whoever does something for this person at the same moment comes before or after, never in between.
    address = db.session.scalar(
        select(Person.email).where(Person.id == person_id).with_for_update(key_share=True)
    )
    if address is not None:
        throw_away_mail_to(address)
        db.session.execute(delete(Invitation).where(func.lower(Invitation.email) == address.lower()))
    for forget_there in _forgets:
        forget_there(person_id, now)
    for login_id in db.session.scalars(
        select(LoginSession.id).where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
    ).all():
        end_login(login_id, now=now)
    for table, columns in reversed(list(owned())):
        if table is LoginSession.__table__:
            continue  # ended; they go with the shell
        for column in columns:
            if "owner" not in column.info:  # those stay, and their rooms took the person off
                db.session.execute(delete(table).where(column == person_id))
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(
            name="", email=None, email_key=None, email_confirmed_at=None, password_hash=None, domain=None,
            neighbourhood=None, suspended_reason=None, house_rules_version=None, privacy_accepted_at=None, forgotten_at=now,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.expire_all()


def throw_shells_away(*, now: datetime) -> int:
    """Forget once more who was forgotten an hour ago, and remove the last row."""
    gone = db.session.execute(
        select(Person.id, Person.merged_into_id).where(Person.forgotten_at < now - SHELL_STAYS)
    ).all()
    for person_id, merged_into in gone:
        if merged_into is not None:
            merging.move(person_id, merged_into, now=now)
            if merging.is_needed(person_id):
                continue
        else:
            forget(person_id, now=now)
        db.session.execute(delete(LoginSession).where(LoginSession.person_id == person_id))
        db.session.execute(delete(Person).where(Person.id == person_id))
    return len(gone)


def forget_again(*, now: datetime) -> int:
    """After a restore: forget whoever is on the list and is back. How many were."""
    listed = set(_list().read_text().split()) if _list().exists() else set()
    if not listed:
        return 0
    back = [
        person_id
        for person_id in db.session.scalars(select(Person.id).where(Person.forgotten_at.is_(None)))
        if _hash(person_id) in listed
    ]
    for person_id in back:
        forget(person_id, now=now)
    return len(back)


def empty_the_log() -> None:
    """Move the write-ahead log of SQLite into the database, where deleted words are overwritten."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _list() -> Path:
    return Path(current_app.config["DATA_FOLDER"]) / "forgotten.txt"


def _put_on_the_list(person_id: UUID) -> None:
    line = f"{_hash(person_id)}\n"
    if not _list().exists() or line not in _list().read_text():
        with _list().open("a") as file:
            file.write(line)


def _hash(person_id: UUID) -> str:
    return hashlib.sha256(person_id.bytes).hexdigest()
