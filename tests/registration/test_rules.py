from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.registration import rules
from dagvandebuurt.registration.models import ChoiceStatus, SessionChoice


@pytest.fixture
def small(make, now):
    """A session with ten seats that begins in an hour."""
    return make.session(starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2), capacity=10)


def choose(app, person, session_id, now):
    with app.app_context(), transaction():
        return rules.choose(person, db.session.get_one(ProgrammeSession, session_id), now=now).status


def test_of_thirty_people_at_once_ten_get_a_seat_and_twenty_a_place_in_line(app, make, small, now):
    crowd = [make.identity(f"Buur {number}") for number in range(30)]

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(lambda person: choose(app, person, small.id, now), crowd))

    with app.app_context():
        taken = db.session.get_one(ProgrammeSession, small.id).taken
        seats = db.session.scalar(
            select(func.count())
            .select_from(SessionChoice)
            .where(SessionChoice.status == ChoiceStatus.CONFIRMED)
        )
    assert statuses.count(ChoiceStatus.CONFIRMED) == seats == taken == 10
    assert statuses.count(ChoiceStatus.WAITLISTED) == 20


def test_choosing_twice_takes_one_seat(app, make, small, now):
    noor = make.identity("Noor")

    choose(app, noor, small.id, now)
    choose(app, noor, small.id, now)

    with app.app_context():
        assert db.session.get_one(ProgrammeSession, small.id).taken == 1


def test_a_seat_that_comes_free_goes_to_who_waits_longest(app, make, now):
    session = make.session(starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2), capacity=1)
    first, second, third = (make.identity(name) for name in ("Een", "Twee", "Drie"))
    for minutes, person in enumerate((first, second, third)):
        choose(app, person, session.id, now + timedelta(minutes=minutes))

    with app.app_context(), transaction():
        rules.let_go(first, db.session.get_one(ProgrammeSession, session.id), now=now + timedelta(minutes=5))

    with app.app_context():
        rows = db.session.execute(select(SessionChoice.person_id, SessionChoice.status)).all()
        status = {row[0]: row[1] for row in rows}
        assert db.session.get_one(ProgrammeSession, session.id).taken == 1
    assert (status[first.id], status[second.id], status[third.id]) == (
        ChoiceStatus.CANCELLED, ChoiceStatus.CONFIRMED, ChoiceStatus.WAITLISTED,
    )  # fmt: skip
