"""Request coalescing after a restart: clients are answered in batches, each with its own data only."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.live import dispatch, items
from dagvandebuurt.live.batching import Batcher
from dagvandebuurt.live.connections import Listener
from dagvandebuurt.live.errors import TryAgain
from dagvandebuurt.live.runtime import live
from dagvandebuurt.people.queries import identities_of_logins
from dagvandebuurt.qanda.models import Appearance, QuestionStatus

PEOPLE = 30


@contextmanager
def counted_queries():
    """The number of statements executed meanwhile."""
    asked = []

    def note(_connection, _cursor, statement, *_):
        if statement != "BEGIN":
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _all_at_once(together, questions):
    """The results, or exceptions, of so many threads that start together."""
    start = threading.Barrier(len(questions))

    def ask(question):
        start.wait()
        try:
            return together.ask(question)
        except RuleBroken as broken:
            return broken

    with ThreadPoolExecutor(len(questions)) as threads:
        return list(threads.map(ask, questions))


def test_concurrent_requests_are_coalesced_and_each_gets_its_own_result():
    calls = []

    def answer(numbers):
        calls.append(len(numbers))
        return [number * 2 for number in numbers]

    told = _all_at_once(Batcher(answer), range(PEOPLE))

    assert told == [number * 2 for number in range(PEOPLE)]
    assert sum(calls) == PEOPLE
    assert len(calls) < PEOPLE / 3


def test_a_refusal_concerns_one_request_and_a_failure_one_batch():
    def answer(numbers):
        if -1 in numbers:
            raise OSError
        return [NotFound() if number == 3 else number for number in numbers]

    together = Batcher(answer)

    told = _all_at_once(together, range(PEOPLE))
    with pytest.raises(OSError):
        together.ask(-1)
    assert [type(each) for each in told if isinstance(each, RuleBroken)] == [NotFound]
    assert together.ask(5) == 5


def test_requests_of_a_failed_batch_get_try_again():
    together = Batcher(lambda numbers: 1 / 0)

    def ask(number):
        try:
            return together.ask(number)
        except (TryAgain, ZeroDivisionError) as failure:
            return type(failure)

    with ThreadPoolExecutor(PEOPLE) as threads:
        told = set(threads.map(ask, range(PEOPLE)))

    assert told <= {TryAgain, ZeroDivisionError}
    assert TryAgain in told


def test_a_full_hall_enters_with_as_many_queries_as_one_person(app, make, session, monkeypatch):
    for step in ("enter_room", "leave_room"):  # of sockets that do not exist
        monkeypatch.setattr(app.extensions["live"].server, step, lambda *_, **__: None)
    # Heartbeats are gathered while serving, and stored by another thread.
    monkeypatch.setattr(app.extensions["live"].presence, "beat", lambda *_: None)
    crowd = [make.identity(f"Buur {number}") for number in range(PEOPLE)]
    asked = {
        who.id: make.question(session, who, text=f"Van {who.name}?", appearance=Appearance.ANONYMOUS)
        for who in crowd[::3]
    }
    make.question(session, status=QuestionStatus.VISIBLE, text="Van iedereen?")

    with app.app_context():
        core = live()
        with counted_queries() as alone:
            core._enter_batch([(Listener(uuid4().hex, crowd[0]), session.id)])
        made = core.snapshots.made
        with counted_queries() as together:
            told = core._enter_batch([(Listener(uuid4().hex, who), session.id) for who in crowd])

    assert len(together) <= len(alone)
    assert core.snapshots.made == made  # nothing changed since: not one more is made
    for who, answer in zip(crowd, told, strict=True):
        own = [question["text"] for question in answer["mine"]["questions"]]
        assert own == ([f"Van {who.name}?"] if who.id in asked else [])


def test_a_refused_entrant_does_not_affect_the_batch(app, make, session, monkeypatch):
    monkeypatch.setattr(app.extensions["live"].server, "enter_room", lambda *_, **__: None)
    inside = Listener(uuid4().hex, make.guest())

    with app.app_context():
        told = live()._enter_batch([(inside, session.id), (Listener(uuid4().hex, make.guest()), uuid4())])
        answer = dispatch.answer(live(), inside, "session:enter", ({"session": str(uuid4())},))

    assert told[0]["session"] == str(session.id)
    assert isinstance(told[1], NotFound)
    assert answer["error"]["code"] == "house.not_found"


def test_logins_are_loaded_in_batches_and_ended_ones_are_anonymous(app, make):
    people = [make.identity(f"Buur {number}") for number in range(5)]
    browsers = [make.browser(person) for person in people]
    logins = []
    for browser in browsers:
        with browser.session_transaction() as cookie:
            logins.append(cookie["_user_id"])
    browsers[2].post("/uitloggen")

    with app.app_context(), counted_queries() as asked:
        found = identities_of_logins([UUID(login) for login in logins])

    assert [who and who.name for who in found] == ["Buur 0", "Buur 1", None, "Buur 3", "Buur 4"]
    assert len(asked) == 1
    with app.app_context():
        assert items.mine_of(uuid4(), []) == []
