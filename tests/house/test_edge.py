"""Network edge: host validation, forwarding headers, slow and half requests, file permissions, log privacy."""

import io
import logging
import os
import socket
import stat
import subprocess
import sys
import time
from contextlib import closing

import gevent
import pytest
from werkzeug.exceptions import RequestTimeout

from config import Contradiction, settings
from dagvandebuurt.core.file_modes import make_private
from dagvandebuurt.core.hosts import Hosts
from dagvandebuurt.core.request_bodies import SLOWEST, TimedBody
from dagvandebuurt.demo.content import id_of
from dagvandebuurt.listening import _leave_out_addresses, refuse_demo_data
from dagvandebuurt.people.demo_data import DEMO_ADMIN_ID, DEMO_DOORS
from tests.conftest import TEST_KEY
from tests.served import ROOT, serve

OURS = {"SECRET_KEY": TEST_KEY}


def hosts(tmp_path, **environ):
    return Hosts(settings({**OURS, "DATA_FOLDER": str(tmp_path), **environ}))


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:5000", "congres.example.evil.example", "congres.example:6666", "x@congres.example",
     "congres.example/x", "congres.example evil", "192.0.2.7", "[::1", "congres.example:99999", "localhost.evil.example"],
)  # fmt: skip
def test_a31_foreign_hosts_are_not_allowed(tmp_path, host):
    ours = hosts(tmp_path, PUBLIC_URL="https://congres.example")

    assert not ours.knows(host)
    assert ours.knows("congres.example")  # so it could be


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({"PUBLIC_URL": "https://congres.example"}, "congres.example:443"),
        ({"PUBLIC_URL": "https://congres.example:8443"}, "CONGRES.example:8443"),
        ({"PUBLIC_URL": "https://congres.example"}, "127.0.0.1:5000"),
        ({"PUBLIC_URL": "https://congres.example"}, "[::1]:9999"),
        ({"PUBLIC_URL": "https://congres.example", "ALLOWED_HOSTS": "www.congres.example, x.example"}, "x.example"),
        ({"HOST": "0.0.0.0", "PORT": "8080"}, "192.168.1.5:8080"),
        ({"HOST": "0.0.0.0"}, "localhost"),
    ],
)  # fmt: skip
def test_a31_own_hosts_are_allowed_also_by_ip_without_public_url(tmp_path, environ, host):
    assert hosts(tmp_path, **environ).knows(host)


def test_a31_unknown_hosts_get_400_except_health_probes(make):
    browser = make.browser()
    foreign = {"Host": "evil.example"}

    for path in (
        "/",
        "/programma",
        "/api/v1/",
        "/socket.io/?EIO=4&transport=websocket",
        "/static/x/js/live.js",
    ):
        answer = browser.get(path, headers=foreign)
        assert (answer.status_code, "evil" in answer.text, "Set-Cookie" in answer.headers) == (
            400,
            False,
            False,
        )
    assert browser.get("/healthz", headers={"Host": "10.0.0.7:5000"}).status_code == 200
    assert browser.get("/readyz", headers=foreign).status_code != 400


def test_a32_metrics_are_served_on_loopback_only(make):
    browser = make.browser()
    assert browser.get("/metrics").status_code == 200

    for name in ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"):
        assert browser.get("/metrics", headers={name: "x"}).status_code == 404, name
    assert browser.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404
    assert browser.get("/metrics", environ_overrides={"SCRIPT_NAME": "/x"}).status_code == 404


class Trickle:
    """A body that arrives one byte per `pause` seconds, read as gunicorn does: a read waits until it is
    filled."""

    def __init__(self, pause, size):
        self.pause, self.left = pause, size

    def read(self, size):
        found = b""
        while self.left and len(found) < size:
            gevent.sleep(self.pause)
            found += b"x"
            self.left -= 1
        return found

    readline = read


