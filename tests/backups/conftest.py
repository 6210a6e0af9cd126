"""An installation with people in it, in a folder with a space in its name; each test gets a copy."""

import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
from werkzeug.routing import Rule

from dagvandebuurt.backups import backing_up, file, restoring
from dagvandebuurt.backups.rows import digest_of, engine_of, read, tables_of
from dagvandebuurt.backups.staging import Target
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.frontdoor.releases import newest_migration
from dagvandebuurt.parts.files import store
from dagvandebuurt.people.access import second_factor
from dagvandebuurt.people.models import Person, SecondFactor
from dagvandebuurt.qanda.models import Appearance
from dagvandebuurt.settings import known_settings
from dagvandebuurt.setup.migrating import migrate
from tests.conftest import ONE_O_CLOCK, test_settings
from tests.factories import Factory
from tests.houses import _compile_rule_once, house

EMPTY = "migrated.db"
PICTURE = "0123456789abcdef0123456789abcdef.webp"


@contextmanager
def opened(settings):
    """The app of an installation, and a factory of what is in it."""
    with house(settings) as app:
        yield app, Factory(app)


@pytest.fixture(scope="package")
def made(tmp_path_factory):
    """An installation on SQLite: accounts, an administrator with a phone, questions, a picture."""
    folder = tmp_path_factory.mktemp("made") / "het huis"
    with opened(test_settings(folder)) as (app, make):
        migrate(app)
    shutil.copy(folder / "dagvandebuurt.db", folder.parent / EMPTY)
    with opened(test_settings(folder)) as (app, make):
        fill(app, make)
    return folder


def fill(app, make):
    session = make.session(
        slug="groen", starts_at=ONE_O_CLOCK, ends_at=ONE_O_CLOCK + timedelta(hours=1), access=["tolk", "é "]
    )
    rosa = make.person("Rosa de Wit", email="rosa@buurt.example")
    make.question(session, make.identity("Noor"), text="Wie snoeit de haag?\n\tEn wanneer: 'morgen'?")
    with app.app_context():
        make.question(session, rosa, appearance=Appearance.ANONYMOUS, text="Mag ik dit vragen? 🌳")
        store().put(PICTURE, b"the picture")
    anna = make.person("Anna", email="anna@buurt.example", roles=["admin"])
    make.store(SecondFactor(person_id=anna.id, confirmed_at=ONE_O_CLOCK))


@pytest.fixture(autouse=True)
def known_routes(monkeypatch):
    """Apps that are made beside the test's own cost half as much."""
    monkeypatch.setattr(Rule, "compile", _compile_rule_once)


@pytest.fixture
def migrated_before(made, monkeypatch):
    """Build a new database from a copy of one that was migrated: what a migration makes is tested without
    this."""
    migrations = flask_migrate.upgrade

    def upgrade(revision="head"):
        path = Path(str(db.engine.url.database))
        if revision in ("head", newest_migration()) and path.is_file() and not path.stat().st_size:
            shutil.copy(made.parent / EMPTY, path)
        else:
            migrations(revision=revision)

    monkeypatch.setattr(flask_migrate, "upgrade", upgrade)


@pytest.fixture
def here(made, tmp_path, now):
    """The settings of a copy of it."""
    folder = tmp_path / "het huis"
    shutil.copytree(made, folder)
    return test_settings(folder)


@pytest.fixture
def elsewhere(tmp_path):
    """The settings of another machine, where there is nothing yet."""
    return test_settings(tmp_path / "een ander huis")


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """No setting in the environment, and a folder of its own to run in."""
    for name in known_settings():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("DVB_ENV", raising=False)
    monkeypatch.chdir(tmp_path)


def back_up(settings, where=None):
    """Make a backup; return its path."""
    where = where or Path(settings["DATA_FOLDER"]).parent / "de kopieën"
    return backing_up.back_up(settings, where, now=clock.now()).path


def restore(settings, path, **how):
    """Put it back; return what was done."""
    with file.Backup(path) as backup:
        return restoring.restore(settings, backup, now=clock.now(), **how)


def rows_of(settings):
    """All rows, as lines, for each table."""
    with engine_of(Target(str(settings["SQLALCHEMY_DATABASE_URI"])).url) as engine, engine.connect() as there:
        return {table.name: sorted(read(there, table)) for table in tables_of(there)}


def state_of(settings):
    """Everything that must be unchanged after something was refused: the files by name and content, and the
    digest of each table."""
    folder = Path(settings["DATA_FOLDER"])
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and not path.name.startswith((".alone", ".building", ".running", "dagvandebuurt.db"))
    }
    target = Target(str(settings["SQLALCHEMY_DATABASE_URI"]))
    if target.holds() is None:
        return found, None
    with engine_of(target.url) as engine, engine.connect() as there:
        return found, {table.name: digest_of(there, table) for table in tables_of(there)}


def people_in(app):
    with app.app_context():
        return {person.name for person in db.session.query(Person) if person.forgotten_at is None}


def code_secret(app):
    """The secret that Anna's phone was given: it hangs on the keys."""
    with app.app_context():
        factor = db.session.query(SecondFactor).one()
        return second_factor.secret_of(factor)
