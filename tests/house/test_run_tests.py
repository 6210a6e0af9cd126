"""The test runner and the list of what stays off PostgreSQL: a gate that is red when it should be."""

import signal
import subprocess
import sys

import pytest

from tests.conftest import ROOT, sqlite_only
from tools import run_tests

NAMED = "tests/core/test_text.py::test_that_hangs"
HANGS = """
import faulthandler, pathlib, signal, sys, time
running = pathlib.Path(sys.argv[1], str(__import__("os").getpid()))
faulthandler.register(signal.SIGUSR1, file=running.with_suffix(".stacks").open("w"))
running.write_text({name!r})
def waits_for_ever():
    time.sleep(60)
waits_for_ever()
"""


def test_every_exclusion_from_postgres_exists_and_has_a_reason():
    listed = sqlite_only()

    assert listed
    missing = []
    for entry in listed:
        path, _, name = entry.partition("::")
        if not (ROOT / path).exists() or f"def {name}" not in ((ROOT / path).read_text() if name else "def "):
            missing.append(entry)
    assert missing == []
    assert [path for path, reason in listed.items() if len(reason.split()) < 3] == []


def test_a_test_that_hangs_ends_the_run_and_is_named_with_its_stack(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run_tests, "TEST_SECONDS", 0.1)
    monkeypatch.setattr(run_tests, "POLL_SECONDS", 0.5)
    program = [sys.executable, "-c", HANGS.format(name=NAMED), str(tmp_path)]
    process = subprocess.Popen(program, start_new_session=True)

    status = run_tests.watched(process, tmp_path)
    run_tests.end(process)

    assert status == 1
    told = capsys.readouterr().err
    assert NAMED in told
    assert "waits_for_ever" in told
    assert process.returncode == -signal.SIGKILL


def test_a_run_that_takes_too_long_is_ended_also_when_no_test_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(run_tests, "RUN_SECONDS", 0.1)
    monkeypatch.setattr(run_tests, "POLL_SECONDS", 0.1)
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)

    status = run_tests.watched(process, tmp_path)
    run_tests.end(process)

    assert status == 1
    assert "hung" in capsys.readouterr().err


def test_a_dead_worker_is_reported(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / str(gone.pid)).write_text(NAMED)

    [test] = run_tests.running_tests(tmp_path)

    assert (test.name, test.stacks()) == (NAMED, f"process {gone.pid} is gone")


@pytest.mark.parametrize(
    ("second", "word"), [([], "FLAKY"), (["tests/a.py::test_one"], "fails again")], ids=["flaky", "broken"]
)
def test_a_test_that_passes_only_on_retry_fails_the_run(second, word, monkeypatch, capsys):
    failed = [["tests/a.py::test_one"], second]
    monkeypatch.setattr(run_tests, "run", lambda arguments: 1 if len(failed) == 2 else 0)
    monkeypatch.setattr(run_tests, "failed_tests", lambda: failed.pop(0))

    assert run_tests.main([]) == 1
    assert word in capsys.readouterr().out


def test_no_failure_is_green_and_many_are_not_tried_again(monkeypatch):
    runs = []
    monkeypatch.setattr(run_tests, "run", lambda arguments: runs.append(arguments) or status)

    status, names = 0, []
    monkeypatch.setattr(run_tests, "failed_tests", lambda: names)
    assert run_tests.main([]) == 0
    status, names = 1, [f"tests/a.py::test_{number}" for number in range(4)]
    assert run_tests.main([]) == 1
    assert len(runs) == 2
