"""A beat that was acknowledged is stored soon: a kill takes no more than the last second of them."""

import threading

import pytest

from dagvandebuurt.live import presence
from dagvandebuurt.live.presence import FLUSH_SECONDS, Presence


@pytest.fixture
def kept(app, monkeypatch):
    """The beats that were stored, each time."""
    stored = []
    monkeypatch.setattr(
        app.extensions["live_rooms"],
        "keep_beats",
        lambda beats: stored.append([beat.room_id for beat in beats]),
    )
    monkeypatch.setattr(presence, "FLUSH_SECONDS", 0.05)
    monkeypatch.setattr(presence, "AGAIN_SECONDS", 0.05)
    return stored


@pytest.fixture
def running(app):
    here = Presence(app)
    here.start()
    yield here
    here.stop()


def until(true):
    waited = threading.Event()
    for _ in range(500):
        if true():
            return
        waited.wait(0.02)
    raise AssertionError("it never came so far")


def test_a_beat_is_stored_by_itself_and_not_at_the_next_round_of_a_clock(kept, running):
    assert FLUSH_SECONDS <= 1
    running.beat("zaal", "Noor")

    until(lambda: kept == [["zaal"]])


def test_nothing_is_written_while_nobody_beats(kept, running):
    running.beat("zaal", "Noor")
    until(lambda: kept)

    threading.Event().wait(0.3)  # of six rounds

    assert len(kept) == 1


def test_beats_that_could_not_be_stored_are_tried_again(app, kept, running, monkeypatch):
    tries = []

    def fail_once(beats):
        tries.append(len(list(beats)))
        if len(tries) == 1:
            raise OSError

    monkeypatch.setattr(app.extensions["live_rooms"], "keep_beats", fail_once)
    running.beat("zaal", "Noor")

    until(lambda: tries == [1, 1])
