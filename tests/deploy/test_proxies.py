"""nginx and Caddy, started with the files of deploy/, in front of a real server."""

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import websocket

from tests.deploy.proxy import DEPLOY, certificate, nginx_binary, nginx_file, running
from tests.served import free_port, serve


def trusting():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Site:
    """What a browser sees."""

    def __init__(self, port, *, is_https, house):
        self.port, self.is_https, self.house = port, is_https, house
        self.url = f"{'https' if is_https else 'http'}://localhost:{port}"

    def get(self, path, *, method="GET", **headers):
        kind = http.client.HTTPSConnection if self.is_https else http.client.HTTPConnection
        how = {"context": trusting()} if self.is_https else {}
        with closing(kind("localhost", self.port, timeout=30, **how)) as line:
            line.request(method, path, headers=headers)
            answer = line.getresponse()
            return answer, answer.read().decode()

    def is_up(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True

    def socket(self, origin):
        return websocket.create_connection(
            f"{self.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket",
            origin=origin,
            timeout=30,
            sslopt={"cert_reqs": ssl.CERT_NONE, "check_hostname": False} if self.is_https else None,
        )


class Heard(BaseHTTPRequestHandler):
    """What stands in for a rehearsal: it says which headers it got."""

    def do_GET(self):
        said = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_said):
        pass


@pytest.fixture(scope="module")
def rehearsal():
    """The port of a rehearsal."""
    server = HTTPServer(("127.0.0.1", 0), Heard)
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def nginx(tmp_path_factory, rehearsal):
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    plain, port = free_port(), free_port()
    settings = {"PUBLIC_URL": f"https://localhost:{port}", "TRUSTED_PROXIES": "1"}
    with serve(tmp_path_factory.mktemp("house"), **settings) as house:
        certificate(folder)
        upstream = int(house.environ["PORT"])
        path = nginx_file(folder, http=plain, https=port, upstreams=[upstream], rehearsal=rehearsal)
        command = [nginx_binary(), "-c", path, "-e", folder / "error.log"]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        site = Site(port, is_https=True, house=house)
        site.plain, site.folder = plain, folder
        with running(command, folder, site.is_up):
            yield site


@pytest.fixture(scope="module")
def caddy(nginx, rehearsal, tmp_path_factory):
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("no Caddy here")
    folder = tmp_path_factory.mktemp("caddy")
    text = (DEPLOY / "Caddyfile").read_text()
    assert "\n\tservers {" in text
    text = text.replace("\n\tservers {", "\n\tadmin off\n\tauto_https off\n\tservers {", 1)
    (folder / "Caddyfile").write_text(text)
    site = Site(free_port(), is_https=False, house=nginx.house)
    environ = {
        "HOME": str(folder), "PATH": os.environ["PATH"], "SITE_ADDRESS": f"http://localhost:{site.port}",
        "UPSTREAMS": nginx.house.url.removeprefix("http://"), "DOWN_FOLDER": str(DEPLOY / "down"),
        "REHEARSAL_ADDRESS": f"http://repetitie.localhost:{site.port}",
        "REHEARSAL_UPSTREAMS": f"127.0.0.1:{rehearsal}",
    }  # fmt: skip
    with running(
        [program, "run", "--adapter", "caddyfile", "--config", "Caddyfile"], folder, site.is_up, environ
    ):
        yield site


def test_pages_come_over_tls_and_the_plain_address_leads_there(nginx):
    answer, _ = nginx.get("/inloggen")
    assert (answer.status, answer.headers["Strict-Transport-Security"] is not None) == (200, True)
    assert answer.headers["Set-Cookie"].startswith("__Host-")

    with closing(http.client.HTTPConnection("localhost", nginx.plain, timeout=30)) as line:
        line.request("GET", "/programma?dag=1")
        answer = line.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://localhost:{nginx.plain}/programma?dag=1"


def test_the_proxy_is_counted_and_what_a_visitor_claims_is_not(nginx):
    _, page = nginx.get("/readyz", **{"X-Forwarded-For": "192.0.2.9"})

    assert "X-Forwarded-For arrives" not in page  # which it says where TRUSTED_PROXIES is too low
    assert "PUBLIC_URL is not https" not in page


@pytest.mark.parametrize("proxy", ["nginx", "caddy"])
def test_metrics_stay_behind_the_proxy(request, proxy):
    site = request.getfixturevalue(proxy)

    assert site.get("/metrics")[0].status == 404
    assert site.get("/healthz")[1] == "ok\n"


@pytest.mark.parametrize("proxy", ["nginx", "caddy"])
def test_a_rehearsal_is_reached_by_its_own_name(request, proxy):
    site = request.getfixturevalue(proxy)
    name = f"repetitie.localhost:{site.port}"

    answer, said = site.get("/", Host=name, **{"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Host": "evil"})
    heard = json.loads(said)

    assert answer.status == 200
    assert (heard["host"], heard["x-forwarded-host"]) == (name, name)
    assert heard["x-forwarded-for"] == "127.0.0.1"
    assert heard["x-forwarded-proto"] == ("https" if proxy == "nginx" else "http")
    assert heard["x-request-id"]
    assert site.get("/metrics", Host=name)[0].status == 404
    assert site.get("/healthz")[1] == "ok\n"  # the site is still itself


def test_a_live_connection_passes_and_one_from_elsewhere_does_not(nginx):
    with closing(nginx.socket(nginx.url)) as line:
        opened = line.recv()
        assert opened.startswith("0")
        assert "pingInterval" in json.loads(opened[1:])
    for other in ("https://evil.example", "https://localhost"):  # the port is part of an origin
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            nginx.socket(other)
        assert refused.value.status_code == 400


def test_a_body_that_is_too_large_is_refused_by_the_proxy(nginx):
    answer, _ = nginx.get("/inloggen", method="POST", **{"Content-Length": str(10_000_000)})

    assert answer.status == 413


@pytest.mark.parametrize("proxy", ["nginx", "caddy"])
def test_a_page_is_shown_while_the_server_is_down_and_goes_when_it_is_back(request, proxy):
    site = request.getfixturevalue(proxy)
    site.house.end()
    try:
        asked = [("/inloggen", "POST"), ("/programma", "GET"), ("/readyz", "GET")]
        for path, method in asked if proxy == "nginx" else asked[:1]:  # Caddy waits 5 seconds for a restart
            answer, page = site.get(path, method=method, **{"Content-Length": "0"})
            assert answer.status == 503
            assert answer.headers["Retry-After"] == "15"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Content-Type"].startswith("text/html")
            assert "We zijn er zo weer" in page
    finally:
        site.house.start()

    answer, page = site.get("/")
    assert (answer.status, "We zijn er zo weer" in page) == (200, False)
    if proxy == "nginx":
        assert site.get("/down/index.html")[0].status == 404


def test_the_proxy_writes_down_nobody(nginx):
    nginx.get("/link/een-geheim-van-iemand")
    log = "".join((nginx.folder / name).read_text() for name in ("error.log", "proxy.log"))

    assert "127.0.0.1" not in log
    assert "geheim" not in log


def test_an_error_of_the_service_passes_unchanged(nginx):
    answer, page = nginx.get("/bestaat-niet")

    assert answer.status == 404
    assert "We zijn er zo weer" not in page
