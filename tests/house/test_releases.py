"""Which releases work with which database: the old one serves on while the new one migrates."""

import ast
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.frontdoor import health, releases
from dagvandebuurt.frontdoor.models import SchemaFloor
from dagvandebuurt.setup import checks


@pytest.fixture
def database(app):
    """database(version, floor): as `dagvandebuurt migrate` of some release left it."""
    with app.test_request_context():
        with transaction():
            db.session.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))

        def put(version, floor=None):
            with transaction():
                db.session.execute(text("DELETE FROM alembic_version"))
                db.session.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": version})
                db.session.query(SchemaFloor).delete()
                if floor is not None:
                    db.session.add(SchemaFloor(name=releases.ROW, revision=floor))
            return "migrations" not in health.problems()

        yield put


def older():
    return next(each.down_revision for each in releases._scripts().walk_revisions())


def test_an_older_database_is_not_ready(database):
    assert database(releases.newest_migration())
    assert not database(older())
    assert not database(older(), floor=older())


def test_the_old_release_stays_ready_while_a_newer_one_only_added(database):
    assert database("of a newer one", floor=releases.newest_migration())
    assert database("of a newer one", floor=older())
    assert any("belongs to a newer release" in said for said in health.warnings())
    assert not any(each.is_problem for each in checks.database())


def test_the_old_release_is_not_ready_when_a_newer_one_changed_something(database):
    assert not database("of a newer one", floor="also of a newer one")
    assert not database("of a newer one")  # of before this was written down
    assert [each.sentence for each in checks.database() if "newer release" in each.sentence]
    assert not any("belongs to a newer release" in said for said in health.warnings())


def test_the_floor_is_the_newest_step_that_was_not_additive(monkeypatch):
    def chain(*kinds):
        steps = [
            SimpleNamespace(revision=str(n), module=SimpleNamespace(additive=kind))
            for n, kind in enumerate(kinds)
        ]
        monkeypatch.setattr(
            releases, "_scripts", lambda: SimpleNamespace(walk_revisions=lambda: reversed(steps))
        )
        return releases.floor()

    assert chain(True, False, True, True) == "1"
    assert chain(True, True) == "0"
    assert chain(True, False) == "1"


def test_a_migration_writes_down_which_releases_work(app):
    with app.app_context():
        releases.keep_floor()
        releases.keep_floor()
        kept = db.session.query(SchemaFloor).all()

        assert [each.revision for each in kept] == [releases.floor()]
    assert not releases.is_unknown_migration(releases.floor())


ADDING = {
    "create_table",
    "create_index",
    "add_column",
    "batch_alter_table",
    "create_foreign_key",
    "f",
    "get_bind",
}


def changes(source):
    """What an `upgrade` does besides adding: names of operations, and columns that an older insert misses."""
    tree = ast.parse(source)
    upgrade = next(each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "upgrade")
    found = set()
    for call in (each for each in ast.walk(upgrade) if isinstance(each, ast.Call)):
        if not isinstance(call.func, ast.Attribute) or getattr(call.func.value, "id", "") in (
            "sa",
            "postgresql",
        ):
            continue
        if call.func.attr not in ADDING and getattr(call.func.value, "id", "") in ("op", "table", "batch"):
            found.add(call.func.attr)
        if call.func.attr == "add_column" and _is_missed(call):
            found.add("a column that needs a value")
    return found


def _is_missed(call):
    for column in (each for each in ast.walk(call) if isinstance(each, ast.Call)):
        named = {each.arg: each.value for each in column.keywords}
        nullable = named.get("nullable")
        if isinstance(nullable, ast.Constant) and nullable.value is False and "server_default" not in named:
            return True
    return False


def test_what_is_not_additive_is_seen():
    head = "def upgrade():\n    op."
    assert changes(head + "drop_column('a', 'b')") == {"drop_column"}
    assert changes(head + "execute('UPDATE a SET b = 1')") == {"execute"}
    assert changes(head + "add_column('a', sa.Column('b', sa.Text(), nullable=False))") == {
        "a column that needs a value"
    }
    assert (
        changes(head + "add_column('a', sa.Column('b', sa.Text(), nullable=False, server_default=''))")
        == set()
    )
    assert changes(head + "create_table('a', sa.Column('b', sa.Text(), nullable=False))") == set()
