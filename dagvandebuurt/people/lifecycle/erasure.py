"""Erasure of a person (AVG article 17), also after a restored backup.

It runs in one transaction; a tombstone of the account remains, so that other processes see that its logins
ended and close its sockets. A nightly job erases once more, for whatever such a socket wrote in its last
seconds, and deletes the tombstone. A list outside the database (hashes of ids, no names) survives a restored
backup: people on it are erased again.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, delete, func, select, text, update

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.personal_data import personal_data
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs import beat
from dagvandebuurt.parts.mail.privacy import delete_mail_to
from dagvandebuurt.people.lifecycle import account_merging
from dagvandebuurt.people.lifecycle.data_export import owned
from dagvandebuurt.people.models import Invitation, LoginSession, ParticipantRole, Person
from dagvandebuurt.people.rules import end_login

SHELL_STAYS = timedelta(hours=1)
# Batches of erasure: so many people per transaction, and no new one after so many seconds; then others write.
# A run ends after RUNS_AT_MOST seconds: the runner has mail to send.
PIECE, HOLDS_AT_MOST, BREATH, RUNS_AT_MOST = 20, 0.03, 0.02, 20.0
logger = logging.getLogger(__name__)


def erase(person_id: UUID, *, now: datetime) -> None:
    """Erase a person. The list is written first, so that a crash in between only delays it."""
    _put_on_the_list(person_id)
    erasers = [erase for there in personal_data() for erase in there.erase]
    for guest_id in account_merging.guests_of(person_id):
        account_merging.move(guest_id, person_id, now=now)
        db.session.execute(
            update(Person).where(Person.id == guest_id).values(merged_into_id=None, keeps_shell=False)
        )  # marks the account as erased
        for erase in erasers:
            erase(guest_id, now)
    # Serialised with other writes for this person: they come before or after, never in between.
    address = db.session.scalar(
        select(Person.email).where(Person.id == person_id).with_for_update(key_share=True)
    )
    if address is not None:
        delete_mail_to(address)
        db.session.execute(delete(Invitation).where(func.lower(Invitation.email) == address.lower()))
    for erase in erasers:
        erase(person_id, now)
    for login_id in db.session.scalars(
        select(LoginSession.id).where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
    ).all():
        end_login(login_id, now=now)
    for table, columns in reversed(owned()):
        if table is LoginSession.__table__:
            continue  # ended; they go with the tombstone
        for column in columns:
            if "owner" not in column.info:  # those stay, anonymised by their sections
                db.session.execute(delete(table).where(column == person_id))
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(
            name="", email=None, email_key=None, email_confirmed_at=None, password_hash=None, domain=None,
            participant_role=ParticipantRole.UNDISCLOSED, neighbourhood=None, suspended_reason=None,
            house_rules_version=None, privacy_accepted_at=None, forgotten_at=now,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.expire_all()


def erase_in_batches(find: Callable[[], Select[UUID]]) -> int:
    """Erase everybody whom `find` selects; return how many. Opens its own transactions."""
    return each_in_batches(find, lambda person_id: erase(person_id, now=clock.now()))


def each_in_batches(find: Callable[[], Select[UUID]], do: Callable[[UUID], object]) -> int:
    """Run `do` for each person whom `find` selects, a few per transaction, so that the lock is held briefly
    and others write in between; stop after `RUNS_AT_MOST` and leave the rest for the next run.

    The selection is checked again under the lock: a person who logged in meanwhile stays. A failure is
    logged and skipped. Returns for how many it was done.
    """
    began, done = time.monotonic(), 0
    selection = find()  # composed once: it asks every section, which takes longer than deleting one
    waiting = list(db.session.scalars(selection).all())
    db.session.rollback()
    while waiting and time.monotonic() - began < RUNS_AT_MOST:
        piece, waiting = waiting[:PIECE], waiting[PIECE:]
        with transaction():
            until = time.monotonic() + HOLDS_AT_MOST
            still = set(db.session.scalars(selection.where(Person.id.in_(piece))))
            while piece:
                person_id = piece.pop()
                if person_id in still:
                    done += _done_for(person_id, do)
                if time.monotonic() > until:
                    break
        waiting = piece + waiting
        beat()
        time.sleep(BREATH)
    return done


def _done_for(person_id: UUID, do: Callable[[UUID], object]) -> bool:
    try:
        with db.session.begin_nested():
            do(person_id)
    except Exception:
        logger.exception("somebody could not be taken off")  # never whom
        return False
    return True


def delete_tombstones() -> int:
    """Erase once more everybody erased an hour ago, and delete the tombstones. Opens its own transactions."""
    return each_in_batches(
        lambda: select(Person.id).where(
            Person.forgotten_at < clock.now() - SHELL_STAYS, Person.keeps_shell.is_(False)
        ),
        _delete_tombstone,
    )


def _delete_tombstone(person_id: UUID) -> None:
    now = clock.now()
    merged_into = db.session.scalar(select(Person.merged_into_id).where(Person.id == person_id))
    if merged_into is not None:
        account_merging.move(person_id, merged_into, now=now)
        if account_merging.is_needed(person_id):
            db.session.execute(update(Person).where(Person.id == person_id).values(keeps_shell=True))
            return
    else:
        erase(person_id, now=now)
    db.session.execute(delete(LoginSession).where(LoginSession.person_id == person_id))
    db.session.execute(delete(Person).where(Person.id == person_id))


def erase_again() -> int:
    """Erase the listed people who are back after a restore; return how many. Opens its own transactions."""
    back = listed_and_back()
    if not back:
        return 0
    return erase_in_batches(
        lambda: select(Person.id).where(Person.id.in_(back), Person.forgotten_at.is_(None))
    )


def listed_and_back() -> list[UUID]:
    """Return the people on the list who are there nevertheless: a backup of before was put back."""
    listed = _listed()
    if not listed:
        return []
    there = db.session.scalars(select(Person.id).where(Person.forgotten_at.is_(None)))
    return [person_id for person_id in there if _hash(person_id) in listed]


def checkpoint_log() -> None:
    """Checkpoint the write-ahead log of SQLite into the database, where deleted content is overwritten."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _list() -> Path:
    return Path(current_app.config["DATA_FOLDER"]) / "forgotten.txt"


_known: dict[Path, tuple[int, set[str]]] = {}


def _listed() -> set[str]:
    """Return everybody on the list, read again only when another process wrote to it."""
    if not _list().exists():
        return set()
    size = _list().stat().st_size
    known = _known.get(_list())
    if known is None or known[0] != size:
        known = _known[_list()] = (size, set(_list().read_text().split()))
    return known[1]


def _put_on_the_list(person_id: UUID) -> None:
    line = _hash(person_id)
    if line not in _listed():
        with _list().open("a") as file:
            file.write(f"{line}\n")
        known = _known.get(_list(), (0, set()))
        known[1].add(line)
        _known[_list()] = (_list().stat().st_size, known[1])


def _hash(person_id: UUID) -> str:
    return hashlib.sha256(person_id.bytes).hexdigest()
