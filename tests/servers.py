"""Real PostgreSQL, Redis, SMTP and S3 servers for tests, in temporary folders."""

import asyncio
import glob
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import psycopg
import redis
from aiosmtpd.controller import Controller


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait(is_up, process: subprocess.Popen, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the server ended at once")
        try:
            if is_up():
                return
        except Exception:
            pass
        time.sleep(0.05)
    raise RuntimeError("the server did not come up")


@dataclass
class Postgres:
    """Running PostgreSQL; `stop` and `start` are for tests of its absence."""

    folder: Path
    binaries: Path
    port: int
    as_user: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None
    durable: bool = False  # wait for the disk at every commit, as in production

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        disk = "on" if self.durable else "off"
        options = (
            f"fsync={disk}",
            "synchronous_commit=on",
            f"full_page_writes={disk}",
            "max_connections=200",
        )
        self.process = subprocess.Popen(
            [
                self.binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, "-h", "127.0.0.1",
                "-p", str(self.port), *(part for option in options for part in ("-c", option)),
            ],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.as_user,
        )  # fmt: skip
        plain = self.url.replace("postgresql+psycopg", "postgresql")
        _wait(lambda: psycopg.connect(plain, connect_timeout=1).close() is None, self.process)

    def stop(self) -> None:
        """Stop at once, as when a machine fails."""
        if self.process is not None:
            self.process.send_signal(3)
            self.process.wait(20)
            self.process = None

    def freeze(self) -> None:
        """Accept connections, and never answer."""
        self._all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._all(signal.SIGCONT)

    def _all(self, what: signal.Signals) -> None:
        assert self.process is not None
        main = self.process.pid
        for pid in (main, *map(int, Path(f"/proc/{main}/task/{main}/children").read_text().split())):
            with suppress(ProcessLookupError):
                os.kill(pid, what)


def installed_postgres() -> list[Path]:
    """Return the folders with Debian's PostgreSQL programs, oldest version first."""
    return sorted(map(Path, glob.glob("/usr/lib/postgresql/*/bin")), key=lambda path: int(path.parent.name))


def postgres_binaries() -> Path:
    """Return the folder with the programs of the newest installed PostgreSQL."""
    found = installed_postgres()
    if not found:
        raise RuntimeError("no PostgreSQL here: run `sh tools/test_needs.sh`")
    return found[-1]


def redis_binary() -> str:
    """Return the path of the installed Redis server."""
    found = shutil.which("redis-server")
    if found is None:
        raise RuntimeError("no Redis here: run `sh tools/test_needs.sh`")
    return found


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Start PostgreSQL; it refuses to run as root, so there it runs as another user."""
    folder = Path(tempfile.mkdtemp(prefix="dvb-postgres-"))
    as_user: dict = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    server = Postgres(folder, Path(), _free_port(), as_user, durable=durable)
    try:
        server.binaries = postgres_binaries()
        subprocess.run(
            [
                server.binaries / "initdb", "-D", folder / "data", "-U", "postgres", "--auth=trust",
                "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
            ],
            check=True, cwd=folder, stdout=subprocess.DEVNULL, **as_user,
        )  # fmt: skip
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """The URL of a disposable PostgreSQL."""
    with running_postgres(durable=durable) as server:
        yield server.url


@dataclass
class Redis:
    """Running Redis without persistence; `stop`, `start`, `freeze` and `thaw` are for tests."""

    folder: Path
    port: int
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                redis_binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                "--dir", self.folder,
            ],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        with redis.Redis.from_url(self.url) as client:
            _wait(client.ping, self.process)

    def stop(self) -> None:
        """kill -9, which also ends a frozen one."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def freeze(self) -> None:
        """Accept connections, and never answer."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def running_redis() -> Iterator[Redis]:
    """A disposable Redis."""
    server = Redis(Path(tempfile.mkdtemp(prefix="dvb-redis-")), _free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


@dataclass
class Letterbox:
    """Mail received by an SMTP server. `answer` is its reply to the next message; `hang` makes it silent."""

    port: int = 0
    answer: str = "250 OK"
    hang: bool = False
    slow_seconds: float = 0.0  # before it accepts
    received: list[Message] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)  # exactly as received
    recipients: list[list[str]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)  # of the envelope
    recipient_answer: str = "250 OK"  # to RCPT
    full: set[str] = field(default_factory=set)  # mailboxes that take nothing now
    callers: set = field(default_factory=set)  # one for each connection that handed over a mail
    most_at_once: int = 0  # messages under way at the same time
    _at_once: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.full:
            return "452 4.2.2 mailbox full"
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _server, session, envelope):
        self.callers.add(session.peer)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.hang:
                await asyncio.sleep(60)
            await asyncio.sleep(self.slow_seconds)
        finally:
            self._at_once -= 1
        if self.answer.startswith("250"):
            self.raw.append(envelope.original_content)
            self.received.append(message_from_bytes(envelope.content))
            self.recipients.append(list(envelope.rcpt_tos))
            self.senders.append(envelope.mail_from)
        return self.answer


@contextmanager
def smtp_server() -> Iterator[Letterbox]:
    """A real SMTP server on loopback."""
    box = Letterbox(port=_free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop(no_assert=True)


@dataclass
class ObjectStore:
    """S3 server with one bucket; it looks at keys and signatures. What is in it is gone after `stop`."""

    port: int
    key: str = ""
    secret: str = ""
    process: subprocess.Popen | None = None

    def url(self, *, key: str = "", secret: str = "", path: str = "/pictures/of the day") -> str:
        who = f"{quote(key or self.key, '')}:{quote(secret or self.secret, '')}"
        return f"s3+http://{who}@127.0.0.1:{self.port}{quote(path)}?region=us-east-1"

    def start(self) -> None:
        steps_without_keys = {"INITIAL_NO_AUTH_ACTION_COUNT": "4"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            env={**os.environ, **steps_without_keys}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _wait(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() is None, self.process)
        may = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        self._iam(Action="CreateUser", UserName="dag")
        self._iam(
            Action="PutUserPolicy", UserName="dag", PolicyName="pictures",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [may]}),
        )  # fmt: skip
        made = self._iam(Action="CreateAccessKey", UserName="dag")
        self.key, self.secret = (
            re.findall(f"<{name}>(.*?)<", made)[0] for name in ("AccessKeyId", "SecretAccessKey")
        )
        urlopen(Request(f"http://127.0.0.1:{self.port}/pictures", method="PUT")).close()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def _iam(self, **words: str) -> str:
        scope = "AWS4-HMAC-SHA256 Credential=nobody/20260101/us-east-1/iam/aws4_request"
        request = Request(
            f"http://127.0.0.1:{self.port}", data=urlencode({"Version": "2010-05-08", **words}).encode(),
            headers={"Authorization": f"{scope}, SignedHeaders=host, Signature=none"},
        )  # fmt: skip
        with urlopen(request) as answer:
            return answer.read().decode()


@contextmanager
def running_object_store() -> Iterator[ObjectStore]:
    """A disposable S3 server."""
    server = ObjectStore(_free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
