"""What goes wrong on the evening that somebody sets this up: a sentence each time, and nothing half done."""

import os
import resource
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from flask import Flask

from dagvandebuurt import cli
from dagvandebuurt.core import bind_check, file_modes
from dagvandebuurt.parts.link_check import check_link
from dagvandebuurt.parts.mail.transports import Unreachable, transport_of
from dagvandebuurt.settings import known_settings, load_installed
from dagvandebuurt.setup import checks, env_file, installation
from tests.conftest import ROOT, TEST_KEY
from tests.deploy.proxy import certificate
from tests.servers import Letterbox

ADDRESS = {"HOST": "127.0.0.1", "PORT": 0}


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder with a space in its name, and no setting in the environment."""
    for name in known_settings():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DVB_ENV", "")
    folder = tmp_path / "mijn site"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*words, typed=""):
    return CliRunner().invoke(cli.main, list(words), input=typed)


@pytest.fixture
def quick(monkeypatch):
    """A set-up that writes the settings and leaves the database for later: seconds less."""
    monkeypatch.setattr(installation, "migrate", lambda _app: None)
    monkeypatch.setattr(installation, "announcement", lambda _app: "")
    monkeypatch.setattr(installation, "_say_what_is_wrong", lambda: None)


@contextmanager
def full_disk(most):
    """No file may grow beyond `most` bytes in this process."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.fixture
def a_port():
    """A port on which somebody listens already."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        yield other.getsockname()[1]


@pytest.mark.parametrize(("letter", "instead"), [("$", "%24"), ('"', "%22"), ("\\", "%5C"), ("`", "%60")])
def test_a_password_that_the_file_cannot_hold_is_asked_again_with_what_to_type(empty, quick, letter, instead):
    wrong = f"smtps://u:a{letter}b@mail.example.org"

    done = run("setup", "--browser", typed="\n".join(["", "", wrong, "", "", ""]))
    refused = run("setup", "--no-input", "--env-file", "b.env", "--smtp-url", wrong)

    assert done.exit_code == 0, done.output
    assert f"write {instead} in place of {letter}" in done.output
    assert refused.exit_code == 1
    assert f"SMTP_URL: write {instead}" in refused.output
    assert not (empty / "b.env").exists()


def test_a_disk_that_is_full_before_the_database_leaves_nothing_and_says_so(empty, monkeypatch):
    with full_disk(65_536):
        full = run("setup", "--no-input")

    assert full.exit_code == 1
    assert "the database could not be made" in full.output
    assert "Nothing was kept" in full.output
    assert isinstance(full.exception, SystemExit)  # a sentence, no traceback
    assert [path for path in empty.rglob("*") if path.suffix in (".env", ".db")] == []
    monkeypatch.setattr(installation, "migrate", lambda _app: None)
    assert run("setup", "--no-input").exit_code == 0  # nothing stands in the way of the next try


def test_a_disk_that_is_full_at_the_settings_leaves_nothing(empty):
    with full_disk(0):
        full = run("setup", "--no-input")

    assert full.exit_code == 1
    assert "dagvandebuurt.env could not be written" in full.output
    assert [path for path in empty.rglob("*") if path.is_file()] == []


def test_of_two_set_ups_at_once_the_slower_is_told_and_changes_nothing(empty, monkeypatch):
    asked = installation.ask

    def ask(*given, **how):
        env_file.write(Path("dagvandebuurt.env"), {"SECRET_KEY": TEST_KEY}, known_settings())
        return asked(*given, **how)

    monkeypatch.setattr(installation, "ask", ask)

    slower = run("setup", "--no-input")

    assert slower.exit_code == 1
    assert "another set-up was faster" in slower.output
    assert load_installed({})["SECRET_KEY"] == TEST_KEY
    assert not list(empty.rglob("*.db"))


def test_a_path_with_a_space_is_printed_so_that_it_can_be_typed(empty, quick):
    done = run("setup", "--no-input", "--env-file", str(empty / "dag.env"))

    assert done.exit_code == 0, done.output
    assert f"DVB_ENV='{empty}/dag.env' dagvandebuurt serve" in done.output


def test_the_command_works_in_a_path_with_a_space(tmp_path):
    checkout = tmp_path / "mijn buurt"
    binaries = checkout / ".venv/bin"
    binaries.mkdir(parents=True)
    python = binaries / "python"  # one whose site-packages are the test's own
    python.write_text(
        f'#!/bin/sh\nif [ "$1" = -c ]; then echo "{tmp_path}"; else exec "{sys.executable}" "$@"; fi\n'
    )
    python.chmod(0o755)
    subprocess.run(["sh", ROOT / "tools/link.sh"], cwd=checkout, check=True)

    said = subprocess.run(
        [binaries / "dagvandebuurt", "migrate", "--help"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (tmp_path / "dagvandebuurt.pth").read_text() == f"{checkout}\n"
    assert said.returncode == 0, said.stderr
    assert "Usage: dagvandebuurt migrate" in said.stdout


def test_a_port_in_use_is_said_with_what_to_do(a_port, monkeypatch):
    for name in bind_check.INHERITED:
        monkeypatch.delenv(name, raising=False)

    said = bind_check.refusal({**ADDRESS, "PORT": a_port}, tries=1)

    assert f"Port {a_port} of 127.0.0.1 is in use by another program" in said
    assert f"PORT={a_port + 1}" in said
    assert bind_check.refusal(ADDRESS, tries=1) is None
    monkeypatch.setenv("LISTEN_FDS", "1")  # systemd holds it for us
    assert bind_check.refusal({**ADDRESS, "PORT": a_port}, tries=1) is None


@pytest.mark.parametrize("host", ["2001:db8::1", "[2001:db8::1]", "192.0.2.1"])
def test_an_address_that_this_machine_does_not_have_is_said(host, monkeypatch):
    """As on a machine without IPv6."""
    for name in bind_check.INHERITED:
        monkeypatch.delenv(name, raising=False)

    said = bind_check.refusal({"HOST": host, "PORT": 0})

    assert said.startswith(f"HOST {host.strip('[]')} and PORT 0 cannot be used: ")


def test_the_demo_looks_at_its_port_before_it_touches_anything(empty, a_port, monkeypatch):
    monkeypatch.setenv("PORT", str(a_port))
    monkeypatch.setenv("DVB_DEMO", "1")

    done = run("demo")

    assert done.exit_code == 1
    assert "is in use by another program" in done.output
    assert not list(empty.rglob("*.db"))


def test_root_does_not_write_where_the_data_is_anothers(empty, monkeypatch):
    folder = empty / "instance"
    folder.mkdir()
    env_file.write(Path("dagvandebuurt.env"), {"SECRET_KEY": TEST_KEY}, known_settings())
    owner = os.geteuid() or 65534
    if os.geteuid() == 0:
        os.chown(folder, owner, -1)
    monkeypatch.setattr(file_modes.os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "argv", ["/usr/local/bin/dagvandebuurt", "check", "--mail-to", "a b@x.example"])

    for command in ("check", "migrate", "backup"):
        done = run(command, *([str(empty / "b")] if command == "backup" else []))
        assert done.exit_code == 1
        assert "Run this as " in done.output
        assert "-- dagvandebuurt check --mail-to 'a b@x.example'" in done.output
    assert not (empty / "b").exists()


def test_a_folder_that_may_not_be_looked_into_holds_no_settings(monkeypatch):
    """`runuser -u dagvandebuurt -- dagvandebuurt check`, typed in the folder of root."""

    def is_file(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", is_file)

    assert env_file.find({}) is None


def bare(settings):
    """Return the context of an app that has these settings and nothing else."""
    app = Flask(__name__)
    app.config.update(settings)
    return app.app_context()


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    """A certificate that no authority of the world signed, as behind a company's own."""
    folder = tmp_path_factory.mktemp("company")
    certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "fullchain.pem", folder / "privkey.pem")
    return folder / "fullchain.pem", context


