"""The files of deploy/: what they name exists, and each says what the others and the code say.

No container engine runs here: the Containerfile is held by starting exactly what it copies.
"""

import configparser
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

import config
from dagvandebuurt.core import backup_mark
from dagvandebuurt.frontdoor.releases import floor
from dagvandebuurt.setup import env_file
from tests.conftest import ROOT, TEST_KEY

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PROGRAM = "/opt/dagvandebuurt/current/bin/dagvandebuurt"
COMMENTED = re.compile(r'^# ([A-Z_]+="[^"]*")$', re.MULTILINE)


def unit(path):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # systemd's names have capitals
    parser.read(path)
    return parser


@pytest.mark.parametrize("everything", [False, True])
def test_the_example_is_a_file_that_serves(tmp_path, everything):
    text = (DEPLOY / "dagvandebuurt.env.example").read_text()
    if everything:
        text = COMMENTED.sub(r"\1", text)
    path = tmp_path / "dagvandebuurt.env"
    path.write_text(text)
    read = env_file.read(path, config.SETTINGS)

    with pytest.raises(config.Contradiction, match="SECRET_KEY"):
        config.settings(read)
    chosen = config.settings({**read, "SECRET_KEY": TEST_KEY})
    assert chosen["TRUSTED_PROXIES"] == 1
    assert chosen["PUBLIC_URL"] == "https://dag.example.org"
    if everything:
        assert chosen["JITSI_URL"] == "https://meet.example.org"
    else:
        assert set(config.SETTINGS) - set(read) > {"DATABASE_URL", "REDIS_URL", "DVB_DEMO"}


def test_commented_defaults_are_the_defaults():
    """But for those that have none, which show an example."""
    page = (ROOT / "docs/settings.md").read_text()
    with_default = set(re.findall(r"^\| `([A-Z_]+)` \| [`\d]", page, re.MULTILINE))
    text = (DEPLOY / "dagvandebuurt.env.example").read_text()

    def read(**given):
        """The settings, but for the one that tells a host named by the operator from a beginning."""
        return config.settings({"SECRET_KEY": TEST_KEY, **given}) | {"STAGE_HOSTS_PINNED": False}

    checked = 0
    for line in COMMENTED.findall(text):
        name, _, value = line.partition("=")
        if name in with_default:
            assert read(**{name: value.strip('"')}) == read(), name
            checked += 1
    assert checked > 10


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_run_a_command_that_exists_as_an_own_user(path):
    from dagvandebuurt.cli import main

    read = unit(path)
    assert read["Unit"]["Description"]
    if path.suffix != ".service":
        assert read["Install"]["WantedBy"] in ("sockets.target", "timers.target")
        assert path.with_suffix(".service").exists()
        return
    service = read["Service"]
    program, command, *_ = shlex.split(service["ExecStart"])
    assert program == PROGRAM
    assert command in main.commands or command in {"backup", "drill"}
    assert service["User"] == "dagvandebuurt"
    assert (service["StateDirectoryMode"], service["UMask"]) == ("0700", "0077")
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "true")
    assert service["Environment"] == "DVB_ENV=/etc/dagvandebuurt.env"


def test_the_service_reloads_and_may_open_enough_files():
    service = unit(DEPLOY / "systemd/dagvandebuurt.service")["Service"]

    assert service["ExecReload"] == "/bin/kill -s HUP $MAINPID"
    assert int(service["LimitNOFILE"]) >= 65536
    assert service["Restart"] == "always"


def test_the_drill_refuses_a_backup_that_is_older_than_the_warning():
    service = unit(DEPLOY / "systemd/dagvandebuurt-drill.service")["Service"]
    hours = shlex.split(service["ExecStart"])[shlex.split(service["ExecStart"]).index("--most-hours") + 1]

    assert timedelta(hours=float(hours)) == backup_mark.LATE


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text().replace(PROGRAM, "/bin/true"))
    verify = ["systemd-analyze", "--recursive-errors=no", "verify"]
    found = subprocess.run([*verify, *tmp_path.iterdir()], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stderr) == (0, "")
    wrong = tmp_path / "dagvandebuurt.service"
    wrong.write_text(wrong.read_text().replace("ProtectSystem=strict", "ProtectSystems=strict"))
    found = subprocess.run([*verify, wrong], capture_output=True, text=True, check=False)
    assert "ProtectSystems" in found.stderr


def containerfile():
    text = re.sub(r"\\\n", " ", (DEPLOY / "Containerfile").read_text())
    return [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]


