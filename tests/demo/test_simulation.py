"""Simulated participants: they keep to the rules of everybody, are marked, and are nowhere but in the demo."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from config import settings
from dagvandebuurt.attendance.models import Inside
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.demo import simulation
from dagvandebuurt.demo.content import id_of
from dagvandebuurt.demo.simulation import CROWD, MOST_WAITING, POLL, Simulation
from dagvandebuurt.live.models import Operation
from dagvandebuurt.people.models import Person
from dagvandebuurt.polls.models import Ballot, Poll, PollStatus
from dagvandebuurt.qanda.models import Question, QuestionStatus, Support
from tests.conftest import TEST_KEY


@pytest.fixture
def crowd(opened, app, monkeypatch):
    """A crowd of some tens of people, whose turns follow from a seed."""
    app.config["DEMO"] = True
    monkeypatch.setattr(simulation, "PRESENT", 0.05)
    return Simulation(app, dice=random.Random(3))


@pytest.fixture
def at(monkeypatch):
    """Let the clock stand so many seconds after the demo was loaded."""
    began = clock.now()

    def later(**how):
        moment = began + timedelta(**how)
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
        return moment

    return later


def count(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def theirs():
    found = db.session.scalars(select(Question).where(Question.asker_id.is_not(None)).order_by(Question.id))
    return [question for question in found if question.asker_id in CROWD]


def test_they_ask_support_and_applaud_through_the_write_path(crowd, app, at):
    supported, written = count(Support), count(Operation)

    done = [crowd.take_turn(at(seconds=3 * turn)) for turn in range(40)]

    assert {"support", "applause", "question"} <= set(done)
    assert count(Support) > supported
    assert count(Operation) - written >= done.count("question") + done.count("support")
    assert app.extensions["live"].reactions.take()
    counted = db.session.execute(select(Question.id, Question.support_count)).all()
    assert all(number == count(Support, Support.question_id == each) for each, number in counted)


def test_what_they_ask_is_marked_and_never_floods_a_desk(crowd, at):
    for turn in range(120):
        crowd.take_turn(at(milliseconds=100 * turn))

    asked = theirs()
    assert len(asked) > 5
    for question in asked:
        assert question.status is QuestionStatus.WAITING
        assert question.shown_neighbourhood.endswith("demo)") or question.shown_neighbourhood == "de demo"
    by_room = [question.session_id for question in asked]
    assert max(by_room.count(each) for each in by_room) <= MOST_WAITING
    assert len({question.text for question in asked}) == len(asked)


def test_a_colleague_shows_what_no_moderator_got_to_and_nothing_of_anybody_else(crowd, at):
    others = {
        each.id for each in db.session.scalars(select(Question)) if each.status is QuestionStatus.WAITING
    }
    while not theirs():
        crowd.take_turn(at())
    first = theirs()[0].id

    for turn in range(5):
        crowd.take_turn(at(seconds=160 + turn))

    db.session.expire_all()
    assert db.session.get(Question, first).status is QuestionStatus.VISIBLE
    assert {db.session.get(Question, each).status for each in others} == {QuestionStatus.WAITING}


def test_a_poll_opens_two_minutes_after_somebody_looks_and_its_result_is_shown(crowd, app, at, monkeypatch):
    crowd.take_turn(at())
    crowd.take_turn(at(minutes=3))
    assert db.session.get(Poll, POLL).status is PollStatus.READY  # nobody looks
    monkeypatch.setattr(type(app.extensions["live"].listeners), "__len__", lambda self: 1)

    crowd.take_turn(at(minutes=4))
    assert db.session.get(Poll, POLL).status is PollStatus.READY
    for turn in range(4):
        crowd.take_turn(at(minutes=6, seconds=1 + turn))
    db.session.expire_all()
    assert db.session.get(Poll, POLL).status is PollStatus.OPEN
    assert count(Ballot, Ballot.poll_id == POLL) > 0

    poll = db.session.get(Poll, POLL)
    poll.status, poll.tallied_at = PollStatus.CLOSED, clock.now()
    db.session.commit()
    crowd.take_turn(at(minutes=8))
    db.session.expire_all()
    assert db.session.get(Poll, POLL).results_shown


def test_they_are_present_in_the_rooms_that_they_chose(crowd, at):
    crowd.take_turn(at())

    rooms = set(db.session.scalars(select(Inside.session_id)))
    assert len(rooms) == 9
    assert rooms >= {id_of(name) for name in ("s04", "s10", "s21")}


def test_without_a_live_session_nothing_happens(crowd, at):
    before = count(Operation)

    assert crowd.take_turn(at(days=2)) == "nothing"
    assert (count(Operation), count(Inside)) == (before, 0)


def test_somebody_who_was_erased_meanwhile_does_nothing(crowd, at):
    for person in db.session.scalars(select(Person).where(Person.id.in_(CROWD))):
        person.forgotten_at = clock.now()
    db.session.commit()
    before = count(Operation), count(Support)

    for turn in range(20):
        crowd.take_turn(at(seconds=turn))

    assert (count(Operation), count(Support)) == before


def test_it_is_off_by_its_switch_and_never_on_outside_the_demo(app, tmp_path):
    def chosen(**environ):
        return settings({"SECRET_KEY": TEST_KEY, "DATA_FOLDER": str(tmp_path), **environ})["CROWD"]

    assert [chosen(DVB_DEMO="1"), chosen(DVB_DEMO="1", DVB_CROWD="0")] == [True, False]
    assert [chosen(), chosen(DVB_CROWD="1")] == [False, False]
    with pytest.raises(RuntimeError):
        Simulation(app)
