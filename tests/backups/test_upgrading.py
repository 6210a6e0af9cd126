"""An event of an earlier release is upgraded with its people in it, and goes back as far as migrations only added."""

import shutil
import zipfile
from collections import Counter
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select, text

from dagvandebuurt.backups import file
from dagvandebuurt.backups.rows import engine_of, read, revision_of, tables_of
from dagvandebuurt.backups.staging import Target
from dagvandebuurt.core.db import db
from dagvandebuurt.frontdoor import health
from dagvandebuurt.frontdoor.releases import newest_migration, not_additive_since
from dagvandebuurt.lessons.models import Lesson
from dagvandebuurt.people.access import second_factor
from dagvandebuurt.people.models import Person, Role, RoleGrant, SecondFactor
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.setup.migrating import migrate
from tests.backups.conftest import opened
from tests.conftest import test_settings

OLD = "b3f08c6e51a7"
KEPT = Path(__file__).parent / "last_release"
# What migrations since take away on purpose. `edition.is_open` became `status`.
TAKEN_AWAY = {"edition": {"is_open"}}
OUTSIDE = {"alembic_version"}


@pytest.fixture(params=["sqlite", "postgresql"])
def earlier(request, tmp_path):
    """The settings of an installation of that release, and every row that it has."""
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else ""
    settings = test_settings(tmp_path / "dag", **({"DATABASE_URL": url} if url else {}))
    folder = Path(settings["DATA_FOLDER"])
    folder.mkdir()
    file.put_keys(KEPT / "event.keys.zip", folder)
    shutil.move(folder, folder.with_name("keys"))
    folder.mkdir()
    shutil.move(folder.with_name("keys"), folder / "keys")
    staged = Target(str(settings["SQLALCHEMY_DATABASE_URI"])).stage()
    with file.Backup(KEPT / "event.zip") as backup:
        backup.verify()
        manifest = backup.manifest
        staged.prepare()
        with staged.app(settings) as app, app.app_context():
            from flask_migrate import upgrade

            upgrade(revision=manifest.revision)
            db.session.remove()
        tables = [manifest.columns_of(name) for name in manifest.tables]
        staged.fill(tables, lambda table: backup.lines(table.name), lambda _rows: None)
        staged.publish("nothing-was-there")
    return settings, {table.name: table for table in tables}, rows_of(settings, tables)


def connected(settings):
    return engine_of(Target(str(settings["SQLALCHEMY_DATABASE_URI"])).url)


def rows_of(settings, tables):
    """Every row of these tables, by table, with its columns by name."""
    with connected(settings) as engine, engine.connect() as connection:
        there = {table.name: table for table in tables_of(connection)}
        found = {}
        for name in sorted({table.name for table in tables} & set(there) - OUTSIDE):
            columns = [column for column, _kind in there[name].columns]
            found[name] = [
                dict(zip(columns, orjson.loads(line), strict=True)) for line in read(connection, there[name])
            ]
        return found


def lost(before, after):
    """Tables and columns of before that are not there any more."""
    gone = {name: "the table" for name, rows in before.items() if rows and name not in after}
    for name, rows in before.items():
        if rows and (columns := set(rows[0]) - set((after.get(name) or [{}])[0])):
            gone[name] = columns
    return gone


def differing(before, after):
    """Rows that are in only one of the two, as far as both have their columns."""
    found = {}
    for name in set(before) & set(after):
        columns = sorted(set((before[name] or [{}])[0]) & set((after[name] or [{}])[0]))
        one, other = (
            Counter(orjson.dumps([row[column] for column in columns]) for row in rows)
            for rows in (before[name], after[name])
        )
        if len(before[name]) != len(after[name]) or one != other:
            found[name] = [*(one - other), *(other - one)]
    return found


def at(settings):
    with connected(settings) as engine, engine.connect() as connection:
        return revision_of(connection)


def test_people_of_an_earlier_release_are_all_there_after_an_upgrade_and_after_the_way_back(earlier):
    settings, tables, before = earlier
    assert at(settings) == OLD != newest_migration()
    assert len(before["person"]) > 900

    with opened(settings) as (app, _make):
        assert "migrations" in problems(app)
        migrate(app)
        migrate(app)  # twice is once
        assert problems(app) == []
    after = rows_of(settings, tables.values())

    assert at(settings) == newest_migration()
    assert (differing(before, after), lost(before, after)) == ({}, TAKEN_AWAY)
    assert {row["status"] for row in after["edition"]} == {"open"}
    with opened(settings) as (app, make):
        walk(app, make)
    in_use = rows_of(settings, tables.values())

    # Back to the last migration that did more than add, and forward again.
    with opened(settings) as (app, _make), app.app_context():
        from flask_migrate import downgrade, upgrade

        back = not_additive_since(OLD)[0]
        downgrade(revision=back)
        db.session.remove()
        assert at(settings) == back
        went_back = rows_of(settings, tables.values())
        assert (differing(in_use, went_back), lost(before, went_back)) == ({}, TAKEN_AWAY)
        upgrade()
        db.session.remove()
    assert differing(in_use, rows_of(settings, tables.values())) == {}
    with opened(settings) as (app, make):
        assert problems(app) == []
        assert make.browser().get("/programma").status_code == 200


def problems(app):
    with app.app_context():
        found = health.problems()
        db.session.rollback()
    return found


def walk(app, make):
    """Open what people of then had, as they would."""
    with app.app_context():
        admin = db.session.scalars(
            select(Person)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == Role.ADMIN)
        ).first()
        visitor = db.session.scalars(
            select(Person).where(Person.name.like("%a%"), Person.id != admin.id)
        ).first()
        session = db.session.scalars(select(ProgrammeSession).order_by(ProgrammeSession.starts_at)).first()
        lesson = db.session.scalars(select(Lesson)).first()
        db.session.expunge_all()
    public = ["/", "/programma", f"/sessies/{session.slug}", f"/lessen/{lesson.slug}", "/agenda", "/wijkwijzer",
              "/sprekers", "/spelregels", "/zoeken?q=buurt"]  # fmt: skip
    for person, pages in (
        (None, public),
        (visitor, ["/mijn", "/mijn/gegevens"]),
        (admin, ["/organisatie", "/organisatie/programma", "/organisatie/rollen", "/organisatie/post"]),
    ):
        browser = make.browser(person) if person else make.browser()
        for page in pages:
            answer = browser.get(page, follow_redirects=True)
            assert answer.status_code == 200, (page, answer.status_code)
    with app.app_context():  # the keys are still those of the phones
        factor = db.session.scalars(select(SecondFactor)).one()
        assert len(second_factor.secret_of(factor)) >= 32
        assert db.session.scalar(text("SELECT count(*) FROM mail WHERE status = 'waiting'")) == 1


def test_the_kept_event_is_small_and_names_only_invented_people():
    assert (KEPT / "event.zip").stat().st_size < 300_000
    with zipfile.ZipFile(KEPT / "event.zip") as archive:
        people = archive.read("tables/person.jsonl").decode()
    assert people.count("@") > 0
    for address in people.split('"'):
        if "@" in address:
            assert address.rpartition("@")[2].endswith((".example", ".invalid")), address
