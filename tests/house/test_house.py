"""Promises about the house itself, watched by a machine."""

import ast
import importlib
import inspect
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, create_engine
from sqlalchemy import inspect as look_into

import config
from dagvandebuurt.app import create_app
from dagvandebuurt.core.access import OPEN_ENDPOINTS, permission_of
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.models import Base
from dagvandebuurt.core.permissions import COMMANDS, Actor, granted
from dagvandebuurt.frontdoor.metrics import METRICS
from dagvandebuurt.live.dispatch import EVENTS
from tests.conftest import test_settings as settings_of
from tests.house.test_releases import changes

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "dagvandebuurt"


MARKS_A_COMMAND = re.compile(r"^@(command\(needs=|[A-Z_]+\.command\()", re.MULTILINE)
# Every module with a command, wherever it is.
COMMAND_FILES = sorted(path for path in PACKAGE.rglob("*.py") if MARKS_A_COMMAND.search(path.read_text()))
# Functions of those modules that take an actor and check no permission, and why that is right.
UNGUARDED = {
    "dagvandebuurt.agenda.following.may_judge_it": "a question about the actor, asked by commands and pages",
    "dagvandebuurt.programme.exchange.importing.import_of": "a query: what the actor may see of it",
    "dagvandebuurt.qanda.desk_rules.forward": "part of a command of agenda, with its own permission",
    "dagvandebuurt.qanda.muting.is_known_here": "a question about the actor",
    "dagvandebuurt.qanda.muting.keep_apart": "part of the command ask",
    "dagvandebuurt.qanda.transfer_rules.separate": "part of the commands unmerge and undo",
    "dagvandebuurt.people.roles.suspend_guest": "part of the command stop_guest, with its own permission",
    "dagvandebuurt.registration.entry_cards.number_of_others": "a query: of the actor's own cards",
    "dagvandebuurt.wijkwijzer.people.following.followed_by": "a query: of the actor's own follows",
    "dagvandebuurt.wijkwijzer.people.following.follows": "a query: of the actor's own follows",
    "dagvandebuurt.wijkwijzer.people.meeting.card_of": "a query: of the actor's own card",
    "dagvandebuurt.wijkwijzer.people.meeting.meetings_of": "a query: of the actor's own meetings",
}


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported_by(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_command_is_in_a_file_that_is_found(app):
    assert {module_of(path) for path in COMMAND_FILES} == {each.__module__ for each in COMMANDS}


@pytest.mark.parametrize("path", COMMAND_FILES, ids=module_of)
def test_commands_know_no_web_framework_and_no_clock(path):
    doors = {"flask", "flask_login", "flask_socketio", "dagvandebuurt.core.clock"}

    assert [name for name in imported_by(path) if name in doors or name.split(".")[0] in doors] == []


def matches(name, pattern):
    """As import-linter does it: a star is one part of the name."""
    parts, patterns = name.split("."), pattern.split(".")
    return len(parts) == len(patterns) and all(map(fnmatch, parts, patterns))


def test_the_import_contract_watches_every_module_with_a_command():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [watched] = [each["source_modules"] for each in contracts if each["name"].startswith("Commands import")]
    modules = {module_of(path) for path in COMMAND_FILES}

    assert {name for name in modules if not any(matches(name, pattern) for pattern in watched)} == set()


def test_every_command_names_a_permission_that_is_granted(app):
    known = {permission for permission, _ in granted()}

    assert len(COMMANDS) > 150
    assert [each.__name__ for each in COMMANDS if each.needs not in known] == []


def test_no_function_beside_commands_that_takes_an_actor_forgets_to_ask(app):
    forgotten = set()
    for name in map(module_of, COMMAND_FILES):
        module = importlib.import_module(name)
        for function_name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == name and not function_name.startswith("_")
            takes_actor = any(p.annotation is Actor for p in inspect.signature(function).parameters.values())
            if own and takes_actor and not hasattr(function, "needs"):
                forgotten.add(f"{name}.{function_name}")

    assert forgotten == set(UNGUARDED)


def test_every_route_declares_a_permission(app):
    undecided = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_ENDPOINTS and permission_of(app, rule.endpoint) is None
    ]

    assert undecided == []


def test_every_refusal_has_its_own_code_and_a_short_sentence(app):
    def below(kind):
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    kinds = list(below(RuleBroken))
    codes = [kind.code for kind in kinds]

    assert len(kinds) > 15
    assert sorted(codes) == sorted(set(codes))
    assert [kind.__name__ for kind in kinds if len(str(kind.message).split()) > 20] == []


@pytest.fixture(params=["sqlite", "postgres"])
def migrated(request, tmp_path):
    """A house whose tables were made by the migrations, on each database."""
    url = {} if request.param == "sqlite" else {"DATABASE_URL": request.getfixturevalue("postgres")}
    app = create_app(settings_of(tmp_path, **url))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def tables_of(engine):
    """Without the words of the search, which each database keeps in a way of its own."""
    return [each for each in look_into(engine).get_table_names() if not each.startswith("search_words")]


