"""Transport inside the library: broadcasts, order, close frames, and mass disconnects."""

import sys

import gevent
import pytest

from dagvandebuurt.live.wire import DIRECT, frames, pinger, rooms
from dagvandebuurt.live.wire.pinger import Pinger
from tests.live.wire.hall import NAMESPACE, Hall, masked


@pytest.fixture
def hall(open_hall):
    return open_hall()


def told(number):
    return f'42{NAMESPACE},["told",{number}]'.encode()


def test_a_broadcast_is_encoded_once_and_is_one_frame_for_each(hall):
    assert hall.runs_on == DIRECT
    people = [hall.enter() for _ in range(30)]
    outside = hall.enter("elsewhere")

    hall.tell(1)

    assert (hall.rooms.encoded, hall.rooms.delivered) == (1, 30)
    assert [client.wait_for(1) for client in people] == [[told(1)]] * 30
    hall.tell(2, "elsewhere")
    assert outside.wait_for(1) == [told(2)]  # and nothing of the other room before it


def test_concurrent_broadcasts_arrive_in_one_order(hall, monkeypatch):
    monkeypatch.setattr(rooms, "AT_ONCE", 4)  # many yields in one fan-out
    people = [hall.enter() for _ in range(40)]

    tellers = [
        gevent.spawn(lambda first=first: [hall.tell(number) for number in range(first, first + 10)])
        for first in (0, 100, 200)
    ]
    gevent.joinall(tellers, timeout=10)

    orders = {tuple(client.wait_for(30)) for client in people}
    assert len(orders) == 1
    [order] = orders
    assert set(order) == {told(first + step) for first in (0, 100, 200) for step in range(10)}


def test_a_client_that_never_reads_is_dropped_without_loss_for_others(hall):
    reading = [hall.enter() for _ in range(5)]
    stuck = hall.enter(kernel_bytes=4096)
    for number in range(40):
        hall.tell("x" * 50_000)
        for client in reading:
            client.wait_for(number + 1)
    hall.quiet()

    assert [len(client.got) for client in reading] == [40] * 5
    assert hall.told[-1] == ("disconnect", stuck.sid)
    assert stuck.sid not in hall.rooms.rooms[NAMESPACE]["room"]
    assert len(stuck.to_the_end()) < 40


def test_mass_disconnects_leave_no_state(hall):
    people = [hall.enter() for _ in range(200)]
    hall.told.clear()

    for client in people:
        client.sock.close()
    hall.tell("to whoever is left")  # in the middle of it
    hall.quiet()

    assert sorted(hall.told) == sorted(("disconnect", client.sid) for client in people)  # once each
    assert not hall.server.eio.sockets
    assert not hall.rooms.rooms.get(NAMESPACE, {}).get("room")
    assert not hall.rooms._sids
    assert not hall.server.eio.pinger._due
    assert not hall.server.eio.pinger._asked


def steps_to_leave(people):
    """Lines of Python that one departure takes from a hall of so many."""
    manager = Hall().rooms
    for number in range(people):
        sid = manager.pre_connect(f"engine-{number}", NAMESPACE)
        manager.connect(sid, NAMESPACE)
        manager.enter_room(sid, NAMESPACE, "room")
    steps = 0

    def count(_frame, event, _argument):
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        manager.disconnect(sid, NAMESPACE)
    finally:
        sys.settrace(before)
    assert sid not in manager.rooms[NAMESPACE]["room"]
    return steps


def test_leaving_takes_as_many_steps_from_a_large_hall_as_from_a_small_one():
    assert steps_to_leave(2000) == steps_to_leave(20) > 0


