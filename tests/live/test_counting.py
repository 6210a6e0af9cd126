"""Side channels: pending questions cannot be counted by the hall, neither by polling nor by writing."""

import re
from uuid import uuid4

import pytest

from dagvandebuurt.live import items, writes
from dagvandebuurt.qanda.models import QuestionStatus
from tests.live.inside import Inside

NOT_THE_SAME_FOR_ALL = ("present", "mine")


class Spy:
    """A neighbour with a socket, and an anonymous visitor who polls over HTTP: all that they receive of a
    room."""

    def __init__(self, inside, make, session):
        self.inside, self.make, self.session = inside, make, session
        self.neighbour, self.stranger = inside.come(make.guest("Buur")), make.browser()
        self.neighbour.call("session:enter", session=str(session.id))
        self.look()

    def look(self):
        self.inside.look(tick=True)
        return [(name, told.get("from"), told.get("to")) for name, told in self.neighbour.read()]

    def ask_everything(self):
        address = f"/sessies/{self.session.slug}/live"
        states = [self.stranger.get(f"{address}/state?since={since}") for since in (0, 1)]
        page = self.stranger.get(address).text
        synced = self.neighbour.call("session:sync", session=str(self.session.id), since=states[0].json["to"])
        entered = self.inside.come(self.make.guest("Later")).call(
            "session:enter", session=str(self.session.id)
        )
        told = [*(state.json for state in states), synced, entered]
        return (
            [
                {name: told for name, told in each.items() if name not in NOT_THE_SAME_FOR_ALL}
                for each in told
            ],
            re.findall('data-revision="[0-9]+"', page),
            self.look(),
        )


@pytest.fixture
def spy(app, make, session, monkeypatch):
    make.question(session, status=QuestionStatus.VISIBLE)
    return Spy(Inside(app, monkeypatch), make, session)


def somebody_asks(spy):
    asker = spy.inside.come(spy.make.guest("Vrager"))
    asker.call("session:enter", session=str(spy.session.id))
    asked = asker.call(
        "question:ask",
        session=str(spy.session.id),
        op=uuid4().hex,
        id=str(uuid4()),
        text="Wie?",
        appear="anonymous",
    )
    assert asked["ok"]


def test_c8_a_pending_question_does_not_change_what_the_hall_receives(spy):
    before = spy.ask_everything()
    somebody_asks(spy)

    assert spy.ask_everything() == before


def test_c8_exposing_the_room_counter_is_caught(spy, monkeypatch):
    monkeypatch.setattr(items, "told_to", lambda _audience, _found, *, since, state: state.revision)
    before = spy.ask_everything()
    somebody_asks(spy)

    assert spy.ask_everything() != before


def test_c8_revision_gaps_do_not_reveal_unseen_writes():
    """A guess from it is right little more often than a coin toss."""
    one = [writes._step() for _ in range(4000)]
    two = [writes._step() + writes._step() for _ in range(4000)]
    best = max((sum(gap <= edge for gap in one) + sum(gap > edge for gap in two)) for edge in one) / 8000

    assert min(one) >= 1
    assert best < 0.7
    assert writes.LONGEST_STEP * 100_000 < 2**53  # what a page can count


def test_c8_steps_of_one_are_caught(monkeypatch):
    monkeypatch.setattr(writes, "_step", lambda: 1)

    assert writes._step() < writes._step() + writes._step()
