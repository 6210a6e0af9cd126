"""A bare Debian 12 on this machine: debootstrap, booted with its own systemd by systemd-nspawn.

Its network is a cable to this machine and leads nowhere else. What is fetched from package archives goes by this
machine's own network and with its settings of apt and pip, which are read here and are in no file of the project.
"""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

RELEASE = "bookworm"
HERE, THERE = "10.213.7.1", "10.213.7.2"  # the two ends of the cable
# systemd-sysv: a machine that is bought boots; debootstrap's smallest one has no init.
PACKAGES = "systemd-sysv,dbus"
CACHE_DAYS = 30
FETCH_ATTEMPTS = 3  # debootstrap ends at one package of a hundred that did not come
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
FETCHES = re.compile(r"^(apt-get|\S+/pip) ")  # what goes by this machine's network
BOOT_SECONDS = 120


class NotHere(RuntimeError):
    """This machine cannot do it; the message says what to type."""


def needed() -> None:
    """Raise NotHere unless this machine can make and boot another."""
    if os.geteuid():
        raise NotHere("This makes a machine and networks: run it as root.")
    for program, package in (
        ("debootstrap", "debootstrap"), ("systemd-nspawn", "systemd-container"), ("nsenter", "util-linux"),
        ("ip", "iproute2"), ("openssl", "openssl"),
    ):  # fmt: skip
        if shutil.which(program) is None:
            raise NotHere(f"There is no {program} here. Type: apt-get install {package}")


def _archives() -> list[tuple[str, str]]:
    """Where this machine's apt finds Debian: (address, suite), as apt itself says."""
    said = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"],
        capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    lines = dict.fromkeys(tuple(line.split()) for line in said.splitlines() if len(line.split()) == 3)
    return [
        (where, suite) for where, suite, part in lines if part == "main" and suite.split("-")[0] == RELEASE
    ]


def _base(cache: Path) -> Path:
    """Return an archive of the bare Debian, made anew when it is old."""
    path = cache / f"{RELEASE}.tar"
    if path.exists() and time.time() - path.stat().st_mtime < CACHE_DAYS * 86400:
        return path
    archive = next((where for where, suite in _archives() if suite == RELEASE), None)
    if archive is None:
        raise NotHere(f"apt knows no archive of Debian {RELEASE} here. Type: apt-get update")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        root = Path(scratch, "root")
        command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", RELEASE, root, archive]
        for _attempt in range(FETCH_ATTEMPTS):
            shutil.rmtree(root, ignore_errors=True)
            made = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
            )
            if not made.returncode:
                break
        if made.returncode:
            raise NotHere(f"debootstrap could not fetch Debian from {archive}:\n{made.stdout[-2000:]}")
        whole = Path(scratch, "whole.tar")
        subprocess.run(["tar", "-C", root, "-cf", whole, "."], check=True)
        whole.replace(path)
    return path


