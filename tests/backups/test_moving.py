"""From SQLite to PostgreSQL and back: every row, of every table, as it was."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy import inspect

from dagvandebuurt import cli
from dagvandebuurt.backups import BackupProblem, file, moving, rows, staging
from dagvandebuurt.backups.rows import engine_of, read, tables_of
from dagvandebuurt.core import clock, running
from dagvandebuurt.core.db import db
from dagvandebuurt.core.models import UtcDateTime
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.models import Person
from dagvandebuurt.settings import load_installed
from dagvandebuurt.setup.migrating import migrate
from tests.backups.conftest import back_up, code_secret, opened, people_in, restore, rows_of, state_of
from tests.conftest import test_settings


def on(settings, url):
    """The same folder, with another database."""
    return test_settings(Path(settings["DATA_FOLDER"]), DATABASE_URL=url)


def test_there_and_back_no_row_differs_and_people_go_on(here, tmp_path, postgres):
    before = rows_of(here)
    there, back = on(here, postgres), on(here, f"sqlite:///{tmp_path / 'weer terug.db'}")

    moved = moving.move(here, there, now=clock.now())

    assert (moved.different, rows_of(there)) == (0, before)
    assert moved.rows == sum(len(each) for each in before.values())
    with opened(there) as (app, make):
        assert "Rosa de Wit" in people_in(app)
        assert "1 resultaat" in make.browser().get("/zoeken?q=groen").text
        secret = code_secret(app)
        with app.app_context(), transaction():
            db.session.query(Person).filter_by(name="Anna").one().neighbourhood = "Oost"
        with app.app_context():
            assert all(schema in ("public", "information_schema") for schema in schemas())
    changed = rows_of(there)

    assert moving.move(there, back, now=clock.now()).different == 0
    assert rows_of(back) == changed != before
    with opened(back) as (app, _):
        assert code_secret(app) == secret


def schemas():
    return [name for name in inspect(db.engine).get_schema_names() if not name.startswith("pg_")]


def test_a_column_is_of_the_same_kind_on_both_databases(here, postgres):
    with opened(on(here, postgres)) as (app, _):
        migrate(app)
    found = []
    for url in (here["SQLALCHEMY_DATABASE_URI"], postgres):
        with engine_of(url) as engine, engine.connect() as connection:
            found.append(tables_of(connection))

    assert found[0] == found[1]
    assert len(found[0]) > 90


ODD = sa.Table(
    "odd",
    sa.MetaData(),
    sa.Column("uuid", sa.Uuid()),
    sa.Column("moment", UtcDateTime()),
    sa.Column("day", sa.Date()),
    sa.Column("truth", sa.Boolean()),
    sa.Column("json", sa.JSON()),
    sa.Column("number", sa.BigInteger()),
    sa.Column("fraction", sa.Double()),
    sa.Column("bytes", sa.LargeBinary()),
    sa.Column("text", sa.Text()),
)
VALUES = {
    "uuid": [UUID(int=0), UUID(int=2**128 - 1)],
    "moment": [datetime(2027, 3, 28, 0, 59, 59, 999999, UTC), datetime(1, 1, 2, tzinfo=UTC)],
    "day": [date(1900, 2, 28), date(9999, 12, 31)],
    "truth": [True, False],
    "json": [{"b": 1.10, "a": "é \\u0041"}, [None, "\\N"]],
    "number": [2**63 - 1, -(2**63)],
    "fraction": [0.1, 1e300],
    "bytes": [bytes(range(256)), b""],
    "text": ["\\N", "tab\tnew\nline\r\\. 🌳 'q' \"d\" %s"],
}


def test_every_kind_of_value_survives_both_databases_unchanged(tmp_path, postgres):
    written = [dict(zip(VALUES, row, strict=True)) for row in zip(*VALUES.values(), strict=True)]
    written.append(dict.fromkeys(VALUES))
    with engine_of(f"sqlite:///{tmp_path / 'raar.db'}") as one, engine_of(postgres) as other:
        for engine in (one, other):
            ODD.create(engine)
        with one.begin() as sqlite, other.begin() as postgresql:
            sqlite.execute(ODD.insert(), written)
            (table,) = tables_of(sqlite)
            assert tables_of(postgresql) == [table]
            lines = list(read(sqlite, table))
            rows.load(postgresql, table, lines)
            assert sorted(read(postgresql, table)) == sorted(lines)
            assert rows.different(sqlite, postgresql, table) == 0
            found = [dict(row._mapping) for row in postgresql.execute(sa.select(ODD).order_by(ODD.c.number))]
            assert found == sorted(written, key=lambda row: (row["number"] is None, row["number"] or 0))
            sqlite.execute(ODD.delete())
            rows.load(sqlite, table, read(postgresql, table))
            assert sorted(read(sqlite, table)) == sorted(lines)
            postgresql.execute(ODD.update().where(ODD.c.truth).values(text="another"))
            assert rows.different(sqlite, postgresql, table) == 2  # one went, one came


def test_a_house_with_something_in_it_is_not_moved_over(here, postgres):
    there = on(here, postgres)
    moving.move(here, there, now=clock.now())
    before = rows_of(there)

    with pytest.raises(BackupProblem, match="Give an empty one"):
        moving.move(here, there, now=clock.now())
    with pytest.raises(BackupProblem, match=r"is at .* already"):
        moving.move(here, here, now=clock.now())
    with running.hold(Path(here["DATA_FOLDER"])), pytest.raises(BackupProblem, match="Stop it first"):
        moving.move(here, there, now=clock.now())
    with engine_of(postgres) as engine, engine.connect() as somebody:
        somebody.exec_driver_sql("SELECT 1")
        with pytest.raises(BackupProblem, match="1 other connections"):
            moving.move(there, here, now=clock.now())

    assert rows_of(there) == before


def test_a_value_that_postgresql_does_not_take_moves_nothing(here, postgres):
    with opened(here) as (app, _), app.app_context():
        db.session.execute(db.text("UPDATE person SET name = :long"), {"long": "a" * 101})
        db.session.commit()
    before = state_of(here)

    with pytest.raises(BackupProblem, match="table person does not take a row: value too long"):
        moving.move(here, on(here, postgres), now=clock.now())

    assert state_of(here) == before
    with engine_of(postgres) as engine:
        assert inspect(engine).get_table_names() == []
        assert not [name for name in inspect(engine).get_schema_names() if name.startswith("dvb")]


def test_a_reference_to_nothing_is_found(here, postgres):
    with engine_of(here["SQLALCHEMY_DATABASE_URI"]) as engine, engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("DELETE FROM edition")
        connection.commit()

    with pytest.raises(BackupProblem, match="foreign key"):
        moving.move(here, on(here, postgres), now=clock.now())


def test_on_postgresql_a_backup_takes_the_place_of_what_is_there_in_one_step(here, postgres, monkeypatch):
    path = back_up(here)
    there = on(here, postgres)
    moving.move(here, there, now=clock.now())
    with opened(there) as (app, _), app.app_context(), transaction():
        db.session.query(Person).filter_by(name="Anna").one().name = "Na de kopie"
    before = rows_of(there)
    with monkeypatch.context() as patch:  # the swap breaks half-way
        patch.setattr(staging, "_FUNCTIONS", "SELECT 1/0 WHERE CAST(:schema AS text) <> ''")
        with pytest.raises(BackupProblem, match="Nothing was changed"):
            restore(there, path, may_replace=lambda _rows: True)
    assert rows_of(there) == before

    done = restore(there, path, may_replace=lambda _rows: True)

    with opened(there) as (app, make):
        assert "Anna" in people_in(app)
        assert make.browser().get("/").status_code == 200
    with engine_of(postgres) as engine, engine.connect() as connection:
        (kept,) = [each.removeprefix("the schema ") for each in done.kept if each.startswith("the schema")]
        names = connection.exec_driver_sql(f"SELECT name FROM {kept}.person").scalars().all()
        assert "Na de kopie" in names
    with file.Backup(path) as backup:
        assert backup.manifest.database == "sqlite"


def test_one_command_moves_and_points_the_settings_there(bare, tmp_path, postgres):
    run = CliRunner().invoke
    assert run(cli.main, ["setup", "--no-input", "--admin", "anna@buurt.example"]).exit_code == 0

    done = run(cli.main, ["move", "--to", postgres])

    assert done.exit_code == 0, done.output
    assert "0 are different" in done.output
    assert load_installed({})["SQLALCHEMY_DATABASE_URI"] == postgres
    again = run(cli.main, ["move", "--to", postgres])
    assert again.exit_code == 1
    assert "is at" in again.output
