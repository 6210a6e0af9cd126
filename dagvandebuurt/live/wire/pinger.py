"""One pinger for all sockets of a process, where the library starts a greenlet for each ping."""

import time
from collections import OrderedDict
from typing import Protocol

import gevent

LOOK_SECONDS = 0.25
AT_ONCE = 256  # pings between two breaths


class Pinged(Protocol):
    """What can be pinged."""

    def ping(self) -> None: ...

    def give_up(self) -> None:
        """There was no answer in time."""
        ...


class Pinger:
    """Pings each line `interval` seconds after its last answer, and gives it up after `timeout`."""

    def __init__(self, interval: float, timeout: float) -> None:
        self._interval, self._timeout = interval, timeout
        # Both in order of time, because every line waits equally long.
        self._due: OrderedDict[Pinged, float] = OrderedDict()
        self._asked: OrderedDict[Pinged, float] = OrderedDict()
        self._loop: gevent.Greenlet | None = None

    def watch(self, line: Pinged) -> None:
        """From now on."""
        self._due[line] = time.monotonic() + self._interval
        if self._loop is None:
            self._loop = gevent.spawn(self._run)

    def answered(self, line: Pinged) -> None:
        """A pong. One that nobody asked for means nothing."""
        if self._asked.pop(line, None) is not None:
            self.watch(line)

    def expect_end(self, line: Pinged) -> None:
        """We said goodbye: no more pings, but it is given up if it does not go."""
        self._due.pop(line, None)
        self._asked.pop(line, None)
        self._asked[line] = time.monotonic() + self._timeout

    def forget(self, line: Pinged) -> None:
        self._due.pop(line, None)
        self._asked.pop(line, None)

    def turn(self) -> None:
        """Ping whoever is due now; give up whoever was silent for too long."""
        count = 0
        while (line := _first_due(self._due)) is not None:
            self._asked[line] = time.monotonic() + self._timeout
            line.ping()
            count += 1
            if count % AT_ONCE == 0:
                gevent.sleep(0)
        while (line := _first_due(self._asked)) is not None:
            line.give_up()

    def _run(self) -> None:
        while True:
            gevent.sleep(LOOK_SECONDS)
            self.turn()


def _first_due(lines: "OrderedDict[Pinged, float]") -> Pinged | None:
    """Take the first line out, if its moment has come."""
    for line, moment in lines.items():
        if moment <= time.monotonic():
            del lines[line]
            return line
        break
    return None
