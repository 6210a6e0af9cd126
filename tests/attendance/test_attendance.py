import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from dagvandebuurt.attendance import rules
from dagvandebuurt.attendance.models import STEP, Inside, Visit
from dagvandebuurt.attendance.queries import present_in
from dagvandebuurt.attendance.rules import keep_beats
from dagvandebuurt.attendance.spans import joined, length, most_at_once, time_present
from dagvandebuurt.core.db import db

OPENS = datetime(2027, 1, 28, 13, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=1)
moments = st.integers(-3600, 7200).map(lambda seconds: OPENS + timedelta(seconds=seconds))
visits = st.lists(st.tuples(moments, moments).map(sorted).map(tuple), max_size=8)


@given(visits)
def test_time_present_never_exceeds_real_time(seen):
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
def test_overlapping_visits_of_two_devices_count_once(seen, also):
    alone = time_present(seen, opens=OPENS, closes=CLOSES)

    assert time_present(seen + seen, opens=OPENS, closes=CLOSES) == alone
    assert time_present(seen + also, opens=OPENS, closes=CLOSES) >= alone


@given(st.lists(visits, max_size=5))
def test_peak_is_the_count_at_the_busiest_moment(people):
    moments = [moment for seen in people for visit in seen for moment in visit]

    def there(moment):
        return sum(any(first <= moment <= last for first, last in seen) for seen in people)

    assert most_at_once(people) == max(map(there, moments), default=0)


@given(visits)
def test_joined_visits_are_disjoint_and_keep_all_time(seen):
    found = joined(seen)

    assert all(found[i][1] < found[i + 1][0] for i in range(len(found) - 1))
    assert all(any(a <= first and last <= b for a, b in found) for first, last in seen)
    assert length(seen) == sum((b - a for a, b in found), timedelta())


def test_visit_that_ends_before_it_starts_raises():
    with pytest.raises(ValueError, match="ends before it starts"):
        time_present([(CLOSES, OPENS)], opens=OPENS, closes=CLOSES)


def beaten(session, person, *seconds):
    for each in seconds:
        keep_beats({(session.id, person.id): session.starts_at + timedelta(seconds=each)})
    db.session.commit()
    rows = db.session.execute(
        select(Visit.first_seen_at, Visit.last_seen_at)
        .where(Visit.person_id == person.id)
        .order_by(Visit.first_seen_at, Visit.last_seen_at)
    )
    return [
        tuple((moment - session.starts_at) // timedelta(minutes=1) for moment in row) for row in rows.all()
    ]


@pytest.mark.usefixtures("inside")
def test_heartbeats_extend_one_visit_until_the_gap_is_too_long(make, session):
    stayed = [*range(0, 1200, 60)]

    assert beaten(session, make.person("Noor"), *stayed) == [(0, 20)]
    assert beaten(session, make.person("Bas"), *stayed, *range(2100, 2500, 60)) == [(0, 20), (35, 40)]


@pytest.mark.usefixtures("inside")
def test_visits_are_stored_in_steps_of_five_minutes(make, session):
    """A timing side channel: to the second, it says who pressed *Verstuur* at an anonymous question."""
    assert beaten(session, make.person("Noor"), *range(140, 1000, 60)) == [(0, 15)]
    assert beaten(session, make.person("Bas"), *range(160, 1120, 60)) == [(5, 20)]
    assert {
        moment.minute % 5 + moment.second
        for row in db.session.execute(select(Visit.first_seen_at, Visit.last_seen_at))
        for moment in row
    } == {0}


@pytest.mark.usefixtures("inside")
def test_clock_stepping_back_does_not_shorten_a_visit(make, session):
    assert beaten(session, make.person("Noor"), *range(0, 660, 60), 20) == [(0, 10)]


@pytest.mark.usefixtures("inside")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(beats=st.lists(st.integers(0, 900), min_size=1, max_size=10))
@example(beats=[0, 900])
def test_visit_exceeds_real_time_by_at_most_one_step_for_any_devices_and_clock(make, session, beats):
    """Beats of any number of tabs and devices, in the order in which they were stored: a clock may step
    back between two of them. What counts is at most the time between beats that follow within 90 seconds,
    rounded once for each stay."""
    person = make.person("Noor")
    visits = beaten(session, person, *beats)
    present = time_present(
        [tuple(session.starts_at + timedelta(minutes=each) for each in visit) for visit in visits],
        opens=session.starts_at,
        closes=session.ends_at,
    )
    db.session.execute(delete(Visit))
    db.session.execute(delete(Inside))
    db.session.commit()

    moments = sorted(beats)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    stays = 1 + sum(gap > 90 for gap in gaps)
    assert present <= timedelta(seconds=sum(gap for gap in gaps if gap <= 90)) + stays * STEP


def test_e23_counting_the_time_that_nobody_was_there_is_caught(make, session, inside, monkeypatch):
    monkeypatch.setattr(rules, "SAME_VISIT", timedelta(hours=1))

    with pytest.raises(AssertionError):
        test_visit_exceeds_real_time_by_at_most_one_step_for_any_devices_and_clock(make=make, session=session)


@pytest.mark.usefixtures("inside")
def test_exact_last_heartbeat_is_deleted_after_ten_minutes(make, session):
    noor, bas = make.person("Noor"), make.person("Bas")
    beaten(session, noor, 0)
    assert db.session.scalar(select(func.count()).select_from(Inside)) == 1
    beaten(session, bas, 601)

    assert present_in([session.id], since=session.starts_at) == {session.id: 1}
    columns = {
        str(value) for row in db.session.execute(select(Inside)).scalars() for value in vars(row).values()
    }
    assert not columns & {str(noor.id), str(bas.id)}  # nor does it say who