def _apt_settings() -> str:
    """How this machine reaches archives: proxies and the like, as apt itself says."""
    said = subprocess.run(
        ["apt-config", "dump", "--no-empty", "--format", "%F \"%v\";%n"], capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    wanted = re.compile(r"Acquire::(https?::|Check-|Retries)")
    return "".join(f"{line}\n" for line in said.splitlines() if wanted.match(line))


def _pip_settings() -> tuple[str, list[Path]]:
    """The settings of this machine's pip as a file, and the folders and files that they name."""
    said = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    plain = said.stdout if said.returncode == 0 else ""
    if not plain and (pip := shutil.which("pip")):
        plain = subprocess.run([pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    read = configparser.ConfigParser(interpolation=None)
    read["global"] = {}
    for line in plain.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if section in ("global", "install") and key not in ("cert", "target", "user", "require-virtualenv"):
            read["global"][key] = shlex.split(value)[0] if value else ""
    paths = [
        Path(word.removeprefix("file://"))
        for value in read["global"].values()
        for word in value.split()
        if word.startswith(("/", "file:///"))
    ]
    text = "".join(f"{key} = {value}\n" for key, value in read["global"].items())
    return f"[global]\n{text}", [path for path in dict.fromkeys(_roots(paths)) if path.exists()]


def _roots(paths: list[Path]) -> Iterator[Path]:
    """An index of simple pages leads to files beside it."""
    for path in paths:
        yield path.parent if path.name == "simple" else path


@dataclass
class Machine:
    """The running Debian. `said` is everything its commands printed."""

    root: Path
    space: str
    binds: list[Path] = field(default_factory=list)
    process: subprocess.Popen | None = None
    leader: int = 0
    said: list[str] = field(default_factory=list)

    def boot(self) -> None:
        """Start systemd as its first process and wait until it is up."""
        command = [
            "systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--machine=dag",
            "--directory", self.root, f"--network-namespace-path=/run/netns/{self.space}",
            "--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=pipe",
            *(f"--bind-ro={path}" for path in self.binds),
        ]  # fmt: skip
        log = (self.root.parent / "boot.log").open("w")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        log.close()
        deadline = time.monotonic() + BOOT_SECONDS
        while True:
            with suppress(OSError, subprocess.CalledProcessError, ValueError):
                self.leader = self._first_process()
                state = self.run("systemctl is-system-running || true").strip().splitlines()[-1:]
                if state in (["running"], ["degraded"]):
                    return
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = (self.root.parent / "boot.log").read_text(errors="replace")
                raise NotHere(f"systemd-nspawn could not boot a Debian here:\n{said[-2000:]}")
            time.sleep(0.2)

    def _first_process(self) -> int:
        assert self.process is not None
        mine = self.process.pid
        children = Path(f"/proc/{mine}/task/{mine}/children").read_text().split()
        for child in map(int, children):
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return child
        raise ProcessLookupError("not yet")

    def run(self, command: str, *, typed: str = "", folder: str = "/root", fetches: bool = False) -> str:
        """Run a command of the page as root. Return what it printed; raise CalledProcessError with that."""
        spaces = ["--mount", "--uts", "--ipc", "--pid", *([] if fetches else ["--net"])]
        environ = {
            "HOME": "/root", "USER": "root", "LANG": "C.UTF-8", "TERM": "dumb",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            **(_ways_out() if fetches else {}),
        }  # fmt: skip
        words = ["nsenter", "--target", str(self.leader), *spaces, "--root", f"--wdns={folder}"]
        given = ["env", "-i", *(f"{name}={value}" for name, value in environ.items())]
        done = subprocess.run(
            [*words, *given, "bash", "-c", command],
            input=typed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
        self.said.append(f"# {command}\n{done.stdout}")
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout)
        return done.stdout

    def stop(self) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            if self.leader:
                os.kill(self.leader, 9)  # of a process-id namespace the first: all end with it
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


def _ways_out() -> Mapping[str, str]:
    """Variables of this machine that say how packages are fetched; never where the project's own is."""
    found = {
        name: value
        for name, value in os.environ.items()
        if name.lower().endswith("_proxy") or (name.startswith("PIP_") and name != "PIP_CONFIG_FILE")
    }
    return found | ({"PIP_CERT": "/run/certificates-of-the-machine"} if CERTIFICATES.exists() else {})


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextmanager
def _cable() -> Iterator[str]:
    """A network of its own for the machine, with one cable to here."""
    mark = f"{os.getpid() % 100_000}"
    space, end = f"dvb-f{mark}", f"dvbf{mark}"
    try:
        _ip("netns", "add", space)
        _ip("-n", space, "link", "set", "lo", "up")
        _ip("link", "add", end, "type", "veth", "peer", "name", "host0", "netns", space)
        _ip("addr", "add", f"{HERE}/24", "dev", end)
        _ip("link", "set", end, "up")
        _ip("-n", space, "addr", "add", f"{THERE}/24", "dev", "host0")
        _ip("-n", space, "link", "set", "host0", "up")
        yield space
    finally:
        subprocess.run(["ip", "netns", "del", space], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", end], check=False, capture_output=True)


@contextmanager
def debian(folder: Path, names: list[str], cache: Path) -> Iterator[Machine]:
    """Boot a bare Debian in `folder`. `names` are this machine's there, but for the first, which is its own."""
    needed()
    base = _base(cache)
    root = folder / "root"
    root.mkdir()
    subprocess.run(["tar", "-C", root, "-xf", base], check=True)
    own, *others = names
    hosts = Path("/etc/hosts").read_text()
    (root / "etc/hosts").write_text(
        f"127.0.0.1 localhost\n{THERE} {own}\n{HERE} {' '.join(others)}\n"
        + "".join(f"{line}\n" for line in hosts.splitlines() if "localhost" not in line)
    )
    (root / "etc/hostname").write_text("dag\n")
    with suppress(OSError):
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    archives = "".join(f"deb {where} {suite} main\n" for where, suite in _archives())
    (root / "etc/apt/sources.list").write_text(archives)
    (root / "etc/apt/apt.conf.d/99machine").write_text(_apt_settings())
    pip, paths = _pip_settings()
    (root / "etc/pip.conf").write_text(pip)
    with _cable() as space:
        machine = Machine(root, space, paths)
        if CERTIFICATES.exists():
            shutil.copy(CERTIFICATES, root / "certificates-of-the-machine")
        try:
            machine.boot()
            if CERTIFICATES.exists():
                machine.run("mv /certificates-of-the-machine /run/")
            yield machine
        finally:
            machine.stop()