def copied():
    parts = [shlex.split(rest) for word, rest in containerfile() if word == "COPY"]
    return {each[0]: each[1] for each in parts if len(each) == 2}


def test_the_image_runs_as_nobody_from_the_run_time_lock_and_says_how_it_is():
    steps = containerfile()
    words = [word for word, _ in steps]
    last = steps[len(words) - 1 - words[::-1].index("FROM") :]

    assert [rest for word, rest in last if word == "USER"] == ["10001:10001"]
    assert any("/healthz" in rest for word, rest in last if word == "HEALTHCHECK")
    assert copied().pop("requirements/run.txt") == "/tmp/run.txt"
    assert any("--require-hashes" in rest for word, rest in steps if word == "RUN")
    assert [rest for word, rest in last if word == "CMD"] == ['["dagvandebuurt", "serve"]']
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == set(copied())


def test_what_the_image_copies_is_enough_to_make_a_database_and_check_it(tmp_path):
    for source, target in copied().items():
        if target.startswith("/app/"):
            into = tmp_path / target.lstrip("/")
            into.parent.mkdir(exist_ok=True)
            into.symlink_to(ROOT / source)  # a copy, as far as an import can see
    script = tmp_path / "run.py"
    script.write_text(
        "import sys; sys.path[0] = sys.argv.pop(1)\n"
        "import dagvandebuurt.cli as cli; assert cli.__file__.startswith(sys.path[0]), cli.__file__\n"
        "cli.main()\n"
    )
    environ = {"PATH": os.environ["PATH"], "SECRET_KEY": TEST_KEY, "DATA_FOLDER": str(tmp_path / "data")}
    made = subprocess.run(
        [sys.executable, "-I", script, tmp_path / "app", "migrate"],
        env=environ, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert made.returncode == 0, made.stderr
    with closing(sqlite3.connect(tmp_path / "data/dagvandebuurt.db")) as database:
        assert database.execute("SELECT revision FROM schema_floor").fetchall() == [(floor(),)]


def test_compose_says_what_the_settings_and_the_proxy_read():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    apps = {name: each for name, each in services.items() if each.get("image") == "dagvandebuurt"}

    assert set(services) == {"migrate", "app1", "app2", "caddy", "database", "redis"}
    assert set(apps) == {"migrate", "app1", "app2"}
    for each in apps.values():
        assert set(each["environment"]) <= set(config.SETTINGS)
        assert (each["read_only"], each["cap_drop"], each["tmpfs"]) == (True, ["ALL"], ["/tmp"])
        assert (DEPLOY / each["build"]["context"] / each["build"]["dockerfile"]).exists()
    assert services["app2"]["depends_on"] == services["app1"]["depends_on"]
    assert services["migrate"]["command"] == ["dagvandebuurt", "migrate"]
    read = set(re.findall(r"\{\$([A-Z_]+)", (DEPLOY / "Caddyfile").read_text()))
    assert set(services["caddy"]["environment"]) == read - {"DOWN_FOLDER"}
    for volume in services["caddy"]["volumes"]:
        if volume.startswith("./"):
            assert (DEPLOY / volume.split(":")[0]).exists(), volume
    published = {name for name, each in services.items() if "ports" in each}
    assert published == {"caddy"}  # the database and Redis are reached from inside alone


def test_what_the_sizes_call_measured_was_measured():
    sizes, measured = ((ROOT / "docs" / name).read_text() for name in ("sizes.md", "benchmarks.md"))
    figures = set(re.findall(r"\b\d+\.\d+ (?:KiB|µs|ms)", sizes))

    assert len(figures) >= 5
    assert {each for each in figures if each not in measured} == set()
    rows = [row for row in sizes.splitlines() if re.match(r"\| [\d,]+ \|", row) and row.count("|") == 6]
    assert len(rows) == 4
    for row in rows:
        assert re.search(r"measured|computed|estimate", row), row


def test_the_readme_lists_every_file():
    listed = set(re.findall(r"`([\w./-]+)`", "".join(
        line.split("|")[1] for line in (DEPLOY / "README.md").read_text().splitlines() if line.startswith("| `")
    )))  # fmt: skip
    there = {
        "systemd/" if path.parent.name == "systemd" else str(path.relative_to(DEPLOY)) for path in files()
    }

    assert listed == there - {"README.md"}


def files() -> list[Path]:
    return [path for path in DEPLOY.rglob("*") if path.is_file()]
