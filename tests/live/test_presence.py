"""Presence: an acknowledged heartbeat is stored soon, so that a kill loses only the last second."""

import threading

import pytest

from dagvandebuurt.live import presence
from dagvandebuurt.live.presence import FLUSH_SECONDS, Presence


@pytest.fixture
def kept(app, monkeypatch):
    """The stored heartbeats, at each flush."""
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


def test_heartbeats_are_flushed_without_a_timer_tick(kept, running):
    assert FLUSH_SECONDS <= 1
    running.beat("zaal", "Noor")

    until(lambda: kept == [["zaal"]])


def test_no_writes_without_heartbeats(kept, running):
    running.beat("zaal", "Noor")
    until(lambda: kept)

    threading.Event().wait(0.3)  # of six rounds

    assert len(kept) == 1


def test_failed_heartbeats_are_retried(app, kept, running, monkeypatch):
    tries = []

    def fail_once(beats):
        tries.append(len(list(beats)))
        if len(tries) == 1:
            raise OSError

    monkeypatch.setattr(app.extensions["live_rooms"], "keep_beats", fail_once)
    running.beat("zaal", "Noor")

    until(lambda: tries == [1, 1])


def test_readers_are_kept_by_their_browser_until_they_give_a_name(app, monkeypatch):
    stored = []
    monkeypatch.setattr(app.extensions["live_rooms"], "keep_beats", stored.extend)
    unbuffered = Presence(app)  # no thread: each heartbeat is stored at once
    for person, reader in ((None, None), (None, "browser"), ("Noor", "browser"), ("Bas", None)):
        unbuffered.beat("zaal", person, reader)

    assert [(beat.person_id, beat.reader) for beat in stored] == [
        (None, "browser"),
        ("Noor", "browser"),
        ("Bas", None),
    ]
