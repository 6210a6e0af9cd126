"""deploy/upgrade.sh, with stand-ins for systemd, pip and the two releases: what it does, and what it undoes."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from dagvandebuurt import cli
from dagvandebuurt.frontdoor import releases
from tests.conftest import ROOT
from tests.served import free_port

# Serves /readyz of the release that `current` names, as the real service would be restarted to do.
SYSTEMCTL = """
import os, signal, subprocess, sys, time, urllib.request
root, port = os.environ["DVB_ROOT"], os.environ["TEST_PORT"]
with open(f"{root}/calls", "a") as calls:
    print(*sys.argv[1:], file=calls)
pid = f"{root}/pid"
def stop():
    if os.path.exists(pid):
        os.kill(int(open(pid).read()), signal.SIGKILL)
        os.remove(pid)
if sys.argv[2] == "dagvandebuurt-backup.service":
    sys.exit(os.path.exists(f"{root}/no-backup"))
if sys.argv[1] in ("stop", "restart"):
    stop()
if sys.argv[1] in ("start", "restart"):
    server = subprocess.Popen([sys.executable, f"{root}/server.py", os.readlink(f"{root}/current")],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    open(pid, "w").write(str(server.pid))
"""
SERVER = """
import http.server, os, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if os.path.exists(f"{os.environ['DVB_ROOT']}/{sys.argv[1]}/broken") else 200)
        self.end_headers()
http.server.ThreadingHTTPServer.allow_reuse_address = True
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["TEST_PORT"])), Answer).serve_forever()
"""
# `python -m venv FOLDER`, and in FOLDER a python that "installs", and a dagvandebuurt that "migrates".
PYTHON = """#!/bin/sh
case "$2" in
  venv)
    mkdir -p "$3/bin"; cp "$0" "$3/bin/python"
    cp "$DVB_ROOT/dagvandebuurt.sh" "$3/bin/dagvandebuurt"
    if [ -e "$DVB_ROOT/breaks" ]; then touch "$3/broken"; fi ;;
  pip) test ! -e "$DVB_ROOT/no-packages" ;;
  *) exec {python} "$@" ;;
esac
"""
COMMAND = """#!/bin/sh
echo "migrate $2" >> "$DVB_ROOT/calls"
if [ -e "$DVB_ROOT/more-than-adds" ] && [ "$2" = --additive-only ]; then exit 3; fi
test ! -e "$DVB_ROOT/no-migration"
"""


@pytest.fixture
def installed(tmp_path):
    root = tmp_path / "een map"  # with a space
    (root / "1.0.0/bin").mkdir(parents=True)
    (root / "bin").mkdir()
    (root / "current").symlink_to("1.0.0")
    systemctl = f"#!{sys.executable}\n{SYSTEMCTL}"
    for name, text in {
        "bin/systemctl": systemctl, "bin/python3": PYTHON.format(python=sys.executable), "server.py": SERVER,
        "bin/runuser": '#!/bin/sh\nshift 3\nexec "$@"\n', "dagvandebuurt.sh": COMMAND,
    }.items():  # fmt: skip
        (root / name).write_text(text)
        (root / name).chmod(0o755)
    (root / "dagvandebuurt-1.1.0-py3-none-any.whl").touch()
    (root / "run.txt").touch()
    port = free_port()
    environ = {
        **os.environ, "PATH": f"{root}/bin:{os.environ['PATH']}", "DVB_ROOT": str(root), "DVB_HOME": str(root),
        "DVB_READY": f"http://127.0.0.1:{port}/readyz", "DVB_WAIT": "3", "TEST_PORT": str(port),
        "PYTHON": str(root / "bin/python3"),
    }  # fmt: skip

    def upgrade(*flags, wheel="dagvandebuurt-1.1.0-py3-none-any.whl", wait="3"):
        for flag in flags:
            (root / flag).touch()
        done = subprocess.run(
            ["sh", ROOT / "deploy/upgrade.sh", root / wheel, root / "run.txt"],
            env=environ | {"DVB_WAIT": wait}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return SimpleNamespace(code=done.returncode, said=done.stdout + done.stderr, calls=calls())

    def calls():
        return (root / "calls").read_text().splitlines() if (root / "calls").exists() else []

    yield SimpleNamespace(root=root, upgrade=upgrade, current=lambda: os.readlink(root / "current"))
    if (root / "pid").exists():
        os.kill(int((root / "pid").read_text()), 9)


RESTART = "restart dagvandebuurt.service"
BACKUP = "start dagvandebuurt-backup.service"


def test_a_release_is_installed_backed_up_migrated_and_served(installed):
    done = installed.upgrade(wait="60")

    assert (done.code, installed.current()) == (0, "1.1.0"), done.said
    assert done.calls == [BACKUP, "migrate --additive-only", RESTART]
    assert "1.1.0 is ready" in done.said
    again = installed.upgrade(wait="60")
    assert (again.code, "runs already" in again.said) == (1, True)


def test_a_migration_that_does_more_than_add_stops_the_old_release_first(installed):
    done = installed.upgrade("more-than-adds", wait="60")

    assert (done.code, installed.current()) == (0, "1.1.0"), done.said
    assert done.calls == [
        BACKUP, "migrate --additive-only", "stop dagvandebuurt.service", "migrate ", RESTART,
    ]  # fmt: skip


def test_a_release_that_does_not_come_up_gives_way_to_the_old_one(installed):
    done = installed.upgrade("breaks")

    assert (done.code, installed.current()) == (1, "1.0.0")
    assert "1.0.0 serves again" in done.said
    assert done.calls[-2:] == [RESTART, RESTART]


def test_after_more_than_adding_the_old_release_is_not_put_back(installed):
    done = installed.upgrade("breaks", "more-than-adds", wait="1")

    assert (done.code, installed.current()) == (1, "1.1.0")
    assert "cannot serve this database" in done.said


@pytest.mark.parametrize(
    ("flag", "calls", "is_left"),
    [("no-packages", [], False), ("no-backup", [BACKUP], True), ("no-migration", [BACKUP, "migrate --additive-only"], True)],
)  # fmt: skip
def test_what_fails_before_the_change_changes_nothing(installed, flag, calls, is_left):
    done = installed.upgrade(flag)

    assert (done.code, installed.current(), done.calls) == (1, "1.0.0", calls)
    assert (installed.root / "1.1.0").exists() is is_left
    (installed.root / flag).unlink()
    assert installed.upgrade(wait="60").code == 0  # and the next try goes through


def test_a_file_that_is_no_release_is_refused(installed):
    (installed.root / "iets.whl").touch()

    for wheel in ("iets.whl", "weg.whl"):
        done = installed.upgrade(wheel=wheel)
        assert (done.code, done.calls) == (1, [])
        assert done.said.startswith("upgrade: ")


def test_the_script_reads_the_exit_status_that_migrate_gives():
    script = (ROOT / "deploy/upgrade.sh").read_text()

    assert f"\nNOT_ADDITIVE={cli.NOT_ADDITIVE}\n" in script
    head = releases.newest_migration()
    steps = releases.not_additive_since(
        next(
            each.revision
            for each in releases._scripts().walk_revisions("base", head)
            if each.down_revision is None
        )
    )
    assert len(steps) > 5
    assert releases.not_additive_since(head) == releases.not_additive_since(None) == []
    assert releases.not_additive_since(steps[-1]) == steps[:-1]
