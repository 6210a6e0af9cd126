"""Call counts, where timing would show nothing: one query, one encoding, one frame."""

from uuid import uuid4

import pytest

from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.connections import Listener, RoomSubscription
from dagvandebuurt.live.runtime import author_key_of
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import QuestionStatus
from tests.live.test_together import counted_queries

PEOPLE = 200


@pytest.fixture
def hall(app, make, session):
    """A full room without sockets: connections, and what they would be sent."""
    core = app.extensions["live"]
    for number in range(PEOPLE):
        actor = make.identity(f"Buur {number}", email=None)
        with app.app_context():
            entry = RoomSubscription(Audience.HALL, author_key_of(session.id, actor))
        core.listeners.enter(Listener(uuid4().hex, actor), session.id, entry)
    desk = make.moderator()
    with app.app_context():
        entry = RoomSubscription(Audience.DESK, author_key_of(session.id, desk))
    core.listeners.enter(Listener(uuid4().hex, desk), session.id, entry)
    return core


@pytest.fixture
def sent(hall, monkeypatch):
    """What the pump sends: (event, to). One is one encoding, however many receive it."""
    told = []
    monkeypatch.setattr(hall.pump, "_send", lambda event, _payload, to: told.append((event, to)))
    return told


def test_a_hundred_changes_are_one_frame_for_each_audience_and_a_few_queries(app, make, session, hall, sent):
    questions = [make.question(session, status=QuestionStatus.VISIBLE) for _ in range(10)]
    with app.app_context():
        hall.pump.turn()  # it gets to know the room
    sent.clear()
    for number in range(100):
        make.do(events.SUPPORT, make.guest(), session, question=str(questions[number % 10].id), on=True)

    with app.app_context(), counted_queries() as asked:
        hall.pump.turn()

    changes = [to for event, to in sent if event == "session:changes"]
    assert len(changes) == len(set(changes)) == 2  # the hall and the desk
    assert len(asked) < 15  # however many people listen, and however many changes there were


def test_an_idle_second_sends_nothing_and_takes_one_query(app, session, hall, sent):
    with app.app_context():
        hall.pump.turn()
    sent.clear()

    with app.app_context(), counted_queries() as asked:
        hall.pump.turn()

    assert sent == []
    assert len(asked) == 1
