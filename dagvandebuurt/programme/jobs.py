"""Background jobs of the programme."""

from uuid import UUID

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.programme import notices
from dagvandebuurt.programme.editing.edition_lifecycle import due_to_open, open_as_planned


@job("open_editions", minute="*")
def open_editions(app: Flask) -> int:
    """Open the editions whose planned moment has come; return how many. Each in a transaction of its own."""
    with app.app_context():
        due = due_to_open(clock.now())
        db.session.rollback()
        return each("open_editions", due, _open)


def _open(edition_id: UUID) -> bool:
    now = clock.now()
    if not open_as_planned(edition_id, now=now):
        return False
    notices.tell_of_the_opening(edition_id, now=now)
    return True
