"""Cross-process wake-ups (Redis pub/sub or NOTIFY): after a commit the other processes poll at once instead
of within 1 s.

A wake-up carries no data, at most a topic: the receiver reads the database, as it would have done soon
anyway; so a lost, late, duplicate or forged one costs a poll and no more. The one exception is what stands in
no database and may be lost: the counts of `live.reactions`. It is sent from a thread of its own: a write
neither waits for it nor notices that Redis is away or hangs.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, cast

import psycopg
import redis
from flask import Flask

from dagvandebuurt.core.background import BackgroundThread
from dagvandebuurt.core.redis import short_timeouts

logger = logging.getLogger(__name__)

CHANNEL = "dagvandebuurt_hints"
PAUSE_SECONDS = 0.05  # between two wake-ups of one process: a busy hall sends one, not a thousand
MOST_MENTIONS = 50  # waiting to be sent: NOTIFY takes 8,000 bytes
AGAIN_SECONDS = 3.0  # before a lost connection is tried again
# Subscriptions have been seen to fall silent without breaking: after such a silence it reconnects.
SILENCE_SECONDS = 30.0
LOOK_SECONDS = 1.0

Say = Callable[[str], object]
Hear = Callable[[], list[str]]


class Channel(Protocol):
    """Transport to the other processes. Its methods may raise anything."""

    def speaking(self) -> AbstractContextManager[Say]:
        """Open a connection for sending."""
        ...

    def listening(self) -> AbstractContextManager[Hear]:
        """Open a connection for receiving: yields messages, or nothing after LOOK_SECONDS."""
        ...


class RedisChannel:
    """Redis pub/sub. Redis stores nothing of it."""

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def _client(self) -> Iterator[redis.Redis]:
        client = redis.Redis.from_url(self._url, **short_timeouts())
        try:
            yield client
        finally:
            client.close()

    @contextmanager
    def speaking(self) -> Iterator[Say]:
        with self._client() as client:
            yield lambda said: client.publish(CHANNEL, said)

    @contextmanager
    def listening(self) -> Iterator[Hear]:
        with self._client() as client:
            subscription = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
            subscription.subscribe(CHANNEL)  # closed with its client

            def hear() -> list[str]:
                message = subscription.get_message(timeout=LOOK_SECONDS)
                return [message["data"].decode("ascii", "replace")] if message else []

            yield hear


class PostgresChannel:
    """PostgreSQL NOTIFY and LISTEN, over separate connections: NOTIFY within a write would serialise all
    commits."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")

    def _connection(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            self._url, autocommit=True, connect_timeout=2, keepalives_idle=5, tcp_user_timeout=5000
        )

    @contextmanager
    def speaking(self) -> Iterator[Say]:
        with self._connection() as connection:
            yield lambda said: connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, said))

    @contextmanager
    def listening(self) -> Iterator[Hear]:
        with self._connection() as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            yield lambda: [said.payload for said in connection.notifies(timeout=LOOK_SECONDS, stop_after=1)]


def channel_of(app: Flask) -> Channel | None:
    """Return the channel: Redis if configured, else PostgreSQL; None for a single process."""
    if app.config["REDIS_URL"]:
        return RedisChannel(app.config["REDIS_URL"])
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    return PostgresChannel(url) if url.startswith("postgresql") else None


class Wakeups:
    """Sends wake-ups to the other processes, and calls `wake` for theirs, counted in `heard`; with a topic
    also `told`."""

    def __init__(
        self, channel: Channel | None, wake: Callable[[], None], told: Callable[[str], None]
    ) -> None:
        self._channel, self._wake, self._told = channel, wake, told
        self._name = ""
        self._topics: deque[str] = deque()
        self._can_speak = False
        self._due = threading.Event()
        # They start and stop together. One whose connection hangs ends with the process.
        self._out = BackgroundThread(
            "live-hints-out", lambda: self._keep(self._say), wakes=self._due, stop_seconds=2
        )
        self._in = BackgroundThread("live-hints-in", lambda: self._keep(self._listen), stop_seconds=2)
        self.heard = 0

    def start(self) -> None:
        # Each process takes a name at its start, not when the app was built: our own wake-ups come
        # back to us, and are the only ones without news.
        self._name = os.urandom(8).hex()
        if self._channel is not None:
            self._out.start()
            self._in.start()

    def stop(self) -> None:
        self._in.ask_to_stop()
        self._out.stop()
        self._in.stop()

    def give(self, topic: str = "") -> None:
        """Announce a commit, and with a topic what changed besides rooms. Never blocks and never fails."""
        if topic and self._channel is not None and topic not in self._topics:
            self._topics.append(topic)
        self._due.set()

    def mention(self, topic: str) -> None:
        """Announce what may be lost: it is, while the channel is away or behind. Old news is worse than none."""
        if self._can_speak and len(self._topics) < MOST_MENTIONS:
            self._topics.append(topic)
            self._due.set()

    def _keep(self, part: Callable[[Channel], None]) -> None:
        """Run `part` for ever; reconnect when its connection breaks."""
        channel = cast(Channel, self._channel)  # without one nothing is started
        while not self._out.is_stopping:
            try:
                part(channel)
            except Exception as failure:  # until it works the pump's own clock does everything
                logger.warning("no hints for a while: %s", type(failure).__name__)
                self._out.pause(AGAIN_SECONDS)

    def _say(self, channel: Channel) -> None:
        with channel.speaking() as say:
            self._can_speak = True
            try:
                while not self._out.is_stopping:
                    self._due.wait()
                    self._due.clear()
                    say(" ".join([self._name, *self._topics_now()]))
                    self._out.pause(PAUSE_SECONDS)
            finally:
                self._can_speak = False

    def _topics_now(self) -> Iterator[str]:
        while self._topics:
            yield self._topics.popleft()

    def _listen(self, channel: Channel) -> None:
        with channel.listening() as hear:
            last = time.monotonic()
            while not self._out.is_stopping and time.monotonic() - last < SILENCE_SECONDS:
                said = hear()
                if said:
                    last = time.monotonic()
                from_others = [words for each in said if (words := each.split()) and words[0] != self._name]
                if from_others:
                    self.heard += 1
                    self._wake()
                for topic in {topic for words in from_others for topic in words[1:]}:
                    self._told(topic)
