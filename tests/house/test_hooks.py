"""Hooks: declared in one place, subscribed to in one place, and written down as they are."""

import ast
import contextlib
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagvandebuurt import cli
from dagvandebuurt.core.hook_listing import as_markdown, as_text, subscribers
from dagvandebuurt.core.hooks import Hook, Runs, declared, hook
from dagvandebuurt.core.personal_data import Owed, personal_data
from dagvandebuurt.core.retention import RetentionRule
from dagvandebuurt.core.transaction import transaction

ROOT = Path(__file__).parents[2]
CODE = sorted((ROOT / "dagvandebuurt").rglob("*.py"))


def declares(tree: ast.AST) -> bool:
    """Whether a module declares a hook."""
    return any(
        isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "hook"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    )


def subscribes(tree: ast.AST) -> bool:
    """Whether a module subscribes to a hook, as a call or as a decorator."""
    return any(isinstance(node, ast.Attribute) and node.attr == "subscribe" for node in ast.walk(tree))


def test_every_subscription_stands_in_subscribers(app):
    found = {
        str(path.relative_to(ROOT))
        for path in CODE
        if subscribes(ast.parse(path.read_text(encoding="utf-8")))
    }

    elsewhere = {path for path in found if not path.endswith("/subscribers.py")}
    # PubSub of Redis has a method of the same name.
    assert elsewhere <= {"dagvandebuurt/live/wakeups.py"}
    assert {who.split(".")[0] for each in declared() for who in subscribers(each)} >= {
        "qanda",
        "registration",
    }


@pytest.mark.parametrize(
    "line", ["question_hidden.subscribe(tell)", "@question_hidden.subscribe\ndef tell(): ..."]
)
def test_a_subscription_elsewhere_is_found(line):
    assert subscribes(ast.parse(line))


def test_every_declaration_stands_in_hooks(app):
    found = {
        str(path.relative_to(ROOT)) for path in CODE if declares(ast.parse(path.read_text(encoding="utf-8")))
    }

    assert {path for path in found if not path.endswith("/hooks.py") and "/core/" not in path} == set()


def test_the_page_says_what_is_declared_and_who_subscribes(app):
    written = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")

    assert written == as_markdown(), "dagvandebuurt hooks --markdown > docs/hooks.md"


def test_every_hook_says_what_it_is_for_and_is_heard(app):
    for each in declared():
        assert each.doc.endswith("."), each.name
        assert each.subscribers, f"nobody hears {each.name}"


def test_the_command_says_who_hears_what(app, monkeypatch):
    monkeypatch.setattr(cli, "_app", lambda: app)

    said = CliRunner().invoke(cli.hooks)

    assert said.output.strip() == as_text()
    assert "qanda.question_hidden (inside the transaction)\n    moderation.subscribers." in said.output


def of(runs, *, many=True):
    def happened(number: int) -> int:
        """Something happened."""

    return Hook(happened, runs, many=many)


def test_subscribers_are_called_once_in_order_and_answer():
    one = of(Runs.ON_REQUEST)

    def double(number):
        return number * 2

    one.subscribe(double, lambda number: number + 1)
    one.subscribe(double)

    assert one(5) == [10, 6]


def test_a_second_subscriber_of_a_hook_for_one_is_refused():
    one = of(Runs.ON_REQUEST, many=False)
    one.subscribe(str)

    with pytest.raises(RuntimeError, match="happened takes one"):
        one.subscribe(int)


def test_a_declaration_is_listed(monkeypatch):
    known = []
    monkeypatch.setattr("dagvandebuurt.core.hooks._declared", known)

    made = hook(Runs.IN_TRANSACTION)(lambda: None)

    assert known == [made]


def test_after_the_commit_means_after_it_and_not_at_all_when_it_is_undone(app):
    one, heard = of(Runs.AFTER_COMMIT), []
    one.subscribe(heard.append)

    with app.app_context():
        with transaction():
            one(1)
            assert heard == []
        assert heard == [1]
        with contextlib.suppress(ZeroDivisionError), transaction():
            one(2)
            raise ZeroDivisionError
        assert heard == [1]
        one(3)  # no transaction is open
    assert heard == [1, 3]


def test_one_that_fails_after_the_commit_stops_none_of_the_others(app, caplog):
    one, heard = of(Runs.AFTER_COMMIT), []

    def breaks(_number):
        raise ValueError

    one.subscribe(breaks, heard.append)
    with app.app_context(), transaction():
        one(1)

    assert heard == [1]
    assert "breaks failed after the commit" in caplog.text


def test_every_rule_and_hold_that_is_made_is_declared(app):
    made = {
        id(value): f"{name}.{each}"
        for name, module in list(sys.modules.items())
        if name.startswith("dagvandebuurt.")
        for each, value in vars(module).items()
        if isinstance(value, RetentionRule | Owed)
    }

    known = {id(each) for there in personal_data() for each in (*there.rules, *there.owed)}
    assert {name for value, name in made.items() if value not in known} == set()
    assert len(made) > 20
