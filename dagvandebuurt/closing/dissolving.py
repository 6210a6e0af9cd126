"""The end of an organisation: tell everybody, and later erase everybody.

What visitors read stays, without people; see docs/running.md and docs/privacy.md.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import or_, select

from dagvandebuurt.backups import backing_up
from dagvandebuurt.core import clock, running
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.models import READABLE, Lesson
from dagvandebuurt.live.restore_detection import new_epochs
from dagvandebuurt.parts.branding.models import Branding
from dagvandebuurt.parts.files import store
from dagvandebuurt.parts.files.errors import StoreAway
from dagvandebuurt.parts.mail.compose import Letter
from dagvandebuurt.parts.mail.rules import post_many
from dagvandebuurt.parts.partners.models import Partner
from dagvandebuurt.people import letters
from dagvandebuurt.people.lifecycle import dissolution
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import Edition

LEAST_DAYS = 30
AT_ONCE = 100  # letters in one transaction
BREATH = 0.02  # seconds between two, for others
Say = Callable[[str], None]


class CannotEnd(Exception):
    """Why it cannot be done now, in one sentence that says what to do. Nothing was erased."""


@dataclass(frozen=True)
class Ended:
    """What was done."""

    people: int
    backup: Path


def announce(day: date, *, now: datetime) -> int:
    """Tell everybody with an address that the organisation stops on `day`, and every visitor on each page;
    return to how many was written. Again with the same day writes only to those who were not told. Raises CannotEnd."""
    due_at = clock.moments_at(day, time_of_day.min)[0]
    if due_at < now + timedelta(days=LEAST_DAYS):
        first = clock.local(now + timedelta(days=LEAST_DAYS + 1)).date()
        raise CannotEnd(f"people get {LEAST_DAYS} days to take their data along: choose {first} or later.")
    _require_nothing_open()
    with transaction():
        _require_not_begun()
        dissolution.set_date(due_at=due_at, now=now)
    return _write_to_all(f"the-end:{day}", lambda person: letters.the_end(person, day), now)


def call_off(*, now: datetime) -> int:
    """Tell everybody that the organisation goes on after all; return to how many was written. Raises
    CannotEnd."""
    with transaction():
        _require_not_begun()
        found = dissolution.current()
        if found is None:
            raise CannotEnd("no end was announced.")
        announced = found.announced_at
        dissolution.call_off()
    return _write_to_all(f"no-end:{announced:%Y%m%d%H%M%S}", letters.no_end, now)


def carry_out(app: Flask, backup: Path, *, environment: Path | None, now: datetime, say: Say) -> Ended:
    """Make a backup, then erase everybody. Raises CannotEnd, and BackupProblem; a run that was broken off is
    run again. Needs an app context, and no server that runs."""
    require_due(now=now)
    try:
        with running.stopped(Path(app.config["DATA_FOLDER"])):
            db.session.rollback()
            made = backing_up.back_up(app.config, backup, environment=environment, now=now)
            say(f"{made.path}: a backup, with its keys beside it. Delete both within 14 days.")
            everybody = dissolution.people()
            gone = 0

            def erased(number: int) -> None:
                nonlocal gone
                gone += number
                say(f"{gone} of {everybody} accounts erased.")

            try:
                dissolution.erase_everybody(now=now, say=erased)
                _delete_unused_pictures()
                dissolution.finish(now=clock.now())
            except dissolution.NotErased as failure:
                raise CannotEnd(
                    f"not everything could be erased ({failure}). Look in the log, and run this command again."
                ) from failure
            new_epochs()
    except running.IsRunning:
        raise CannotEnd("a server runs. Stop every process first.") from None
    return Ended(gone, made.path)


def require_due(*, now: datetime) -> None:
    """Raise CannotEnd unless the end was announced, its day has come, and nothing is open."""
    found = dissolution.current()
    if found is None:
        raise CannotEnd("announce it first: dagvandebuurt dissolve --announce --on YEAR-MONTH-DAY")
    if found.done_at is not None:
        raise CannotEnd("this organisation has stopped already: nobody is left to erase.")
    if now < found.due_at:
        raise CannotEnd(
            f"it was announced for {clock.local(found.due_at).date()}. Until then nobody is erased."
        )
    _require_nothing_open()


def _require_not_begun() -> None:
    found = dissolution.current()
    if found is not None and found.begun_at is not None:
        raise CannotEnd("people were erased already: finish it, with --backup.")


def _require_nothing_open() -> None:
    found = db.session.scalars(
        select(Edition.title).where(or_(Edition.status == EditionStatus.OPEN, Edition.opens_at.is_not(None)))
    ).all()
    if found:
        raise CannotEnd(
            f"{', '.join(found)} is open, or opens by itself. Close it for good at the organiser's desk,"
            " or close it and cancel its plan."
        )


def _write_to_all(key: str, letter_of: Callable[[Person], Letter], now: datetime) -> int:
    waiting = list(
        db.session.scalars(
            select(Person.id)
            .where(Person.email_confirmed_at.is_not(None), Person.forgotten_at.is_(None))
            .order_by(Person.id)
        )
    )
    for start in range(0, len(waiting), AT_ONCE):
        with transaction():
            some: list[UUID] = waiting[start : start + AT_ONCE]
            people = db.session.scalars(select(Person).where(Person.id.in_(some))).all()
            post_many([(letter_of(person), f"{key}:{person.id}") for person in people], now=now)
        time.sleep(BREATH)
    return len(waiting)


def _delete_unused_pictures() -> None:
    """Delete uploaded pictures that no page shows any more."""
    readable = select(Lesson.photo).where(Lesson.status.in_(READABLE), Lesson.photo.is_not(None))
    shown = {*db.session.scalars(readable), *db.session.scalars(select(Branding.logo))}
    shown |= set(db.session.scalars(select(Branding.share_picture)))
    shown |= set(db.session.scalars(select(Partner.logo)))
    uploads = store()
    try:
        for name in list(uploads.names()):
            if name.partition(".")[0] not in shown:
                uploads.delete(name)
    except StoreAway as away:
        raise dissolution.NotErased(away.reason) from away
