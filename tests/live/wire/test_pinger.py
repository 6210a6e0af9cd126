"""Keep-alive: connections are dropped for their own silence, not because the process stood still."""

import time

from dagvandebuurt.live.wire.pinger import Pinger


class Line:
    def __init__(self):
        self.pings, self.is_given_up = 0, False

    def ping(self):
        self.pings += 1

    def give_up(self):
        self.is_given_up = True


def asked(monkeypatch, *, excused):
    """A connection that was pinged, after which the process stood still for a minute."""
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    pinger, line = Pinger(25, 20), Line()
    pinger._due[line] = clock[0]
    pinger.turn()
    clock[0] += 60
    if excused:
        pinger.excuse(60)
    pinger.turn()
    return line


def test_a_stalled_process_does_not_drop_pinged_connections(monkeypatch):
    line = asked(monkeypatch, excused=True)

    assert (line.pings, line.is_given_up) == (1, False)


def test_counting_the_stall_drops_all_connections_is_caught(monkeypatch):
    assert asked(monkeypatch, excused=False).is_given_up
