"""Idle connections: sockets that never join are closed, and one network holds a bounded number."""

import pytest

from dagvandebuurt.core.network import network_of
from dagvandebuurt.live.wire.engine import TOO_MANY
from dagvandebuurt.live.wire.pinger import JOIN_SECONDS, LOOK_SECONDS
from tests.live.wire.hall import NAMESPACE

TURNS = round(JOIN_SECONDS / LOOK_SECONDS)


def waits_to_join(hall):
    """Advance the pinger by hand for the time that a newcomer has."""
    for _turn in range(TURNS):
        hall.server.eio.pinger.turn()


def test_a29_sockets_that_never_join_are_closed(open_hall):
    hall = open_hall()
    inside, outside = hall.enter(), hall.open()

    waits_to_join(hall)

    outside.to_the_end()
    hall.tell("still here")
    assert inside.wait_for(1)


def test_a29_keeping_unjoined_sockets_is_caught(open_hall):
    hall = open_hall()
    outside = hall.open()
    hall.server.eio.pinger._has_joined = lambda _line: True

    waits_to_join(hall)

    assert len(hall.server.eio.sockets) == 1
    assert not outside.is_ended


def test_a29_a_socket_that_left_is_closed_at_the_next_ping(open_hall, monkeypatch):
    from dagvandebuurt.live.wire import pinger

    hall = open_hall(ping_interval=25, ping_timeout=20)
    client = hall.enter()
    waits_to_join(hall)
    client.send(f"41{NAMESPACE},")
    real = pinger.time.monotonic
    monkeypatch.setattr(pinger.time, "monotonic", lambda: real() + 30)
    hall.server.eio.pinger.turn()
    assert client.wait_for(1) == [b"2"]

    client.send("3")

    client.to_the_end()


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8:0:7::%d"])
def test_a30_sockets_are_limited_per_network(open_hall, address):
    hall = open_hall()
    engine = hall.server.eio
    engine.most_per_network = 2

    for number in range(2):
        engine.lines_of[network(address, number)] += 1

    assert engine._is_full(network(address, 7))
    assert not engine._is_full(network("192.0.2.8", 0))
    assert not engine._is_full(network("2001:db8:0:8::1", 0))
    assert TOO_MANY["status"].startswith("429")


def network(address, number):
    return network_of(address % number if "%" in address else address)


def test_a30_a_closed_socket_frees_its_slot(open_hall):
    hall = open_hall()
    client = hall.enter()
    assert sum(hall.server.eio.lines_of.values()) == 1

    client.sock.close()
    hall.quiet()

    assert not hall.server.eio.lines_of