def test_a4_a_slow_body_times_out_and_a_steady_one_is_read():
    cut = []

    with pytest.raises(RequestTimeout):
        TimedBody(Trickle(0.02, 10**6), 0.1, lambda: cut.append(True)).read(1000)
    assert cut == [True]

    whole = bytes(range(256)) * 200
    assert TimedBody(io.BytesIO(whole), 30, cut.clear).read() == whole
    assert b"".join(TimedBody(io.BytesIO(b"een\ntwee\n"), 30, cut.clear)) == b"een\ntwee\n"
    assert cut == [True]


def test_a4_reading_a_slow_body_without_timeout_is_caught(monkeypatch):
    monkeypatch.setattr("dagvandebuurt.core.request_bodies.SLOWEST", 1e-3)
    body = Trickle(0.02, 10**6)

    with gevent.Timeout(0.5, False):
        TimedBody(body, 0.2, list).read(1000)

    assert 10**6 - body.left > 15  # it went on reading past its time


def test_a4_a_large_upload_on_a_slow_connection_completes(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("dagvandebuurt.core.request_bodies.time.monotonic", lambda: now[0])

    class Poor(io.BytesIO):
        def read(self, size):
            now[0] += size / (SLOWEST * 1.2)
            return super().read(size)

    assert len(TimedBody(Poor(bytes(1_000_000)), 30, list).read()) == 1_000_000
    assert now[0] > 200


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b'{"a":' * 100_000, b'{"message":' + b"[" * 900 + b"]" * 900 + b"}"]
)
def test_a5_json_that_nests_too_deep_is_refused_in_words(make, session, body):
    noor = make.browser(make.identity("Noor"))

    answer = noor.post(f"/sessies/{session.slug}/live/op", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.get_json()["error"]["message"] == "Dit bericht is niet te lezen."


def test_a33_files_are_private_even_in_existing_folders(tmp_path):
    folder = tmp_path / "made-before"
    folder.mkdir(mode=0o755)
    old = [folder / name for name in ("dagvandebuurt.db", "dagvandebuurt.db-wal", "jobs.db", "jobs.db-shm")]
    for path in old:
        path.write_bytes(b"")
        path.chmod(0o644)
    before = os.umask(0o022)
    try:
        make_private(settings({**OURS, "DATA_FOLDER": str(folder)}))
        (folder / "new").write_bytes(b"")
    finally:
        os.umask(before)

    assert {stat.S_IMODE(path.stat().st_mode) for path in [*old, folder / "new"]} == {0o600}


def command(folder, *words, **environ):
    return subprocess.run(
        [sys.executable, "-m", *words],
        env={**os.environ, **OURS, "DATA_FOLDER": str(folder), "PYTHONPATH": str(ROOT), **environ},
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, umask=0o022,
    )  # fmt: skip


def test_a33_migrate_creates_private_files(tmp_path):
    tmp_path.chmod(0o755)
    made = command(tmp_path, "dagvandebuurt.cli", "migrate")

    assert made.returncode == 0, made.stderr
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert "dagvandebuurt.db" in modes
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


def test_a34_the_demo_listens_on_loopback_by_default(tmp_path):
    for address in ("0.0.0.0", "192.168.1.5", "::"):
        with pytest.raises(Contradiction, match="HOST lets other machines in"):
            settings({"DVB_DEMO": "1", "HOST": address, "DATA_FOLDER": str(tmp_path)})
    settings({"DVB_DEMO": "1", "HOST": "0.0.0.0", "PUBLIC_URL": "http://192.168.1.5:5000", "DATA_FOLDER": str(tmp_path)})  # fmt: skip


def test_a34_a_demo_database_is_not_served_in_production(make, tmp_path):
    ours = settings({**OURS, "DATA_FOLDER": str(tmp_path)})
    refuse_demo_data(ours)  # a database of people is served
    make.person("Beheer", id=DEMO_ADMIN_ID)

    with pytest.raises(SystemExit, match="filled by the demo"):
        refuse_demo_data(ours)
    refuse_demo_data(ours | {"DEMO": True})


def test_a35_logs_of_refused_requests_hold_no_personal_data():
    def logged(text, *args):
        record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, text, args, None)
        assert _leave_out_addresses(record)
        return record.getMessage()

    assert logged("Invalid request from ip=192.0.2.7: /link/secret") == "Invalid request refused."
    assert "secret" not in logged("Error handling request %s %s", "GET", "/link/secret")
    assert logged("Booting worker with pid: %s", 7) == "Booting worker with pid: 7"


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    """A real server with a small soft limit on open files, behind one proxy, with short timeouts."""
    limited = ["sh", "-c", f"ulimit -Sn 64; exec {sys.executable} -m dagvandebuurt.serve"]
    with serve(
        tmp_path_factory.mktemp("edge"), command=limited, TRUSTED_PROXIES="1", BODY_SECONDS="1",
        SOCKETS_PER_NETWORK="3",
    ) as house:  # fmt: skip
        yield house


