"""Background thread: an orderly stop, and a second start."""

import threading

from dagvandebuurt.core.background import BackgroundThread


def test_a_stop_ends_the_wait_between_two_turns():
    turns, first = [], threading.Event()

    def work():
        while not thread.pause(3600 if turns else 0):
            turns.append(threading.current_thread().name)
            first.set()

    thread = BackgroundThread("test-turns", work)
    thread.start()
    assert first.wait(30)
    thread.stop()

    assert turns == ["test-turns"]
    assert not thread.is_running


def test_a_stop_wakes_what_waits_for_its_event_and_it_starts_again():
    wake, ended = threading.Event(), []

    def work():
        while not thread.is_stopping:
            wake.wait()
        ended.append(True)

    thread = BackgroundThread("test-waits", work, wakes=wake)
    for times in (1, 2):
        wake.clear()
        thread.start()
        assert thread.is_running
        thread.stop()
        assert ended == [True] * times


def test_one_that_hangs_does_not_hold_up_the_stop():
    hangs = threading.Event()
    thread = BackgroundThread("test-hangs", hangs.wait, stop_seconds=0.01)
    thread.start()
    thread.stop()

    assert not thread.is_running
    hangs.set()
