"""Jobs for lapsed offers and reminders."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.programme.queries import current_edition
from dagvandebuurt.registration.letters import remind_of_a_session, remind_of_the_day
from dagvandebuurt.registration.models import Registration, SessionChoice
from dagvandebuurt.registration.queries import attendees, lapsed_offers, programmes_of, soon
from dagvandebuurt.registration.rules import pass_on_lapsed

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
FROM_TEN = 10


@job("pass_on_places", minute="*")
def pass_on_places(app: Flask) -> int:
    """Offer lapsed places to the next in line; return how many."""
    with app.app_context():
        now = clock.now()

        def pass_on(kept: tuple[type[Registration] | type[SessionChoice], UUID]) -> bool:
            entry = cast(Registration | SessionChoice | None, db.session.get(*kept))
            return entry is not None and pass_on_lapsed(entry, now=now)

        return each("pass_on_places", lapsed_offers(now), pass_on)


@job("remind", minute="*/5")
def remind(app: Flask) -> None:
    """Send reminders: the day before, from ten in the morning, and an hour before each session.

    The content is queried now, never earlier: it follows a programme that changes. Once for each person and
    start.
    """
    with app.app_context():
        now = clock.now()
        each("remind", [choice.id for choice in soon(now, AN_HOUR)], lambda one: _of_a_session(one, now))
        edition = current_edition()
        if edition is None:
            return
        here, day = clock.local(now), clock.local(edition.starts_at).date()
        if here.date() == day - A_DAY and here.hour >= FROM_TEN:
            programmes, comes = programmes_of(edition), [person.id for person in attendees(edition)]
            each("remind", comes, lambda person_id: _of_the_day(person_id, edition, programmes, now))


def _of_a_session(choice_id: UUID, now: datetime) -> None:
    choice = db.session.get(SessionChoice, choice_id)
    if choice is not None:
        remind_of_a_session(choice, now=now)


def _of_the_day(
    person_id: UUID, edition: Edition, programmes: Mapping[UUID, list[ProgrammeSession]], now: datetime
) -> None:
    person = db.session.get(Person, person_id)
    if person is not None:
        remind_of_the_day(person, edition, programmes.get(person_id, []), now=now)
