"""Send buffer of one socket: partial writes, slow and stuck readers, order, and every kind of end."""

import gevent
import pytest
from gevent import socket

from dagvandebuurt.live.wire import send_buffer
from dagvandebuurt.live.wire.send_buffer import MOST_WAITING, SendBuffer


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.fixture
def flushers(monkeypatch):
    """Every greenlet that a send buffer started."""
    started, spawn = [], gevent.spawn
    monkeypatch.setattr(
        send_buffer.gevent, "spawn", lambda *what: started.append(spawn(*what)) or started[-1]
    )
    return started


def numbered(count, size=1000):
    return [f"{number:06d}".encode().ljust(size, b".") for number in range(count)]


def read_all(sock, count):
    got = b""
    with gevent.Timeout(10):
        while len(got) < count and (data := sock.recv(1 << 16)):
            got += data
    return got


def to_the_end(sock):
    return read_all(sock, 1 << 40)


class Reluctant:
    """Socket whose kernel takes `most` bytes at a time. `sent` is all of them."""

    def __init__(self, most):
        self.most, self.sent = most, b""
        self._sock = self  # the kernel's own inside gevent's

    def send(self, data):
        self.sent += data[: self.most]
        return min(len(data), self.most)

    def sendall(self, data):
        while data:
            gevent.sleep(0)
            data = data[self.send(data) :]

    def shutdown(self, how):
        self.sent += b"|"


@pytest.mark.parametrize("most", [1, 2, 3, 7, 999])
def test_partial_writes_keep_frames_whole_and_in_order(most, flushers):
    sock = Reluctant(most)
    out = SendBuffer(sock)

    for frame in numbered(5):
        out.write(frame)
    out.end()
    gevent.joinall(flushers, timeout=10)

    assert sock.sent == b"".join(numbered(5)) + b"|"  # sent last, once
    assert out.waiting_bytes == 0


def test_a_fast_reader_needs_no_greenlet(pair, flushers):
    ours, theirs = pair
    out = SendBuffer(ours)
    for frame in numbered(50):
        out.write(frame)
        assert read_all(theirs, len(frame)) == frame

    assert flushers == []


def test_a_slow_reader_needs_one_greenlet_and_misses_nothing(pair, flushers):
    ours, theirs = pair
    out, frames = SendBuffer(ours), numbered(500)
    for frame in frames:
        out.write(frame)

    assert out.waiting_bytes > 0  # it really was slow
    assert read_all(theirs, 500_000) == b"".join(frames)
    gevent.joinall(flushers, timeout=10)
    assert (len(flushers), out.waiting_bytes, out.is_open) == (1, 0, True)


def test_a_reader_that_falls_behind_twice_keeps_the_order(pair, flushers):
    ours, theirs = pair
    out, frames, got = SendBuffer(ours), numbered(600), b""
    for start in range(0, 600, 200):
        for frame in frames[start : start + 200]:
            out.write(frame)
        got += read_all(theirs, 150_000 if start < 400 else 600_000 - len(got))

    assert got == b"".join(frames)


def test_a_reader_beyond_the_buffer_limit_is_disconnected(pair, flushers):
    ours, theirs = pair
    out, frame, most = SendBuffer(ours), b"x" * 10_000, 0
    for _ in range(1000):
        out.write(frame)
        most = max(most, out.waiting_bytes)

    assert not out.is_open
    assert MOST_WAITING - len(frame) < most <= MOST_WAITING
    gevent.joinall(flushers, timeout=10)
    assert (len(flushers), out.waiting_bytes) == (1, 0)
    assert len(to_the_end(theirs)) < MOST_WAITING  # and the other side sees the end


def test_closing_flushes_the_buffer_and_accepts_no_more(pair, flushers):
    ours, theirs = pair
    out, frames = SendBuffer(ours), numbered(100)
    for frame in frames:
        out.write(frame)
    out.end()
    out.write(b"too late")

    assert to_the_end(theirs) == b"".join(frames)


def test_closing_an_empty_buffer_is_immediate(pair):
    ours, theirs = pair
    SendBuffer(ours).end()

    assert to_the_end(theirs) == b""


@pytest.mark.parametrize("waiting", [0, 100])
def test_the_peer_may_disconnect_at_any_moment(pair, flushers, waiting):
    ours, theirs = pair
    out = SendBuffer(ours)
    for frame in numbered(waiting):
        out.write(frame)
    theirs.close()
    for frame in numbered(3):
        out.write(frame)
    gevent.joinall(flushers, timeout=10)
    out.write(b"nobody is there")

    assert not out.is_open


def test_a_closed_buffer_ignores_further_calls(pair):
    out = SendBuffer(pair[0])
    for _ in range(2):
        out.cut()
        out.end()
        out.write(b"swallowed")

    assert to_the_end(pair[1]) == b""
