"""docs/first-day.md against the code: its commands, questions, files and the words in bold. `make first-day` walks it
on a bare Debian; this only looks whether it could."""

import re
import shlex
import tomllib

import pytest
from babel.messages.pofile import read_po

from dagvandebuurt import cli
from dagvandebuurt.setup.env_file import DEFAULTS
from dagvandebuurt.setup.wizard import QUESTIONS
from tests.conftest import ROOT
from tests.firstday.guide import PAGE, answers, promised_minutes, steps

STEPS = steps()
COMMANDS = [command for step in STEPS for command in step.commands]
ON_THE_SERVER = [step for step in STEPS if step.commands]


@pytest.fixture(scope="module")
def words():
    """What the pages say, as patterns: an argument may be anything."""
    with (ROOT / "dagvandebuurt/translations/en.po").open("rb") as file:
        said = [each.id if isinstance(each.id, str) else each.id[0] for each in read_po(file) if each.id]
    plain = {each for each in said if "%(" not in each}
    patterns = [
        re.compile("".join(".+" if part.startswith("%(") else re.escape(part) for part in parts))
        for parts in (re.split(r"(%\(\w+\)[sd])", each) for each in said if "%(" in each)
    ]
    return plain, [each for each in patterns if len(each.pattern) > 8]


def test_the_steps_are_numbered_in_order():
    assert [step.number for step in STEPS] == list(range(1, len(STEPS) + 1))
    assert len(ON_THE_SERVER) >= 6
    assert 0 < promised_minutes() <= 30


def test_everything_in_bold_stands_on_a_screen(words):
    plain, patterns = words
    on_screens = {name for step in STEPS if not step.dialogue for name in step.named}

    assert len(on_screens) > 50
    wrong = {
        name for name in on_screens if name not in plain and not any(p.fullmatch(name) for p in patterns)
    }
    assert wrong == set()


def test_the_questions_of_the_page_are_those_of_setup():
    asked = next(answers(step) for step in STEPS if step.dialogue)

    for (question, _answer), (_name, text, _parse, default) in zip(asked, QUESTIONS, strict=True):
        assert question == (f"{text} [{default}]" if default else text)
    for (_question, answer), (_name, _text, parse, _default) in zip(asked, QUESTIONS, strict=True):
        assert parse(answer) == answer


def test_its_commands_exist_with_these_options():
    ours = [shlex.split(each.partition("-- dagvandebuurt ")[2]) for each in COMMANDS]
    ours = [words for words in ours if words]

    assert {words[0] for words in ours} >= {"setup", "check", "status"}
    for name, *rest in ours:
        options = {option for each in cli.main.commands[name].params for option in each.opts}
        assert {word for word in rest if word.startswith("--")} <= options
    assert "/etc/dagvandebuurt.env" in DEFAULTS


def test_the_files_and_units_it_names_are_in_a_release():
    packed = (ROOT / "tools/release.sh").read_text()
    for command in COMMANDS:
        for word in shlex.split(command):
            if word.startswith(("deploy/", "requirements/")):
                assert list(ROOT.glob(word)), word
                assert word.split("/")[0] in packed
            if re.fullmatch(r"dagvandebuurt\S*\.(service|socket|timer)", word):
                assert (ROOT / "deploy/systemd" / word).exists(), word
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    named = set(re.findall(r"\d+\.\d+\.\d+(?=[/.-]|$)", "\n".join(COMMANDS)))
    assert named == {version}
    units = {path.name for path in (ROOT / "deploy/systemd").iterdir() if path.suffix != ".service"}
    assert units <= {word for command in COMMANDS for word in shlex.split(command)}


def test_what_it_links_to_is_there():
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", PAGE.read_text()):
        assert (PAGE.parent / target).exists(), target