def test_mail_goes_to_a_server_with_a_companys_own_certificate(secured, monkeypatch):
    """IMAP does as well: tests/parts/test_bounces.py reads a mailbox that is trusted in the same way."""
    trusted, context = secured
    box = Letterbox()
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        box.port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=box.port, ssl_context=context)
    server.start()
    settings = {
        "SMTP_URL": f"smtps://localhost:{box.port}",
        "PUBLIC_URL": "https://dag.example.org",
        "MAIL_ONLY_TO": None,
    }
    try:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        stranger = transport_of(settings)
        with pytest.raises(Unreachable, match="CertVerification"):
            stranger.connect()
        stranger.close()
        with bare(settings):
            assert "update-ca-certificates" in next(checks._smtp()).sentence
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        known = transport_of(settings)
        known.send("dag@example.org", "roos@example.org", b"Subject: Hallo\r\n\r\nDag\r\n")
        known.close()
    finally:
        server.stop(no_assert=True)
    assert box.recipients == [["roos@example.org"]]


def test_a_link_is_looked_at_behind_a_companys_own_certificate(secured, monkeypatch):
    trusted, context = secured

    def ask():
        with closing(socket.create_server(("127.0.0.1", 0))) as site:

            def serve():
                caller, _ = site.accept()
                try:
                    with context.wrap_socket(caller, server_side=True) as safe:
                        safe.recv(65_536)
                        safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                except OSError:
                    caller.close()

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            found = check_link(
                "https://localhost/",
                resolve=lambda _host, _port: ["1.1.1.1"],
                dial=lambda _address, _port, seconds: socket.create_connection(site.getsockname(), timeout=seconds),
            )  # fmt: skip
            thread.join(20)
            return found

    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert ask().answers is False
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    assert ask().answers
