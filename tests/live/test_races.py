"""Race conditions, on each database. Each check has a sabotaged twin that must be caught.

Each thread writes on its own connection, as processes do. `DVB_ROUNDS=1000` is the long form.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items, writes
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.live.writes import Write
from dagvandebuurt.polls import events as poll_events
from dagvandebuurt.polls import jobs as poll_jobs
from dagvandebuurt.polls import rules as poll_rules
from dagvandebuurt.polls.models import Ballot, Poll, PollOption, PollStatus
from dagvandebuurt.polls.queries import counts_of
from dagvandebuurt.qanda import concurrency, desk_rules, events
from dagvandebuurt.qanda import rules as qanda_rules
from dagvandebuurt.qanda.models import Question, QuestionStatus, Support
from dagvandebuurt.qanda.states import MACHINE
from tests.factories import Factory

ROUNDS = int(os.environ.get("DVB_ROUNDS", "20"))
TWIN_ROUNDS = 20  # within this many rounds the twin must have been caught
MOST_TRIES = 20
AT_ONCE = 8


@pytest.fixture(params=["sqlite", "postgres"])
def app(request):
    return request.getfixturevalue(f"house_on_{request.param}")


@pytest.fixture
def make(app):
    return Factory(app)


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def crowd(make):
    return [make.guest(f"Buur {number}") for number in range(AT_ONCE)]


def deed(app, session, verb, actor, *, op=None, **fields):
    """One write to be executed when called: in a context and on a connection of its own."""
    message = {"session": str(session.id), "op": op or uuid4().hex, **fields}

    def do():
        with app.app_context():
            for _ in range(MOST_TRIES):  # a write that always fails must fail the test, not hang it
                [outcome] = writes.execute([Write(verb, actor, verb.act.from_message(message))])
                if outcome["ok"] or outcome["error"]["code"] != "live.try_again":
                    break
            return outcome

    return do


def at_once(*deeds):
    """Run them all from the same instant on; their outcomes, in order."""
    start = Barrier(len(deeds))

    def begin(do):
        start.wait()
        return do()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(begin, deeds))


def often(check, rounds=ROUNDS):
    for number in range(rounds):
        check(number)


def goes_red(check):
    """Run the same check without its protection: it must fail, and soon."""
    with pytest.raises(AssertionError):
        often(check, TWIN_ROUNDS)


# --- D4: support on many devices ---


@pytest.fixture
def support_once(app, make, session):
    def check(number):
        noor, question = make.guest(), make.question(session, status=QuestionStatus.VISIBLE)
        op = uuid4().hex
        wish = {"question": str(question.id), "on": True}
        deeds = [deed(app, session, events.SUPPORT, noor, op=op, **wish) for _ in range(AT_ONCE // 2)]
        deeds += [deed(app, session, events.SUPPORT, noor, **wish) for _ in range(AT_ONCE // 2)]

        outcomes = at_once(*deeds)

        with app.app_context():
            rows = db.session.scalar(select(func.count()).where(Support.question_id == question.id))
            assert rows == db.session.get(Question, question.id).support_count == 1
        assert all(outcome == outcomes[0] for outcome in outcomes[: AT_ONCE // 2])
        assert {outcome["support"] for outcome in outcomes} == {1}

    return check


def test_d4_support_of_one_person_on_many_devices_counts_once(support_once):
    often(support_once)


def test_d4_counting_votes_instead_of_people_is_caught(support_once, monkeypatch):
    kept = qanda_rules._store_support

    def count_wishes(wishes, roles):
        kept(wishes, roles)
        return {question: 1 if on else -1 for (question, _), on in wishes.items()}

    monkeypatch.setattr(qanda_rules, "_store_support", count_wishes)
    goes_red(support_once)


# --- D5: concurrent support and withdrawal ---


@pytest.fixture
def last_wish_holds(app, make, session):
    def check(number):
        people = [make.guest() for _ in range(3)]
        question = make.question(session, status=QuestionStatus.VISIBLE)
        wishes = [
            (person, turn % 2 == 0, {"question": str(question.id), "on": turn % 2 == 0})
            for person in people
            for turn in range(4)
        ]

        outcomes = at_once(*(deed(app, session, events.SUPPORT, who, **wish) for who, _, wish in wishes))

        in_order = sorted(range(len(wishes)), key=lambda place: outcomes[place]["revision"])
        last = {wishes[place][0].id: wishes[place][1] for place in in_order}
        with app.app_context():
            rows = db.session.scalar(select(func.count()).where(Support.question_id == question.id))
            stands = db.session.get(Question, question.id).support_count
        assert len({outcome["revision"] for outcome in outcomes}) == len(wishes)
        assert rows == stands == sum(last.values())

    return check


def test_d5_after_concurrent_writes_the_last_acknowledged_value_is_stored(last_wish_holds):
    often(last_wish_holds)


@pytest.mark.parametrize("app", ["postgres"], indirect=True)  # SQLite itself lets one write at a time
def test_d5_a_room_without_its_lock_is_caught(last_wish_holds, monkeypatch):
    """A twin: the revision is read and written back, with a moment between."""

    def without_lock(room_id):
        revision = db.session.scalar(select(LiveRoom.revision).where(LiveRoom.id == room_id))
        time.sleep(0.005)
        db.session.execute(
            writes.ROOMS.update().where(writes.ROOMS.c.id == room_id).values(revision=revision + 1)
        )
        return revision + 1

    monkeypatch.setattr(writes, "raise_revision", without_lock)
    goes_red(last_wish_holds)


# --- D6: two choices in a single-choice poll ---


def open_poll(app, session, jolien, minutes=0):
    poll = str(uuid4())
    written = {"title": "Wat eerst?", "kind": "single_choice", "options": ["Groen", "Licht", "Rust"]}
    steps = [(poll_events.WRITE, written), (poll_events.READY, {}), (poll_events.OPEN, {"minutes": minutes})]
    for verb, fields in steps:
        assert deed(app, session, verb, jolien, poll=poll, **fields)()["ok"]
    return poll


@pytest.fixture
def one_ballot(app, make, session, jolien):
    def check(number):
        poll, noor = open_poll(app, session, jolien), make.guest()

        outcomes = at_once(
            *(
                deed(app, session, poll_events.BALLOT, noor, poll=poll, choices=[choice % 3])
                for choice in range(AT_ONCE)
            )
        )

        assert all(outcome["ok"] for outcome in outcomes)
        with app.app_context():
            ballots = db.session.scalars(select(Ballot).where(Ballot.poll_id == UUID(poll))).all()
        assert [len(ballot.positions) for ballot in ballots] == [1]

    return check


def test_d6_two_choices_at_once_are_one_ballot(one_ballot):
    often(one_ballot)


def test_d6_a_key_for_each_device_is_caught(one_ballot, monkeypatch):
    monkeypatch.setattr(poll_rules, "voter_key", lambda *_: uuid4().hex[:22])
    goes_red(one_ballot)


# --- D7: ballots around the closing ---


@pytest.fixture
def counted_or_told(app, make, session, jolien):
    def check(number):
        poll, people = open_poll(app, session, jolien), [make.guest() for _ in range(AT_ONCE)]
        deeds = [
            deed(app, session, poll_events.BALLOT, who, poll=poll, choices=[place % 3])
            for place, who in enumerate(people)
        ]
        early, around, late = deeds[:2], deeds[2:-2], deeds[-2:]
        close = deed(app, session, poll_events.CLOSE, jolien, poll=poll)

        outcomes = [do() for do in early]
        *voted, closed = at_once(*around, close)
        outcomes += [*voted, *(do() for do in late)]

        counted = [outcome["ok"] for outcome in outcomes]
        assert closed["ok"]
        assert {o["error"]["code"] for o in outcomes if not o["ok"]} == {"polls.not_open"}
        with app.app_context():
            row = db.session.get(Poll, UUID(poll))
            result = [count for _, count in sorted(counts_of(row).items())]
            left = db.session.scalar(select(func.count()).where(Ballot.poll_id == row.id))
            assert row.status is PollStatus.CLOSED
        wanted = [sum(ok and place % 3 == choice for place, ok in enumerate(counted)) for choice in range(3)]
        assert (result, left) == (wanted, 0)

    return check


def test_d7_a_ballot_near_the_closing_is_counted_or_refused(counted_or_told):
    often(counted_or_told)


def test_d7_a_poll_without_a_check_on_closing_is_caught(counted_or_told, monkeypatch):
    monkeypatch.setattr(Poll, "status_at", lambda *_: PollStatus.OPEN)
    goes_red(counted_or_told)


# --- D8: shown and withdrawn ---


@pytest.fixture
def shown_or_withdrawn(app, make, session, jolien):
    def check(number):
        noor = make.guest()
        question = make.question(session, noor)
        about = {"question": str(question.id)}
        show = deed(app, session, events.SHOW, jolien, **about)
        withdraw = deed(app, session, events.WITHDRAW, noor, **about)
        with app.app_context():
            before = items.state_of(session.id).revision

        # The order of the calls alternates; the order of execution is decided by the lock.
        pair = (show, withdraw) if number % 2 else (withdraw, show)
        outcomes = dict(zip(pair, at_once(*pair), strict=True))

        with app.app_context():
            status = db.session.get(Question, question.id).status
            told = [
                item
                for item in items.changes_since(session.id, before).hall
                if item["id"] == about["question"]
            ]
        assert outcomes[withdraw]["ok"]
        assert status is QuestionStatus.WITHDRAWN
        if outcomes[show]["ok"]:  # the hall saw it for a moment, and gets a tombstone
            assert outcomes[show]["revision"] < outcomes[withdraw]["revision"]
            assert [item["gone"] for item in told] == [True]
        else:
            error = outcomes[show]["error"]
            assert (error["code"], error["status"]) == ("qanda.changed", "withdrawn")
            assert told == []

    return check


def test_d8_concurrent_show_and_withdraw_ends_withdrawn_with_a_conflict(shown_or_withdrawn):
    often(shown_or_withdrawn)


def test_d8_a_moderation_without_state_check_is_caught(shown_or_withdrawn, monkeypatch):
    monkeypatch.setattr(MACHINE, "require", lambda *_: None)
    monkeypatch.setattr(concurrency, "require_unchanged", lambda *_: None)
    goes_red(shown_or_withdrawn)


# --- D9: two moderators and one answer ---


@pytest.fixture
def nothing_written_over_unread(app, make, session):
    def check(number):
        question = make.question(session, status=QuestionStatus.LIVE)
        about = {"question": str(question.id), "instead_of": ""}
        pair = [(make.moderator(name), f"Antwoord van {name}.") for name in ("Jolien", "Ruben")]

        outcomes = at_once(
            *(deed(app, session, events.ANSWER, who, text=text, **about) for who, text in pair)
        )

        with app.app_context():
            kept = db.session.get(Question, question.id)
            stands, by = kept.answer, kept.answered_by
        assert [outcome["ok"] for outcome in outcomes].count(True) == 1
        first, second = pair if outcomes[0]["ok"] else reversed(pair)
        error = next(outcome["error"] for outcome in outcomes if not outcome["ok"])
        assert (stands, by) == (first[1], first[0].name)
        assert (error["code"], error["by"], error["answer"]) == ("qanda.changed", by, stands)
        both = f"{stands} {second[1]}"
        with_both = deed(app, session, events.ANSWER, second[0], text=both, **about | {"instead_of": stands})
        assert with_both()["question"]["answer"] == both

    return check


def test_d9_of_two_answers_at_once_the_second_sees_the_first(nothing_written_over_unread):
    often(nothing_written_over_unread)


def test_d9_an_answer_without_version_check_is_caught(nothing_written_over_unread, monkeypatch):
    monkeypatch.setattr(desk_rules, "_still_says", lambda *_: None)
    goes_red(nothing_written_over_unread)


# --- D15: two schedulers ---


@pytest.fixture
def each_job_once(app, make, session, jolien, now, monkeypatch):
    def check(number):
        poll = open_poll(app, session, jolien, minutes=1)
        for place in range(3):
            assert deed(app, session, poll_events.BALLOT, make.guest(), poll=poll, choices=[place % 2])()[
                "ok"
            ]

        with monkeypatch.context() as later:
            later.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=2))
            at_once(*[lambda: poll_jobs.tally_due(app)] * 3)

        with app.app_context():
            row = db.session.get(Poll, UUID(poll))
            assert (row.status, row.tallied_at) == (PollStatus.CLOSED, now + timedelta(minutes=2))
            assert [count for _, count in sorted(counts_of(row).items())] == [2, 1, 0]

    return check


def test_d15_an_expired_poll_is_counted_once_by_three_schedulers(each_job_once):
    often(each_job_once)


def count_without_looking_again(app):
    """The naive job: find what is due, then count it."""
    with app.app_context():
        due = db.session.scalars(select(Poll.id).where(Poll.status == PollStatus.OPEN)).all()
        db.session.rollback()
        time.sleep(0.02)
        for poll_id in due:
            with transaction():
                poll = db.session.get_one(Poll, poll_id, options=[selectinload(Poll.options)])
                votes = db.session.scalars(select(Ballot.positions).where(Ballot.poll_id == poll_id)).all()
                for option in poll.options:
                    option.ballots = PollOption.ballots + sum(option.position in vote for vote in votes)
                poll.status, poll.tallied_at = PollStatus.CLOSED, clock.now()


def test_d15_a_count_without_idempotency_check_is_caught(each_job_once, monkeypatch):
    monkeypatch.setattr(poll_jobs, "tally_due", count_without_looking_again)
    goes_red(each_job_once)
