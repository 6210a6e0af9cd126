"""What the clock does with places."""

from datetime import timedelta
from typing import cast

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs import job
from dagvandebuurt.programme.queries import current_edition
from dagvandebuurt.registration.letters import remind_of_a_session, remind_of_the_day
from dagvandebuurt.registration.models import Registration, SessionChoice
from dagvandebuurt.registration.queries import kept_too_long, programmes_of, soon, who_come
from dagvandebuurt.registration.rules import pass_on_lapsed

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
FROM_TEN = 10


@job("pass_on_places", minute="*")
def pass_on_places(app: Flask) -> int:
    """Pass places on that were kept in vain. How many went on. Each in a transaction of its own: one that
    fails holds up no other."""
    passed = 0
    with app.app_context():
        now = clock.now()
        for kind, entry_id in kept_too_long(now):
            with transaction():
                entry = cast(Registration | SessionChoice | None, db.session.get(kind, entry_id))
                passed += entry is not None and pass_on_lapsed(entry, now=now)
    return passed


@job("remind", minute="*/5")
def remind(app: Flask) -> None:
    """The day before, from ten in the morning, and an hour before each session. What is told is looked up
    now, never earlier: it follows a programme that changes. Once for each person and start."""
    with app.app_context():
        now = clock.now()
        with transaction():
            for choice in soon(now, AN_HOUR):
                remind_of_a_session(choice, now=now)
        edition = current_edition()
        if edition is None:
            return
        here, day = clock.local(now), clock.local(edition.starts_at).date()
        if here.date() == day - A_DAY and here.hour >= FROM_TEN:
            programmes = programmes_of(edition)
            for person in who_come(edition):
                with transaction():
                    remind_of_the_day(person, edition, programmes.get(person.id, []), now=now)
