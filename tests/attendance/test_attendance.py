from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.attendance.rules import keep_beats
from dagvandebuurt.attendance.spans import time_present
from dagvandebuurt.core.db import db

OPENS = datetime(2027, 1, 28, 13, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=1)
moments = st.integers(-3600, 7200).map(lambda seconds: OPENS + timedelta(seconds=seconds))
visits = st.lists(st.tuples(moments, moments).map(sorted).map(tuple), max_size=8)


@given(visits)
def test_time_present_is_never_more_than_real(seen):
    present = time_present(seen, opens=OPENS, closes=CLOSES)

    by_the_second = {
        second
        for first, last in seen
        for second in range(
            int((max(first, OPENS) - OPENS).total_seconds()), int((min(last, CLOSES) - OPENS).total_seconds())
        )
    }
    assert present == timedelta(seconds=len(by_the_second))


@given(visits, visits)
def test_a_second_device_adds_nothing_that_was_counted(seen, also):
    alone = time_present(seen, opens=OPENS, closes=CLOSES)

    assert time_present(seen + seen, opens=OPENS, closes=CLOSES) == alone
    assert time_present(seen + also, opens=OPENS, closes=CLOSES) >= alone


def test_a_visit_that_ends_before_it_starts_is_a_mistake():
    with pytest.raises(ValueError, match="ends before it starts"):
        time_present([(CLOSES, OPENS)], opens=OPENS, closes=CLOSES)


@pytest.mark.usefixtures("inside")
def test_beats_make_one_visit_until_somebody_was_away_too_long(make, session):
    person = make.person("Noor")
    start = session.starts_at
    for seconds in (0, 30, 60, 150, 400, 430):
        keep_beats({(session.id, person.id): start + timedelta(seconds=seconds)})
    db.session.commit()

    seen = db.session.execute(
        select(Visit.first_seen_at, Visit.last_seen_at).order_by(Visit.first_seen_at)
    ).all()

    assert [(row[0] - start, row[1] - start) for row in seen] == [
        (timedelta(0), timedelta(seconds=150)),
        (timedelta(seconds=400), timedelta(seconds=430)),
    ]


@pytest.mark.usefixtures("inside")
def test_a_clock_that_steps_back_shortens_nothing(make, session):
    person = make.person("Noor")
    for seconds in (0, 60, 20):
        keep_beats({(session.id, person.id): session.starts_at + timedelta(seconds=seconds)})
    db.session.commit()

    [visit] = db.session.scalars(select(Visit)).all()

    assert visit.last_seen_at - visit.first_seen_at == timedelta(seconds=60)
