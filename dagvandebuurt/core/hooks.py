"""Hooks: how a section lets the sections above it take part in what it does.

A hook is declared in `hooks.py` of the section that calls it, as a function with a signature and a docstring
and no body; `hook` turns it into a `Hook`. A section that wants to hear of it subscribes in `subscribers.py` of its own
section. Calling the hook calls the subscribers, in the order in which the sections are loaded (from the ground
up), and answers with what each of them returned.

    @hook(Runs.IN_TRANSACTION)
    def question_hidden(moderator: Actor, question: Question, at: Moment) -> None:
        \"\"\"A moderator hid a question.\"\"\"

    question_hidden.subscribe(agree_with_the_reports)  # in moderation/subscribers.py
    question_hidden(moderator, question, at)  # in qanda/desk_rules.py

Flask brings blinker along, but its signals take untyped keyword arguments, hold receivers by weak reference and
promise no order. Here mypy checks subscribers and calls against the declaration, and the order is fixed: a
subscriber may refuse by raising, so it matters who is asked first.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Generic, ParamSpec, TypeVar

from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db

P = ParamSpec("P")
R = TypeVar("R")


class Runs(StrEnum):
    """When the subscribers of a hook are called."""

    IN_TRANSACTION = "inside the transaction"  # of the caller; raising undoes all of it
    AFTER_COMMIT = "after the commit"  # or at once where no transaction is open
    ON_REQUEST = "on request"  # while something is read; they change nothing


class Hook(Generic[P, R]):
    """A named place where the sections above take part. Call it to call its subscribers."""

    def __init__(self, declaration: Callable[P, R], runs: Runs, *, many: bool = True) -> None:
        self.name = declaration.__name__
        self.section = declaration.__module__.removeprefix("dagvandebuurt.").removesuffix(".hooks")
        self.signature = inspect.signature(declaration)
        self.doc = inspect.getdoc(declaration) or ""
        self.runs = runs
        self.many = many
        self._subscribers: list[Callable[P, R]] = []

    def subscribe(self, *listeners: Callable[P, R]) -> None:
        """Let `listeners` be called, after those that subscribed before. Safe to repeat."""
        for listener in listeners:
            if listener not in self._subscribers:
                if self._subscribers and not self.many:
                    raise RuntimeError(f"{self.name} takes one subscriber")
                self._subscribers.append(listener)

    @property
    def subscribers(self) -> tuple[Callable[P, R], ...]:
        """Who is called, in order."""
        return tuple(self._subscribers)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Call every subscriber. Return what they returned; nothing where they are called after the commit."""
        if self.runs is not Runs.AFTER_COMMIT:
            return [listener(*args, **kwargs) for listener in self._subscribers]
        for listener in self._subscribers:
            if db.session.info.get("open"):
                after_commit(listener, *args, **kwargs)
            else:
                listener(*args, **kwargs)
        return []


_declared: list[Hook[..., object]] = []


def hook(runs: Runs, *, many: bool = True) -> Callable[[Callable[P, R]], Hook[P, R]]:
    """Declare a hook: decorates a function that is only a signature and a docstring."""

    def declare(declaration: Callable[P, R]) -> Hook[P, R]:
        made = Hook(declaration, runs, many=many)
        _declared.append(made)  # type: ignore[arg-type]
        return made

    return declare


def declared() -> list[Hook[..., object]]:
    """List every hook of the sections that are loaded, by section and name."""
    return sorted(_declared, key=lambda each: (each.section, each.name))


def merged(found: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Merge what sections show on a page of another one, by section: its template finds each as
    `beside.<section>`. A section that is not loaded is absent."""
    return {section: shown for values in found for section, shown in values.items()}
