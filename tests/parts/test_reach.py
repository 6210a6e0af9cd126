"""SSRF-safe link check (J8): no address of this machine or its neighbours is requested."""

import socket
import threading
from contextlib import contextmanager

import pytest

from dagvandebuurt.parts.link_check import check_link, is_public

PUBLIC = "93.184.215.14"
INSIDE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1", "::127.0.0.1", "fec0::1", "feff::7", "192.0.0.8", "192.0.0.9", "192.0.0.170", "", "geen adres", "0x7f.1",
]  # fmt: skip
NOT_ASKED = [
    "ftp://voorbeeld.example/", "file:///etc/passwd", "gopher://voorbeeld.example/", "javascript:alert(1)",
    "http://voorbeeld.example:22/", "http://voorbeeld.example:8080/", "https://voorbeeld.example:80/", "http:///pad",
    "http://noor:geheim@voorbeeld.example/", "http://veilig.example@binnen.example/", "//voorbeeld.example/", "voorbeeld",
    "http://[::1/", "http://voorbeeld.example /", "http://voorbeeld.example:99999/", "",
]  # fmt: skip


@contextmanager
def a_site(*answers):
    """A site on this machine. The test's own dialler leads there; the real one never would. Each response is
    sent to one caller. Yields its dialler, and the requests with their addresses."""
    asked, dialled = [], []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            for answer in answers:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    asked.append(caller.recv(65_536))
                    caller.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()

        def dial(address, port, seconds):
            dialled.append((address, port))
            return socket.create_connection(server.getsockname(), timeout=seconds)

        yield dial, asked, dialled


def answer_of(status, *headers):
    return "\r\n".join([f"HTTP/1.1 {status} X", *headers, "Content-Length: 0", "", ""]).encode()


def names(**known):
    def resolve(host, port):
        if host not in known:
            raise socket.gaierror
        return known[host]

    return resolve


def nobody_dials(*_):
    raise AssertionError("nobody may be called")


@pytest.mark.parametrize("address", INSIDE)
def test_private_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700::1111"])
def test_public_addresses_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("status", "works"), [(200, True), (204, True), (401, True), (403, True), (429, True), (404, False), (410, False), (500, False)]
)  # fmt: skip
def test_the_http_status_is_reported(status, works):
    with a_site(answer_of(status)) as (dial, asked, dialled):
        outcome = check_link(
            "http://buurt.example/pad?q=1", resolve=names(**{"buurt.example": [PUBLIC]}), dial=dial
        )

    assert (outcome.answers, outcome.told) == (works, f"status_{status}")
    assert dialled == [(PUBLIC, 80)]
    assert asked[0].startswith(b"GET /pad?q=1 HTTP/1.1\r\nHost: buurt.example")
    assert b"Cookie" not in asked[0]


@pytest.mark.parametrize("address", INSIDE)
def test_names_resolving_to_private_addresses_are_not_requested(address):
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        outcome = check_link(
            "http://buurt.example/", resolve=names(**{"buurt.example": addresses}), dial=nobody_dials
        )
        assert outcome.answers is None


@pytest.mark.parametrize("url", NOT_ASKED)
def test_unsupported_addresses_are_not_requested(url):
    assert check_link(url, resolve=lambda *_: [PUBLIC], dial=nobody_dials).answers is None


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]"]
)
def test_loopback_in_any_notation_is_not_requested(host):
    assert not check_link(f"http://{host}/", dial=nobody_dials).answers


def test_redirects_are_checked_like_the_first_address():
    there = names(**{"buurt.example": [PUBLIC], "binnen.example": ["10.0.0.7"], "ver.example": ["1.1.1.1"]})
    with a_site(answer_of(302, "Location: http://binnen.example/")) as (dial, _asked, dialled):
        inside = check_link("http://buurt.example/", resolve=there, dial=dial)
    with a_site(answer_of(301, "Location: //ver.example/x"), answer_of(200)) as (dial, asked, far):
        outside = check_link("http://buurt.example/", resolve=there, dial=dial)
    with a_site(*[answer_of(302, "Location: /")] * 6) as (dial, asked_again, _):
        round_and_round = check_link("http://buurt.example/", resolve=there, dial=dial)

    assert (inside.answers, dialled) == (None, [(PUBLIC, 80)])
    assert (outside.answers, far) == (True, [(PUBLIC, 80), ("1.1.1.1", 80)])
    assert asked[1].startswith(b"GET /x ")
    assert (round_and_round.told, len(asked_again)) == ("round_and_round", 4)


def test_dns_rebinding_reaches_nothing_else():
    """DNS rebinding: the name is resolved once, and the checked address is the one that is connected to."""
    lookups = iter([[PUBLIC], ["127.0.0.1"]])
    with a_site(answer_of(200)) as (dial, _asked, dialled):
        check_link("http://buurt.example/", resolve=lambda *_: next(lookups), dial=dial)

    assert dialled == [(PUBLIC, 80)]
    assert next(lookups) == ["127.0.0.1"]  # no second request


@pytest.mark.parametrize(
    "said", [b"", b"geen http\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300, b"HTTP/1.1 abc\r\n\r\n"]
)
def test_an_invalid_response_counts_as_broken(said):
    with a_site(said) as (dial, _asked, _dialled):
        outcome = check_link("http://buurt.example/", resolve=names(**{"buurt.example": [PUBLIC]}), dial=dial)

    assert (outcome.answers, outcome.told) == (False, "no_answer")


def test_unknown_names_and_hanging_sites_count_as_broken(monkeypatch):
    monkeypatch.setattr("dagvandebuurt.parts.link_check.SECONDS", 0.2)
    assert check_link("http://weg.example/", resolve=names()).told == "no_such_name"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def dial(_address, _port, seconds):
            return socket.create_connection(server.getsockname(), timeout=seconds)

        outcome = check_link("http://buurt.example/", resolve=names(**{"buurt.example": [PUBLIC]}), dial=dial)
    assert (outcome.answers, outcome.told) == (False, "too_slow")


def test_a_slow_drip_response_times_out(monkeypatch):
    monkeypatch.setattr("dagvandebuurt.parts.link_check.SECONDS", 0.3)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            caller, _ = server.accept()
            with caller:
                caller.recv(1000)
                caller.sendall(b"HTTP/1.1 200 OK\r\n")
                while not done.wait(0.05):
                    try:
                        caller.sendall(b"X")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()

        def dial(_address, _port, seconds):
            return socket.create_connection(server.getsockname(), timeout=seconds)

        check_link("http://buurt.example/", resolve=names(**{"buurt.example": [PUBLIC]}), dial=dial)
        thread.join(5)  # it stops because the client is gone

    assert not thread.is_alive()
    done.set()
