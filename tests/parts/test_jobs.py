"""Job runner: leader election, and isolation when a job fails."""

import ast
import shutil
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from dagvandebuurt.agenda import jobs as agenda_jobs
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.frontdoor import health, metrics, releases
from dagvandebuurt.parts import jobs
from dagvandebuurt.parts.jobs import lease as leases
from dagvandebuurt.parts.jobs import runs
from dagvandebuurt.parts.jobs.lease import Lease
from dagvandebuurt.parts.jobs.models import JobLease, JobRun
from dagvandebuurt.parts.jobs.runner import Runner
from dagvandebuurt.parts.jobs.schedule import is_due, was_due
from dagvandebuurt.parts.mail import rules
from dagvandebuurt.parts.mail.compose import Letter
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Person
from dagvandebuurt.polls.jobs import tally_due
from dagvandebuurt.polls.models import Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.qanda.jobs import carry_over
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.registration.jobs import pass_on_places, remind
from dagvandebuurt.registration.models import PlaceStatus, Registration, SessionChoice
from tests.conftest import test_settings as settings_of
from tests.houses import house
from tests.servers import smtp_server

ROOT = Path(__file__).parents[2]
TERM = 10.0


class SteadyClock:
    """Monotonic clock that a test moves, instead of waiting."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def steady(monkeypatch):
    moved = SteadyClock()
    monkeypatch.setattr(leases, "time", moved)
    return moved


# --- the lease --------------------------------------------------------------------------------------


def test_one_of_two_processes_gets_the_lease_and_keeps_it_while_it_renews(inside, steady):
    one, other = Lease(TERM), Lease(TERM)

    assert (one.take(), other.take()) == (True, False)
    for _ in range(10):
        steady.now += TERM / 4
        assert one.renew()
        assert not other.take()

    assert (one.is_mine, other.is_mine) == (True, False)


def test_a_dead_owner_is_replaced_after_one_term(inside, steady):
    dead, next_one = Lease(TERM), Lease(TERM)
    assert dead.take()
    assert not next_one.take()  # from here on it watches

    steady.now += TERM - 0.1
    assert not next_one.take()
    steady.now += 0.2
    assert next_one.take()


def test_an_owner_that_cannot_renew_steps_down_before_others_begin(inside, steady):
    silent, waiting = Lease(TERM), Lease(TERM)
    assert silent.take()
    assert not waiting.take()

    while silent.is_mine:
        assert not waiting.take()
        steady.now += TERM / 50

    assert not waiting.take()  # no owner for a while: never two


def test_a_late_owner_is_fenced_off(inside, steady):
    frozen, next_one = Lease(TERM), Lease(TERM)
    assert frozen.take()
    next_one.take()
    steady.now += TERM
    assert next_one.take()

    assert not frozen.renew()
    assert not frozen.is_mine
    frozen.give_back()
    assert next_one.renew()
    assert db.session.scalars(select(JobLease)).one().token == 2


def test_a_released_lease_is_free_at_once(inside, steady):
    one, other = Lease(TERM), Lease(TERM)
    assert one.take()
    assert not other.take()

    one.give_back()

    assert other.take()


def test_clocks_that_differ_or_jump_change_nothing(inside, steady, monkeypatch):
    one, other = Lease(TERM), Lease(TERM)
    assert one.take()
    assert not other.take()
    for hours in (2, -2):
        monkeypatch.setattr(clock, "now", lambda hours=hours: datetime.now(UTC) + timedelta(hours=hours))
        assert not other.take()
        assert one.renew()


# --- the runner -------------------------------------------------------------------------------------


def runner_of(app, **work):
    """A runner of these jobs, each due every minute, with a term of a fifth of a second."""
    app.config["JOBS_LEASE_SECONDS"] = 0.2
    failures = {}
    made = Runner(app, {name: (each, {"minute": "*"}, name) for name, each in work.items()}, lambda: failures)
    return made


def wait_for(true, seconds=10):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)


def test_a_new_owner_runs_missed_jobs_at_once(app):
    ran = []
    with app.app_context():
        runs.begin(["night"])
        runs.record({"night": clock.now() - timedelta(hours=30)}, {}, now=clock.now())
    app.config["JOBS_LEASE_SECONDS"] = 0.2
    due = (clock.now() - timedelta(hours=5)).strftime("%H")
    work = {
        "night": (lambda _app: ran.append("night"), {"hour": due, "minute": "7"}, "slow"),
        "minute": (lambda _app: ran.append("minute"), {"minute": "*"}, "quick"),
        "not yet": (lambda _app: ran.append("not yet"), {"hour": due, "minute": "7"}, "slow"),
    }
    runner = Runner(app, work, dict)
    runner.start()
    wait_for(lambda: {"night", "minute"} <= set(ran))
    runner.stop()

    assert sorted(ran) == ["minute", "night"]  # a job that never ran waits for its own hour


def test_a_second_runner_waits_and_goes_on_when_the_first_stops(app):
    ran = []
    first = runner_of(app, sweep=lambda _app: ran.append("first"))
    second = runner_of(app, sweep=lambda _app: ran.append("second"))
    first.start()
    wait_for(lambda: ran == ["first"])
    second.start()
    time.sleep(0.5)
    assert ran == ["first"]

    first.stop()

    wait_for(lambda: ran == ["first", "second"])
    second.stop()


def test_a_hanging_job_loses_the_lease_and_is_reported(app, caplog):
    hang = threading.Event()
    ran = []
    stuck = runner_of(app, stuck=lambda _app: hang.wait(30))
    stuck.start()
    wait_for(lambda: stuck.term is not None)
    other = runner_of(app, stuck=lambda _app: ran.append("elsewhere"))
    other.start()

    wait_for(lambda: ran == ["elsewhere"])  # no heartbeat for ten terms: another process takes over
    hang.set()
    other.stop()
    stuck.stop()

    assert "stuck gave no sign of life" in caplog.text
    with app.app_context():
        assert db.session.get(JobRun, "stuck").failures == 1


def test_a_slow_lane_does_not_delay_others(app):
    hang = threading.Event()
    ran = []
    runner = runner_of(app, mail=lambda _app: hang.wait(5), polls=lambda _app: ran.append("polls"))
    runner.start()

    wait_for(lambda: ran == ["polls"])
    hang.set()
    runner.stop()


def test_running_jobs_stop_at_the_next_item_when_the_lease_is_lost(app):
    done, first = [], threading.Event()

    def work(app):
        for number in range(100):
            jobs.beat()
            done.append(number)
            first.set()
            time.sleep(0.02)

    runner = runner_of(app, long=work)
    runner.start()
    assert first.wait(10)
    runner.stop()

    assert 0 < len(done) < 100


@pytest.mark.parametrize(
    ("when", "moment", "due"),
    [
        ({"minute": "*"}, "12:34", True),
        ({"minute": "*/5"}, "12:35", True),
        ({"minute": "*/5"}, "12:34", False),
        ({"minute": "20"}, "07:20", True),
        ({"hour": "3-5", "minute": "*"}, "05:59", True),
        ({"hour": "3-5", "minute": "*"}, "06:00", False),
        ({"hour": "3, 5", "minute": "0,30"}, "05:30", True),
        ({"hour": "3"}, "03:00", True),
        ({"hour": "3"}, "03:01", False),
        ({"hour": "3", "minute": "30"}, "03:30", True),
        ({"hour": "3", "minute": "30"}, "04:30", False),
    ],
)
def test_when_a_job_is_due(when, moment, due):
    minute = datetime.fromisoformat(f"2027-01-28T{moment}:00+00:00")

    assert is_due(when, minute) is due
    assert was_due(when, minute - timedelta(seconds=1), minute + timedelta(seconds=30)) is due
    assert not was_due(when, minute, minute + timedelta(seconds=30))


def test_while_redis_is_away_the_jobs_run_and_no_log_fills_with_it(tables, tmp_path, caplog):
    shutil.copy(tables, tmp_path)
    settings = settings_of(tmp_path, REDIS_URL="redis://127.0.0.1:1/0", JOBS_LEASE_SECONDS="0.2")
    with smtp_server() as box, house(settings | {"SMTP_URL": box.url}) as app:
        letter = Letter("confirm", "sjaan@buurt.example", "Sjaan", "Dag", "Dag", "<p>Dag</p>")
        with app.app_context(), transaction():
            rules.post(letter, dedupe_key="een", now=clock.now())
        there = app.extensions["jobs"]
        there.start()
        wait_for(lambda: box.received)
        there.stop()

    assert [record for record in caplog.records if "edis" in record.getMessage()] == []


@pytest.mark.parametrize("when", [{"minute": "soon"}, {"hour": "3-"}, {"day": "1"}, {"minute": "*/x"}])
def test_an_invalid_schedule_is_refused_at_registration(when):
    with pytest.raises(ValueError):
        jobs.job("never", **when)


def test_every_registered_job_has_a_valid_schedule(app):
    assert len(jobs._jobs) > 12
    for name, (_work, when, _lane) in jobs._jobs.items():
        moments = [datetime(2027, 1, 28, tzinfo=UTC) + timedelta(minutes=each) for each in range(24 * 60)]
        assert any(is_due(when, moment) for moment in moments), name


# --- reporting -------------------------------------------------------------------------------------


def test_readyz_and_metrics_know_when_jobs_last_ran_whichever_process_ran_them(app, monkeypatch):
    there = app.extensions["jobs"]
    monkeypatch.setattr(type(there), "is_watching", True)
    monkeypatch.setattr(releases, "newest_migration", lambda: "this one")
    with app.test_request_context():
        with transaction():
            db.session.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
            db.session.execute(text("INSERT INTO alembic_version VALUES ('this one')"))
        runs.begin(["sweep"])

        def ran(seconds_ago):
            runs.record({"sweep": clock.now() - timedelta(seconds=seconds_ago)}, {}, now=clock.now())
            return health.problems()

        assert "jobs" in health.problems()  # never, and long after the start
        assert "jobs" not in ran(100)
        assert "jobs" in ran(130)
        assert "dvb_jobs_idle_seconds 13" in metrics.collect().decode()
        there._started = time.monotonic()
        assert "jobs" not in ran(130)  # this process has only just begun


# --- failure isolation -----------------------------------------------------------------------------


@pytest.fixture
def poison(monkeypatch):
    """poison("module.rule", is_it): the rule raises for the one thing of which that is so."""

    def put(target, is_it):
        module, _, name = target.rpartition(".")
        owner = __import__(module, fromlist=[name])
        real = getattr(owner, name)

        def rule(*args, **named):
            if is_it(*args, **named):
                raise KeyError("poison")
            return real(*args, **named)

        monkeypatch.setattr(target, rule)

    return put


def failures_of(app, name):
    return app.extensions["jobs"]._failures.get(name, 0)


@pytest.fixture
def two_ended(make, now):
    """Two sessions that ended an hour ago; the first is the one a job comes to first."""
    return sorted(
        (make.session(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1)) for _ in "ab"),
        key=lambda session: session.id,
    )


def test_questions_are_carried_over_although_another_session_fails(app, make, two_ended, poison, caplog):
    kept = [make.question(session, status=QuestionStatus.VISIBLE) for session in two_ended]
    poison("dagvandebuurt.qanda.rules.carry_over", lambda session_id, **_: session_id == two_ended[0].id)

    assert [carry_over(app), carry_over(app)] == [1, 0]

    with app.app_context():
        stand = [db.session.get(Question, each.id).status for each in kept]
    assert stand == [QuestionStatus.VISIBLE, QuestionStatus.OPEN_AFTER]
    assert failures_of(app, "carry_over") == 2
    assert "poison" in caplog.text


def a_poll(make, session, now, **values):
    poll = Poll(
        session_id=session.id, title="Wat eerst?", kind=PollKind.SINGLE_CHOICE, status=PollStatus.OPEN,
        opened_at=now - timedelta(hours=2), revision=1, ballot_revision=1, **values,
    )  # fmt: skip
    poll.options = [PollOption(position=place, label=f"Keuze {place}") for place in range(2)]
    return make.store(poll)


def test_polls_are_counted_although_another_fails(app, make, two_ended, now, poison):
    polls = [a_poll(make, session, now, closes_at=now - timedelta(minutes=1)) for session in two_ended]
    poison("dagvandebuurt.polls.jobs.tally", lambda poll, **_: poll.id == polls[0].id)

    assert tally_due(app) == 1

    with app.app_context():
        stand = [db.session.get(Poll, poll.id).status for poll in polls]
    assert stand == [PollStatus.OPEN, PollStatus.CLOSED]
    assert failures_of(app, "tally_polls") == 1


def test_places_are_passed_on_although_another_fails(app, make, session, now, poison):
    kept = [
        make.store(
            SessionChoice(
                person_id=make.person(name).id, session_id=session.id, status=PlaceStatus.OFFERED,
                chosen_at=now, offered_until=now - timedelta(minutes=minutes),
            )
        )
        for name, minutes in (("Een", 20), ("Twee", 10))
    ]  # fmt: skip
    poison("dagvandebuurt.registration.jobs.pass_on_lapsed", lambda entry, **_: entry.id == kept[0].id)

    assert pass_on_places(app) == 1

    with app.app_context():
        stand = [db.session.get(SessionChoice, choice.id).status for choice in kept]
    assert stand == [PlaceStatus.OFFERED, PlaceStatus.CANCELLED]


def test_people_are_reminded_although_another_fails(app, make, now, poison, monkeypatch):
    edition = make.edition()
    hall = make.session(
        round=make.round(edition), starts_at=edition.starts_at, ends_at=edition.starts_at + timedelta(hours=1)
    )
    people = [make.person(name) for name in ("Een", "Twee")]
    for person in people:
        make.store(
            Registration(
                edition_id=edition.id, person_id=person.id, status=PlaceStatus.CONFIRMED, registered_at=now
            ),
            SessionChoice(
                person_id=person.id, session_id=hall.id, status=PlaceStatus.CONFIRMED, chosen_at=now
            ),
        )
    unlucky = min(people, key=lambda person: person.id)
    poison(
        "dagvandebuurt.registration.jobs.remind_of_the_day", lambda person, *_, **__: person.id == unlucky.id
    )
    poison(
        "dagvandebuurt.registration.jobs.remind_of_a_session",
        lambda choice, **_: choice.person_id == unlucky.id,
    )

    def reminded(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        remind(app)
        with app.app_context():
            return sorted(db.session.scalars(select(Mail.to_name).where(Mail.made_at == moment)))

    [lucky] = [person.name for person in people if person.id != unlucky.id]
    assert reminded(edition.starts_at - timedelta(days=1)) == [lucky]
    assert reminded(hall.starts_at - timedelta(minutes=30)) == [lucky]
    assert failures_of(app, "remind") == 2


def test_followers_are_told_although_another_event_fails(app, poison, monkeypatch):
    told = []
    monkeypatch.setattr(agenda_jobs, "untold_news", lambda: ["eerste", "tweede"])
    monkeypatch.setattr(agenda_jobs.letters, "tell_followers", lambda event, now: told.append(event) or 3)
    poison("dagvandebuurt.agenda.letters.tell_followers", lambda event, **_: event == "eerste")

    assert agenda_jobs.tell_followers(app) == 3
    assert told == ["tweede"]


def test_each_keeps_what_succeeded_and_undoes_what_failed(app, make, inside):
    person = make.person("Noor")

    def rename(name):
        db.session.get_one(Person, person.id).name = name
        if name == "slecht":
            raise ValueError
        return 1

    assert jobs.each("rename", ["een", "slecht", "drie"], rename) == 2
    db.session.rollback()
    assert db.session.get_one(Person, person.id).name == "drie"
    assert jobs.each("rename", ["slecht"], rename) == 0
    db.session.rollback()
    assert db.session.get_one(Person, person.id).name == "drie"


def test_no_job_loops_over_rows_without_isolation(app):
    """A loop with a transaction inside ends at its first bad row: use `each`."""
    loops = []
    for path in sorted((ROOT / "dagvandebuurt").rglob("jobs.py")):
        if path.parent.name == "people":  # retention: each rule separately
            continue
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "each":
                assert call.args[0].value in jobs._jobs, path  # the row with its failure count
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.For):
                opened = [
                    call.lineno
                    for call in ast.walk(node)
                    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "transaction"
                ]
                loops += [f"{path.relative_to(ROOT)}:{line}" for line in opened]

    assert loops == []
