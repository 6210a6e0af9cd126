"""docs/first-day.md as a test reads it: what is typed on the server, and what stands in bold on a screen."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT

PAGE = ROOT / "docs/first-day.md"
_HEADING = re.compile(r"^## (?:(\d+)\. )?(.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_MINUTES = re.compile(r"\*\*(\d+) minuten\*\*")


@dataclass
class Step:
    """A numbered section. `commands`: one a line, as a shell gets them. `dialogue`: what a command asks, with
    the answer behind the colon. `named`: what is pressed or filled in. `typed`: what is filled in word for
    word."""

    number: int
    title: str
    commands: list[str] = field(default_factory=list)
    dialogue: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)


def steps(path: Path = PAGE) -> list[Step]:
    """Return the numbered sections, in order."""
    text = path.read_text(encoding="utf-8")
    heads = list(_HEADING.finditer(text))
    found = []
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        if head[1] is None:
            continue
        body = text[head.end() : after.start() if after else len(text)]
        step = Step(int(head[1]), head[2])
        for kind, block in _FENCE.findall(body):
            lines = [line for line in block.splitlines() if line.strip()]
            {"sh": step.commands, "text": step.dialogue}[kind].extend(lines)
        prose = _FENCE.sub("", body)
        step.named = {" ".join(name.split()) for name in _BOLD.findall(prose)}
        step.typed = {" ".join(words.split()) for words in _CODE.findall(_BOLD.sub("", prose))}
        found.append(step)
    return found


def promised_minutes(path: Path = PAGE) -> int:
    """Return how many minutes the machine works at most, as the page says."""
    said = _MINUTES.search(path.read_text(encoding="utf-8"))
    assert said is not None, "the page says no number of minutes"
    return int(said[1])


def answers(step: Step) -> list[tuple[str, str]]:
    """Return the questions of a command, each with its answer; no answer is Enter alone."""
    found = []
    for line in step.dialogue:
        question, colon, answer = line.partition("]: ") if "]: " in line else _after_brackets(line)
        found.append((question + colon.rstrip(": "), answer))
    return found


def _after_brackets(line: str) -> tuple[str, str, str]:
    """Split at the colon that is not inside brackets."""
    depth = 0
    for at, letter in enumerate(line):
        depth += (letter == "(") - (letter == ")")
        if letter == ":" and not depth and line[at + 1 : at + 2] in ("", " "):
            return line[:at], "", line[at + 1 :].strip()
    return line, "", ""
