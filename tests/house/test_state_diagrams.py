"""State machines: every table is drawn as it is, and says once which permission an action needs."""

from dataclasses import replace

import pytest

from dagvandebuurt.core.permissions import COMMANDS, granted
from dagvandebuurt.core.states import MACHINES
from dagvandebuurt.qanda.states import MACHINE as QUESTIONS
from tools.state_diagrams import PAGE, diagram, page

# Supported in batches, without a command for each: `qanda.events` asks for the permission in the table.
IN_BATCHES = {("Question", "support")}


def test_the_page_draws_every_machine_as_its_table_says(app):
    assert len(MACHINES) == 14
    assert PAGE.read_text() == page(), "run python -m tools.state_diagrams"


def test_a_transition_that_is_not_drawn_is_seen(app, monkeypatch):
    action = next(iter(QUESTIONS.table))
    wider = QUESTIONS.table | {action: replace(QUESTIONS.table[action], target=QUESTIONS.initial)}
    before = diagram(QUESTIONS)
    monkeypatch.setattr(QUESTIONS, "table", wider)

    assert diagram(QUESTIONS) != before
    assert PAGE.read_text() != page()


def test_every_action_with_a_permission_has_a_command_that_takes_it_from_the_table(app):
    missing = {
        (machine.name, action.value)
        for machine in MACHINES
        for action, transition in machine.table.items()
        if transition.needs is not None and not machine.commands[action]
    }

    assert missing == IN_BATCHES


def test_no_command_needs_another_permission_than_its_table_says(app):
    others = [
        (machine.name, action, each.__name__)
        for machine in MACHINES
        for action, transition in machine.table.items()
        for each in machine.commands[action]
        if each.needs is not transition.needs or each not in COMMANDS
    ]

    assert others == []


def test_every_permission_of_a_table_is_granted_to_somebody(app):
    known = {permission for permission, _ in granted()}
    needed = {row.needs for machine in MACHINES for row in machine.table.values()} - {None}

    assert needed - known == set()


@pytest.mark.parametrize("actions", [("carry_over",), ("hide", "withdraw")])
def test_a_command_without_one_permission_is_refused_where_it_is_declared(app, actions):
    kinds = type(next(iter(QUESTIONS.table)))

    with pytest.raises(TypeError, match="no single permission"):
        QUESTIONS.command(*map(kinds, actions))
