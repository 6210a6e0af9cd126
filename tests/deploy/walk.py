"""The whole installation, in network namespaces: `make deployed`. As root, on Linux.

Three services with PostgreSQL and Redis in one network, nginx with `deploy/nginx.conf` in a second, two people
with Chromium in a third, who reach nothing but nginx. A name of its own, ports 80 and 443, TLS.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from dagvandebuurt.core.db import close_reserved, db
from tests.deploy.proxy import DEPLOY, certificate, nginx_binary, running
from tests.served import ROOT, TEST_KEY, Served, free_port
from tests.servers import running_postgres, running_redis
from tests.visitors import house_of, live_session, visitors

NAME = "dag.example.org"
INSIDE, TO_PROXY, OUTSIDE, VISITOR = "10.213.1.1", "10.213.1.2", "10.213.2.1", "10.213.2.2"
SERVICES = 3
FIELD = "Schrijf hier je vraag, idee of signaal"
LONG = 60_000  # milliseconds


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextmanager
def networks() -> Iterator[tuple[str, str]]:
    """Two namespaces: services - proxy - visitors. Nothing leads further."""
    mark = f"{os.getpid() % 100_000}"
    proxy, people = f"dvb-p{mark}", f"dvb-v{mark}"
    inner, outer = f"dvbi{mark}", f"dvbo{mark}"
    try:
        for space in (proxy, people):
            ip("netns", "add", space)
            ip("-n", space, "link", "set", "lo", "up")
        ip("link", "add", inner, "type", "veth", "peer", "name", "inner", "netns", proxy)
        ip("addr", "add", f"{INSIDE}/24", "dev", inner)
        ip("link", "set", inner, "up")
        ip("-n", proxy, "addr", "add", f"{TO_PROXY}/24", "dev", "inner")
        ip("-n", proxy, "link", "set", "inner", "up")
        ip("-n", proxy, "link", "add", outer, "type", "veth", "peer", "name", "outer", "netns", people)
        ip("-n", proxy, "addr", "add", f"{OUTSIDE}/24", "dev", outer)
        ip("-n", proxy, "link", "set", outer, "up")
        ip("-n", people, "addr", "add", f"{VISITOR}/24", "dev", "outer")
        ip("-n", people, "link", "set", "outer", "up")
        yield proxy, people
    finally:
        for space in (people, proxy):
            subprocess.run(["ip", "netns", "del", space], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", inner], check=False, capture_output=True)


@contextmanager
def services(folder: Path, database: str, redis: str) -> Iterator[list[Served]]:
    """Migrate, and start three services that share a database and a folder."""
    environ = {
        **os.environ, "DATABASE_URL": database, "REDIS_URL": redis, "DATA_FOLDER": str(folder / "data"),
        "SECRET_KEY": TEST_KEY, "PUBLIC_URL": f"https://{NAME}", "TRUSTED_PROXIES": "1", "HOST": INSIDE,
        "LOG_FORMAT": "json", "ALLOWED_HOSTS": INSIDE, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    run = [sys.executable, "-m", "dagvandebuurt.cli"]
    subprocess.run([*run, "migrate"], env=environ, cwd=ROOT, check=True, capture_output=True)
    found = []
    try:
        for number in range(SERVICES):
            own = folder / str(number)
            own.mkdir()
            port = free_port()
            served = Served(own, f"http://{INSIDE}:{port}", environ | {"PORT": str(port)}, [*run, "serve"])
            served.start()
            found.append(served)
        yield found
    finally:
        for served in found:
            served.end()


def nginx_configuration(folder: Path, ports: list[int]) -> Path:
    """Write deploy/nginx.conf as an operator would, and with files of this test."""
    text = (DEPLOY / "nginx.conf").read_text()
    upstreams = "\n".join(f"        server {INSIDE}:{port} max_fails=0;" for port in ports)
    for old, new in (
        ("user www-data;\n", "user root;\ndaemon off;\n"),
        ("/run/nginx.pid", f"{folder}/nginx.pid"),
        ("/var/log/nginx/error.log", f"{folder}/error.log"),
        (f"/etc/letsencrypt/live/{NAME}/", f"{folder}/"),
        ("root /etc/dagvandebuurt;", f"root {DEPLOY};"),
        ("        server 127.0.0.1:5000 max_fails=0;", upstreams),
    ):
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


def chromium_in(space: str, folder: Path) -> Path:
    """A program that starts Chromium in the visitors' network."""
    found = os.environ.get("DVB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("no Chromium here: run `sh tools/test_needs.sh`")
    path = folder / "chromium"
    path.write_text(f'#!/bin/sh\nexec ip netns exec {space} {found} "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def come_in(context: BrowserContext, cookie: str, path: str) -> Page:
    """Open a page as somebody who is logged in."""
    value = cookie.partition("=")[2]
    context.add_cookies(
        [{"name": "__Host-dvb", "value": value, "url": f"https://{NAME}/", "secure": True, "httpOnly": True}]
    )
    page = context.new_page()
    page.set_default_timeout(LONG)
    page.goto(f"https://{NAME}{path}")
    return page


def served_by(services: list[Served]) -> list[float]:
    """How many live connections each service has."""
    counts = []
    for served in services:
        asked = [
            "curl",
            "-s",
            "--max-time",
            "10",
            "-H",
            "Authorization: Bearer " + TEST_KEY,
            f"{served.url}/metrics",
        ]
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        match = re.search(r"^dvb_live_sockets (\S+)$", said, re.MULTILINE)
        counts.append(float(match[1]) if match else -1.0)
    return counts


def walk(folder: Path) -> None:
    began = time.monotonic()

    def say(done: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {done}", flush=True)

    with ExitStack() as stack:
        proxy_space, people_space = stack.enter_context(networks())
        say("three networks")
        database = stack.enter_context(running_postgres())
        redis = stack.enter_context(running_redis())
        os.environ["METRICS_TOKEN"] = TEST_KEY
        found = stack.enter_context(services(folder, database.url, redis.url))
        say(f"{len(found)} services with PostgreSQL and Redis")
        certificate(folder)
        path = nginx_configuration(folder, [int(each.environ["PORT"]) for each in found])
        inside = ["ip", "netns", "exec", proxy_space]
        command = [*inside, nginx_binary(), "-c", path, "-e", folder / "error.log"]
        subprocess.run([*command, "-t"], check=True, capture_output=True)
        curl = ["curl", "-sk", "--max-time", "20", "--resolve", f"{NAME}:443:{OUTSIDE}"]
        visit = ["ip", "netns", "exec", people_space, *curl]

        def status(*words: str) -> str:
            asked = [*visit, "-o", "/dev/null", "-w", "%{http_code}", *words]
            return subprocess.run(asked, capture_output=True, text=True, check=False).stdout

        nginx = stack.enter_context(
            running(command, folder, lambda: status(f"https://{NAME}/healthz") == "200")
        )
        assert nginx.poll() is None
        say("nginx, with the file of deploy/")
        assert status(f"https://{NAME}/metrics", "-H", f"Authorization: Bearer {TEST_KEY}") == "404"
        directly = [
            "ip",
            "netns",
            "exec",
            people_space,
            "curl",
            "-s",
            "--max-time",
            "3",
            f"{found[0].url}/healthz",
        ]
        assert subprocess.run(directly, capture_output=True, check=False).returncode != 0
        say("visitors reach nginx and nothing behind it")

        app = house_of(folder / "data", found[0].environ)
        room = live_session(app)
        crowd = visitors(app, 2)
        with app.app_context():
            slug = db.session.execute(
                db.text("SELECT slug FROM programme_session WHERE id = :id"), {"id": room}
            ).scalar_one()
            db.session.remove()
            db.engine.dispose()
            close_reserved(app)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=chromium_in(people_space, folder),
            args=["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {NAME} {OUTSIDE}"],
        )
        stack.enter_context(closing(browser))
        sizes = ({"width": 320, "height": 640}, {"width": 1280, "height": 900})
        contexts = [
            browser.new_context(ignore_https_errors=True, viewport=size, locale="nl-NL") for size in sizes
        ]
        live = f"/sessies/{slug}/live"
        pages = [come_in(each, person.cookie, live) for each, person in zip(contexts, crowd, strict=True)]
        text = "Komt er een bankje op de hoek?"
        for page in pages:
            expect(page.get_by_label(FIELD)).to_be_visible(timeout=LONG)
        deadline = time.monotonic() + 60
        while sum(counts := served_by(found)) < 2:
            assert time.monotonic() < deadline, counts
            time.sleep(0.5)
        say(
            f"two people are in the room over WebSockets through nginx; connections at each service: {counts}"
        )
        asker = pages[0]
        asker.get_by_label(FIELD).fill(text)
        asker.get_by_role("button", name=re.compile("^Stuur")).click()
        mine = asker.locator("[data-mine-list] li").filter(has_text=text)
        expect(mine).to_be_visible(timeout=LONG)
        say("a question was asked on a phone and acknowledged")

        for served in found:
            served.end()
        assert status(f"https://{NAME}/programma") == "503"
        shown = contexts[1].new_page()
        shown.goto(f"https://{NAME}/programma")
        expect(shown.get_by_role("heading", name="We zijn er zo weer")).to_be_visible(timeout=LONG)
        say("all services were killed: the page of nginx")
        for served in found:
            served.start()
        deadline = time.monotonic() + 120
        while sum(counts := served_by(found)) < 2:
            assert time.monotonic() < deadline, counts
            time.sleep(0.5)
        shown.get_by_role("link", name="Probeer het opnieuw").click()
        expect(shown.get_by_role("heading", name="We zijn er zo weer")).to_have_count(0, timeout=LONG)
        asker.reload()
        asker.get_by_text("Wat jij vroeg").click()  # folded after a reload
        expect(asker.locator("[data-mine-list] li").filter(has_text=text)).to_be_visible(timeout=LONG)
        say("they are back: both pages connected again by themselves, and the question is there")
        logs = "".join((served.folder / "server.log").read_text() for served in found)
        logs += (folder / "error.log").read_text()
        for address in (VISITOR, TO_PROXY, text):
            assert address not in logs, address
        say("no log names a visitor's address or a question")


def main() -> int:
    if os.geteuid() or shutil.which("ip") is None:
        print("This needs root and `ip` (iproute2): it makes networks.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="dvb-deployed-") as folder:
        Path(folder).chmod(0o755)
        walk(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
