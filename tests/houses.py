"""Test apps: slow set-up is done once per process and shared.

Isolation holds: data, folder, app and listeners are per test. Shared are only empty tables (copied; on
PostgreSQL emptied before each test), compiled templates and statements, and cheaper passwords.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import CodeType
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from dagvandebuurt.app import create_app
from dagvandebuurt.core.db import close_reserved, db
from dagvandebuurt.parts.mail.connections import close_all

# In earnest one password costs a tenth of a second, on purpose. This is Argon2id too.
_cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_NOBODY = _cheap.hash("nobody")


class _CompiledPages(BytecodeCache):
    """Templates compiled by an earlier app of this process; changed files are recompiled."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._known[bucket.key, bucket.checksum] = bucket.code


_pages = _CompiledPages()
# Statements compiled by an earlier app of this process: a fifth of the time of a test.
_statements: LRUCache[Any, Any] = LRUCache(10_000)
_rules: dict[tuple[str, bool | None], tuple[Any, ...]] = {}
_compile_rule = Rule.compile


def _compile_rule_once(self: Rule) -> None:
    """Take over what the same address of an earlier app compiled to: most of the time of making an app."""
    if self.defaults or self.subdomain or self.host:
        return _compile_rule(self)
    key = (self.rule, self.merge_slashes)
    if key not in _rules:
        _compile_rule(self)
        build, build_unknown = self._build.__func__, self._build_unknown.__func__  # type: ignore[attr-defined]
        _rules[key] = (self._parts, self._trace, self._converters, build, build_unknown)
        return None
    self._parts, self._trace, self._converters, build, build_unknown = _rules[key]
    self.arguments.update(self._converters)
    self._build, self._build_unknown = build.__get__(self), build_unknown.__get__(self)
    return None


def _same_sql(self: DefaultDialect, other: object) -> bool:
    """Whether two dialects write the same SQL: the apps of a process have the same options."""
    return type(self) is type(other)


def _hash_of_class(self: DefaultDialect) -> int:
    return hash(type(self))


def _engine(*args: Any, **options: Any) -> Engine:
    return _sharing(create_engine(*args, **options))


def _sharing(engine: Engine) -> Engine:
    """Let an engine find the statements that were compiled for another one."""
    engine._compiled_cache = _statements
    return engine


@contextmanager
def house(settings: Mapping[str, Any]) -> Iterator[Flask]:
    """An app with these settings, closed afterwards. No context is open: entry points open their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", _compile_rule_once)
        app = create_app(settings)
    app.jinja_env.bytecode_cache = _pages
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dagvandebuurt.people.rules._hasher", _cheap)
        patch.setattr("dagvandebuurt.people.rules._NOBODY", _NOBODY)
        patch.setattr(DefaultDialect, "__eq__", _same_sql)
        patch.setattr(DefaultDialect, "__hash__", _hash_of_class)
        patch.setattr("dagvandebuurt.core.db.create_engine", _engine)
        with app.app_context():
            _sharing(db.engine)
            event.listen(db.engine, "connect", _hurry)
        yield app
    close_reserved(app)
    close_all(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _hurry(connection: Any, _record: Any) -> None:
    """Switch fsync off: no test's own app needs durability; a served one does."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


def make_tables(settings: Mapping[str, Any]) -> None:
    """Create a database with all tables, empty and without connections: it can be copied."""
    with house(settings) as app, app.app_context():
        db.create_all()


def empty_tables(postgres_url: str) -> None:
    """Disconnect all clients and empty the tables. A database per test would do the same, and costs ten
    times as much: it is three hundred files."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(_EMPTY))
    engine.dispose()


_EMPTY = """
DO $$ DECLARE each regclass; BEGIN
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;  -- in any order: who refers to whom is not looked at
  FOR each IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('DELETE FROM %s', each);
  END LOOP;
  DROP TABLE IF EXISTS alembic_version;  -- made by tests of migrations
  PERFORM setval(oid, 1, false) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
END $$
"""


@contextmanager
def empty_database(postgres_url: str) -> Iterator[str]:
    """A database in that PostgreSQL, dropped afterwards."""
    name = f"test_{os.getpid()}_{os.urandom(4).hex()}"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield engine.url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
