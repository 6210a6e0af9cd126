"""What a restore set aside: `check` finds it, one command deletes it."""

import pytest
from click.testing import CliRunner

from dagvandebuurt import cli
from dagvandebuurt.backups import kept
from dagvandebuurt.backups.rows import engine_of
from dagvandebuurt.backups.staging import Target
from dagvandebuurt.setup import checks
from tests.conftest import TEST_KEY, test_settings
from tests.houses import house

NAME = "dagvandebuurt-before-20270101-120000"


@pytest.fixture(params=["sqlite", "postgresql"])
def environ(request, tmp_path, monkeypatch):
    """An installation of which a restore set the database and the files aside."""
    data = tmp_path / "data"
    (data / NAME / "files").mkdir(parents=True)
    (data / NAME / "files" / "x.webp").write_bytes(b"x")
    (data / "dagvandebuurt-notes").mkdir()
    given = {"SECRET_KEY": TEST_KEY, "DATA_FOLDER": str(data)}
    if request.param == "postgresql":
        given["DATABASE_URL"] = request.getfixturevalue("postgres")
    monkeypatch.setenv("DVB_ENV", "")
    for name in ("DATABASE_URL", "FILES_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    if request.param == "postgresql":
        with engine_of(Target(given["DATABASE_URL"]).url) as engine, engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {NAME.replace('-', '_')}")
            connection.exec_driver_sql(f"CREATE TABLE {NAME.replace('-', '_')}.person (id int)")
    else:
        (data / f"{NAME}.db").write_bytes(b"people")
    return data, test_settings(
        data, **({"DATABASE_URL": given["DATABASE_URL"]} if "DATABASE_URL" in given else {})
    )


def test_it_is_found_and_deleted_with_one_command_and_nothing_else(environ):
    data, settings = environ
    with house(settings) as app, app.app_context():
        said = [each.sentence for each in checks._folder()]

    assert sum("was set aside by a restore" in each for each in said) == 2
    asked = CliRunner().invoke(cli.main, ["remove-kept"], input="n\n")
    assert (asked.exit_code, len(kept.found(settings))) == (1, 2)
    done = CliRunner().invoke(cli.main, ["remove-kept", "--yes"])
    again = CliRunner().invoke(cli.main, ["remove-kept", "--yes"])

    assert "2 deleted" in done.output
    assert "Nothing was set aside" in again.output
    assert kept.found(settings) == []
    assert (data / "dagvandebuurt-notes").is_dir()
