"""Keep-alive: one pinger for all sockets of a process, where the library starts a greenlet for each."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol

import gevent

from dagvandebuurt.core.worker_pool import A_TURN

LOOK_SECONDS = 0.25
JOIN_SECONDS = 10  # in which a new connection must authenticate and join; otherwise it is closed
LATE_SECONDS = 1.0  # a turn this late means that the process stood still
AT_ONCE = 256  # pings between two yields to the event loop


class Pinged(Protocol):
    """Protocol of a connection that can be pinged."""

    def ping(self) -> None: ...

    def give_up(self) -> None:
        """Close after a missed answer."""
        ...


class Pinger:
    """Pings each connection `interval` seconds after its last answer, and drops it after `timeout`.

    A connection that answers pings but never joined (or left and stayed connected) wastes a file descriptor:
    `has_joined` is checked JOIN_SECONDS after `greet` and at every answer from then on.
    """

    def __init__(
        self, interval: float, timeout: float, has_joined: Callable[[Any], bool] | None = None
    ) -> None:
        self._interval, self._timeout = interval, timeout
        self._has_joined = has_joined or (lambda _line: True)
        self._turns = 0
        # connection → the turn at which it must have joined. Turns, not seconds: after the process stood still,
        # what a newcomer sent meanwhile is read before anything is closed.
        self._newcomers: OrderedDict[Pinged, int] = OrderedDict()
        # Both in order of time, because all connections have the same interval.
        self._due: OrderedDict[Pinged, float] = OrderedDict()
        self._asked: OrderedDict[Pinged, float] = OrderedDict()
        self._loop: gevent.Greenlet | None = None

    def watch(self, line: Pinged) -> None:
        """Start to ping this connection."""
        self._due[line] = time.monotonic() + self._interval
        if self._loop is None:
            self._loop = gevent.spawn(self._run)

    def greet(self, line: Pinged) -> None:
        """Watch a new connection, which must join in time."""
        self._newcomers[line] = self._turns + round(JOIN_SECONDS / LOOK_SECONDS)
        self.watch(line)

    def answered(self, line: Pinged) -> None:
        """Record a pong. An unsolicited one is ignored."""
        if self._asked.pop(line, None) is None:
            return
        if line in self._newcomers or self._has_joined(line):
            self.watch(line)
        else:
            line.give_up()

    def expect_end(self, line: Pinged) -> None:
        """Stop pinging after our close frame; drop it if it does not close."""
        self._due.pop(line, None)
        self._asked.pop(line, None)
        self._asked[line] = time.monotonic() + self._timeout

    def unwatch(self, line: Pinged) -> None:
        self._newcomers.pop(line, None)
        self._due.pop(line, None)
        self._asked.pop(line, None)

    def turn(self) -> None:
        """Ping the connections that are due; drop those that were silent for too long."""
        self._turns += 1
        while self._newcomers and next(iter(self._newcomers.values())) <= self._turns:
            line, _turn = self._newcomers.popitem(last=False)
            if not self._has_joined(line):
                line.give_up()
        count = 0
        while (due := _first_due(self._due)) is not None:
            self._asked[due] = time.monotonic() + self._timeout
            due.ping()
            count += 1
            if count % AT_ONCE == 0:
                gevent.sleep(A_TURN)
        while (silent := _first_due(self._asked)) is not None:
            silent.give_up()

    def excuse(self, seconds: float) -> None:
        """Extend the deadlines: the process stood still, so pongs may be waiting unread."""
        for line in self._asked:
            self._asked[line] += seconds

    def _run(self) -> None:
        while True:
            began = time.monotonic()
            gevent.sleep(LOOK_SECONDS)
            late = time.monotonic() - began - LOOK_SECONDS
            if late > LATE_SECONDS:
                self.excuse(late)
            self.turn()


def _first_due(lines: "OrderedDict[Pinged, float]") -> Pinged | None:
    """Remove and return the first connection, if it is due."""
    for line, moment in lines.items():
        if moment <= time.monotonic():
            del lines[line]
            return line
        break
    return None