@pytest.mark.parametrize(
    ("rubbish", "code"),
    [
        (frames.frame(frames.TEXT, b"2"), frames.PROTOCOL_ERROR),
        (masked(frames.CONTINUATION, b"x"), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"9"), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"4"), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"48"), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"42/live,null"), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"42/live,[]"), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"42/live,[[1]]"), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b'42/live,1["hot",'), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"42/live,1" + b"[" * 900), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b'451-/live,["hot",{"_placeholder":true,"num":0}]'), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"451000000000-/live,[]"), frames.PROTOCOL_ERROR),
        (masked(frames.BINARY, b"\x04"), frames.ONLY_TEXT),
        (masked(frames.TEXT, b"\xff"), frames.NOT_TEXT),
        (masked(frames.TEXT, b"4" * 2000), frames.TOO_BIG),
    ],
    ids=[
        "unmasked",
        "continues nothing",
        "unknown packet",
        "empty",
        "unknown kind",
        "null",
        "no name",
        "a list for a name",
        "cut short",
        "deep",
        "half of it bytes",
        "very many bytes",
        "bytes",
        "no utf-8",
        "too big",
    ],
)
def test_protocol_errors_get_a_close_reason(open_hall, rubbish, code):  # B10, B11
    hall = open_hall(max_http_buffer_size=1000)
    client, neighbour = hall.enter(), hall.enter()

    client.sock.sendall(rubbish)

    assert client.to_the_end()[-1] == (frames.CLOSE, code.to_bytes(2, "big"))
    client.sock.close()
    hall.quiet()
    assert hall.told[-1] == ("disconnect", client.sid)
    hall.tell(1)
    assert neighbour.wait_for(1) == [told(1)]


def test_an_event_in_many_fragments_is_one_event(hall):
    client = hall.enter()
    event = f'42{NAMESPACE},7["hot",{{"a":1}}]'.encode()
    for place, byte in enumerate(event):
        opcode = frames.CONTINUATION if place else frames.TEXT
        client.sock.sendall(masked(opcode, bytes([byte]), final=place == len(event) - 1))

    # The library's JSON module is process-wide: with or without spaces, whichever was set first.
    assert [raw.replace(b" ", b"") for raw in client.wait_for(1)] == [
        f'43{NAMESPACE},7[{{"ok":true}}]'.encode()
    ]
    assert hall.hot == [({"a": 1},)]


def test_the_fast_path_answers_like_the_stock_path_and_in_order(hall):
    client = hall.enter()
    for number in range(1, 61):
        client.send(f'42{NAMESPACE},{number}["{"hot" if number % 2 else "rare"}",{number}]')

    answers = client.wait_for(60)

    # The library answers rare packets from a separate greenlet: order holds within each path.
    assert {each.replace(b" ", b"") for each in answers} == {
        f'43{NAMESPACE},{number}[{{"ok":true}}]'.encode() for number in range(1, 61)
    }
    assert sorted(hall.hot) == [(number,) for number in range(1, 61)]


def test_a_close_frame_follows_pending_messages_and_fires_once(hall):
    client = hall.enter()
    hall.tell(1)
    line = next(iter(hall.server.eio.sockets.values()))
    line.close()
    line.close()
    hall.tell(2)

    assert client.to_the_end() == [
        (frames.TEXT, told(1)), (frames.TEXT, b"1"), (frames.CLOSE, frames.NORMAL.to_bytes(2, "big")),
    ]  # fmt: skip
    assert hall.told.count(("disconnect", client.sid)) == 1


def test_a_close_is_answered_and_a_ping_is_a_pong(hall):
    client = hall.enter()
    client.sock.sendall(masked(frames.PING, b"hm") + masked(frames.CLOSE, b"\x03\xe8"))

    assert client.to_the_end() == [(frames.PONG, b"hm"), (frames.CLOSE, b"\x03\xe8")]


class Pinged:
    def __init__(self):
        self.pings = self.given_up = 0

    def ping(self):
        self.pings += 1

    def give_up(self):
        self.given_up += 1


def test_live_connections_are_kept_and_silent_ones_dropped_once(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(pinger.time, "monotonic", lambda: now[0])
    ours = Pinger(interval=25, timeout=20)
    ours._loop = gevent.Greenlet()  # turned by hand
    answering, silent = Pinged(), Pinged()
    ours.watch(answering)
    ours.watch(silent)
    for second in range(1, 101):
        now[0] = float(second)
        ours.turn()
        ours.answered(answering)

    assert (answering.pings, answering.given_up) == (4, 0)
    assert (silent.pings, silent.given_up) == (1, 1)


def test_silent_clients_are_dropped_by_the_real_pinger(open_hall, monkeypatch):
    hall = open_hall(ping_interval=25, ping_timeout=20)
    client = hall.enter()
    real = pinger.time.monotonic
    monkeypatch.setattr(pinger.time, "monotonic", lambda: real() + 30)
    hall.server.eio.pinger.turn()
    assert client.wait_for(1) == [b"2"]
    monkeypatch.setattr(pinger.time, "monotonic", lambda: real() + 60)
    hall.server.eio.pinger.turn()

    client.to_the_end()
    assert hall.told[-1] == ("disconnect", client.sid)