def columns_of(engine):
    found = look_into(engine)
    return {table: sorted(c["name"] for c in found.get_columns(table)) for table in tables_of(engine)}


def test_the_migrations_make_the_models(migrated):
    made = columns_of(db.engine)
    made.pop("alembic_version")

    assert made == {
        name: sorted(c.name for c in table.columns) for name, table in Base.metadata.tables.items()
    }


def refused_by(engine):
    """What each table refuses: its checks by name, what must be unique, and what it points at."""
    found = look_into(engine)
    return {
        table: {str(each["name"]) for each in found.get_check_constraints(table)}
        | {f"one {sorted(each['column_names'])}" for each in found.get_unique_constraints(table)}
        | {
            f"{each['constrained_columns']} of {each['referred_table']}"
            for each in found.get_foreign_keys(table)
        }
        for table in Base.metadata.tables
    }


def refused_by_models():
    """The same, as the models say it."""
    return {
        table.name: {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
        | {
            f"one {sorted(column.name for column in each.columns)}"
            for each in table.constraints
            if isinstance(each, UniqueConstraint)
        }
        | {
            f"{[column.name for column in each.columns]} of {each.referred_table.name}"
            for each in table.constraints
            if isinstance(each, ForeignKeyConstraint)
        }
        for table in Base.metadata.sorted_tables
    }


def test_f8_model_constraints_are_enforced_by_the_database(migrated):
    wanted, there = refused_by_models(), refused_by(db.engine)

    assert {name: missing for name in wanted if (missing := wanted[name] - there[name])} == {}
    assert sum(map(len, wanted.values())) > 150


def test_the_migrations_go_down_and_up_again(migrated):
    before = columns_of(db.engine)

    downgrade(revision="base")
    emptied = look_into(db.engine).get_table_names()
    upgrade()

    assert list(emptied) == ["alembic_version"]
    assert len(look_into(db.engine).get_table_names()) > len(columns_of(db.engine))
    assert columns_of(db.engine) == before


@pytest.mark.parametrize(
    "path", sorted((ROOT / "migrations/versions").glob("*.py")), ids=lambda path: path.name[:26]
)
def test_each_migration_says_whether_it_is_additive(path):
    """`additive = True` or `False` below `depends_on`; docs/developing/releasing.md says what each means."""
    said = re.findall(r"^additive = (True|False)$", path.read_text(), re.MULTILINE)

    assert len(said) == 1
    assert said == ["False"] or changes(path.read_text()) == set()


def test_models_and_migrations_do_not_differ(migrated):
    from flask_migrate import check

    check()


def documented(page, pattern):
    return set(re.findall(pattern, (ROOT / "docs" / page).read_text(), re.MULTILINE))


def test_the_docs_list_every_setting():
    assert documented("settings.md", r"^\| `([A-Z_]+)`") == set(config.SETTINGS)


def test_the_example_of_an_environment_file_lists_every_setting():
    lines = (ROOT / "deploy/dagvandebuurt.env.example").read_text().splitlines()
    named = [match[1] for line in lines if (match := re.match(r"(?:# )?([A-Z_]+)=", line))]

    assert sorted(named) == sorted(config.SETTINGS)
    assert [each for each in config.SETTINGS.values() if f"# {each}" not in lines] == []


def test_the_docs_list_every_metric():
    assert documented("metrics.md", r"^\| `(dvb_[a-z_]+)`") == set(METRICS)


def test_the_docs_list_every_event(app):
    assert documented("live-protocol.md", r"^### `([a-z]+:[a-z]+)`") == set(EVENTS)


def test_the_docs_list_the_fields_of_every_event(app):
    page = (ROOT / "docs" / "live-protocol.md").read_text()
    for name, event in EVENTS.items():
        section = page.split(f"### `{name}`")[1].split("\n### ")[0].split("\n## ")[0]
        fields = set(re.findall(r"^- `([a-z_]+)`", section, re.MULTILINE))

        assert fields == set(event.act.model_fields), name


def test_the_docs_list_every_route(app):
    listed = documented("routes.md", r"^\| `([^`]+)`")
    served = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert listed == served


def test_the_architecture_page_names_every_section():
    page = (ROOT / "docs" / "architecture.md").read_text()
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"demo"}

    assert {room for room in rooms if f"`{room}`" not in page} == set()


def test_no_file_holds_machine_paths_or_registry_hosts():
    import subprocess

    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    hosts = ["p" + "ypi.org", "files.python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian"]

    found = [
        name
        for name in files
        if not name.endswith((".woff2", ".png"))
        and any(host in (ROOT / name).read_text(encoding="utf-8", errors="ignore") for host in hosts)
    ]
    assert found == []


def test_the_tables_can_be_made_on_an_empty_engine():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)

    assert len(tables_of(engine)) == len(Base.metadata.tables)
    assert "search_words" in look_into(engine).get_table_names()
    engine.dispose()
