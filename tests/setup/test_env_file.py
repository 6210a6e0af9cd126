"""The environment file: written whole or not at all, and read the same by everything that reads it."""

import os
import stat
import subprocess
import threading

import pytest

from dagvandebuurt.setup.env_file import BadEnvironmentFile, find, read, with_file, write

KNOWN = {"SECRET_KEY": "", "PUBLIC_URL": "", "MAIL_FROM": "", "DATA_FOLDER": ""}


def test_what_is_written_is_read_and_a_shell_reads_the_same(tmp_path):
    path = tmp_path / "dagvandebuurt.env"
    values = {"MAIL_FROM": "Buurt & Co <hallo@dag.example>", "DATA_FOLDER": "/srv/een map/met spaties"}

    write(path, values, KNOWN)

    assert read(path, KNOWN) == values
    shell = f'set -a; . "{path}"; printf "%s|%s" "$MAIL_FROM" "$DATA_FOLDER"'
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True)
    assert done.stdout == "|".join(values.values())


def test_only_its_owner_reads_it_whatever_the_umask(tmp_path):
    path = tmp_path / "dagvandebuurt.env"
    before = os.umask(0)
    try:
        write(path, {"SECRET_KEY": "x"}, KNOWN)
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["dagvandebuurt.env"]


def test_of_two_at_once_one_writes_and_the_other_is_told(tmp_path):
    path, start, outcomes = tmp_path / "dagvandebuurt.env", threading.Barrier(2), []

    def one(name):
        start.wait()
        try:
            write(path.with_name(path.name), {"SECRET_KEY": name}, KNOWN)
            outcomes.append(name)
        except FileExistsError:
            outcomes.append("too late")

    threads = [threading.Thread(target=one, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert "too late" in outcomes
    assert read(path, KNOWN)["SECRET_KEY"] in outcomes


@pytest.mark.parametrize("value", ['a"b', "a\\b", "a$b", "a`b", "a\nb"])
def test_a_value_that_readers_would_read_differently_is_refused(tmp_path, value):
    with pytest.raises(BadEnvironmentFile, match="SECRET_KEY"):
        write(tmp_path / "e", {"SECRET_KEY": value}, KNOWN)

    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SECRETKEY=x\n", "line 1: there is no setting SECRETKEY. Did you mean SECRET_KEY?"),
        ("# fine\nSECRET_KEY: x\n", 'line 2: write it as NAME="value"'),
        ('# written by dagvandebuurt setup\nSECRET_KEY="x"\n', "cut off"),
    ],
)
def test_a_file_that_is_wrong_says_where_and_what_to_do(tmp_path, text, said):
    path = tmp_path / "dagvandebuurt.env"
    path.write_text(text)

    with pytest.raises(BadEnvironmentFile) as bad:
        read(path, KNOWN)

    assert said in str(bad.value)


def test_the_environment_stands_above_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dagvandebuurt.env").write_text("SECRET_KEY=file\nPUBLIC_URL=https://dag.example\n")

    both = with_file({"SECRET_KEY": "environment"}, KNOWN)

    assert (both["SECRET_KEY"], both["PUBLIC_URL"]) == ("environment", "https://dag.example")


def test_a_named_file_that_is_not_there_is_said():
    with pytest.raises(BadEnvironmentFile, match="no such file"):
        find({"DVB_ENV": "/nowhere/at/all.env"})