def talk(house, request, *, wait=20.0):
    """The response on a connection of its own, to its end or for `wait` seconds."""
    host, port = house.url.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), timeout=wait)) as line:
        line.sendall(request)
        got = b""
        while piece := line.recv(65536):
            got += piece
        return got.decode(errors="replace")


def test_a13_idle_connections_beyond_the_soft_file_limit_are_served(edge):
    host, port = edge.url.removeprefix("http://").split(":")
    idle = [socket.create_connection((host, int(port)), timeout=5) for _ in range(120)]
    try:
        for line in idle:
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Half: ")
        answer = talk(edge, b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    finally:
        for line in idle:
            line.close()

    assert "200 OK" in answer
    files = int(answer.split("open files: ")[1].split()[0])
    assert files > 64  # it was raised, and is reported
    assert ("may open" in answer) == (files < 4096)


def test_a4_over_tcp_an_endless_body_gets_408_and_a_close(edge):
    head = (
        b"POST /inloggen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 5000\r\n\r\nemail=noor"
    )
    began = time.monotonic()

    answer = talk(edge, head)

    assert answer.startswith("HTTP/1.1 408"), answer[:100]
    assert "Het versturen duurde te lang" in answer
    assert 1 < time.monotonic() - began < 15


def test_a10_client_forwarding_headers_are_ignored(edge):
    asked = b"GET /x/metrics HTTP/1.1\r\nHost: localhost\r\nSCRIPT_NAME: /x\r\nScript-Name: /x\r\nConnection: close\r\n\r\n"
    assert talk(edge, asked).startswith("HTTP/1.1 404")
    asked = (
        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 127.0.0.1\r\nConnection: close\r\n\r\n"
    )
    assert talk(edge, asked).startswith("HTTP/1.1 404")
    asked = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Ssl: on\r\nX-Forwarded-Protocol: ssl\r\nConnection: close\r\n\r\n"
    assert "Strict-Transport-Security" not in talk(edge, asked)
    asked = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    assert "Strict-Transport-Security" in talk(edge, asked)  # the declared proxy may


def test_a30_over_tcp_connections_are_limited_per_network(edge):
    def handshake(address):
        host, port = edge.url.removeprefix("http://").split(":")
        line = socket.create_connection((host, int(port)), timeout=20)
        line.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        return line, line.recv(1000).split(b"\r\n")[0]

    lines = [handshake(f"2001:db8:0:7::{number}") for number in range(4)] + [handshake("2001:db8:0:8::1")]

    assert [status.split()[1] for _, status in lines] == [b"101"] * 3 + [b"429", b"101"]
    for line, _ in lines:
        line.close()


def test_the_administrator_of_the_demo_is_the_one_that_is_refused():
    assert id_of("u-beheer") == DEMO_ADMIN_ID
    assert list(DEMO_DOORS.values()) == [
        id_of(f"u-{who}") for who in ("deelnemer3", "gastheer", "organisator")
    ]
