"""State machines: a table of transitions, and the one way to apply a row of it.

A section declares its tables in its own `states.py`. An action that is not possible now is refused with
`ChangedMeanwhile`; where it is, the status changes and the history row is written in one call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.permissions import Actor, Command, Permission, command


class ChangedMeanwhile(RuleBroken):
    """Refusal of an action that the current status does not allow, mostly because somebody else was first.
    Each section has its own code and sentence; the details say what is true now."""

    code = "house.changed"


class Stateful(Protocol):
    """An entity with a stored status."""

    status: Any


Acting = TypeVar("Acting", bound=Actor)
Subject = TypeVar("Subject")
Given = ParamSpec("Given")
Result = TypeVar("Result")
Entity = TypeVar("Entity", bound=Stateful)
Action = TypeVar("Action", bound=StrEnum)
Status = TypeVar("Status", bound=StrEnum)
Details = ParamSpec("Details")
Written = TypeVar("Written")


@dataclass(frozen=True)
class Guard:
    """A condition besides the status. `label` is its name in the diagrams."""

    label: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True)
class Transition(Generic[Status]):
    """One row of a table: the permission it `needs` (None: the system does it, or the holder of a private
    link), the statuses it starts from, and the one it leads to (None: the status stays)."""

    needs: Permission | None
    sources: frozenset[Status]
    target: Status | None = None
    guard: Guard | None = None

    def is_possible(self, entity: Stateful) -> bool:
        """Return whether the entity stands where this transition starts."""
        return entity.status in self.sources and (self.guard is None or self.guard.holds(entity))


@dataclass(frozen=True)
class Change(Generic[Entity, Action, Status]):
    """A transition that was applied, for the history. `actor` is None for the system."""

    actor: Actor | None
    entity: Entity
    action: Action
    before: Status
    after: Status


class Machine(Generic[Entity, Action, Status, Details, Written]):
    """The transitions of one entity. `refusal` makes the ChangedMeanwhile of an action that is not possible;
    `history` writes down a change, and takes what else is known of it from `apply`."""

    def __init__(
        self,
        entity: type[Entity],
        initial: Status,
        table: Mapping[Action, Transition[Status]],
        *,
        refusal: Callable[[Entity], ChangedMeanwhile],
        history: Callable[Concatenate[Change[Entity, Action, Status], Details], Written],
        name: str = "",
    ) -> None:
        self.name = name or entity.__name__
        self.initial = initial
        self.table = table
        self.refusal = refusal
        self.history = history
        self.commands: dict[Action, list[Callable[..., Any]]] = {action: [] for action in table}
        MACHINES.append(self)

    def needs(self, *actions: Action) -> Permission:
        """Return the permission of these actions. Raises TypeError where they do not have exactly one."""
        needed = {self.table[action].needs for action in actions}
        permission = needed.pop()
        if needed or permission is None:
            raise TypeError(f"{self.name}: no single permission for {', '.join(actions)}")
        return permission

    def command(
        self, *actions: Action
    ) -> Callable[[Command[Acting, Subject, Given, Result]], Command[Acting, Subject, Given, Result]]:
        """Mark a function as the command for these actions: it needs the permission that the table has."""
        needs = self.needs(*actions)

        def decorate(
            act: Command[Acting, Subject, Given, Result],
        ) -> Command[Acting, Subject, Given, Result]:
            guarded = command(needs=needs)(act)
            for action in actions:
                self.commands[action].append(guarded)
            return guarded

        return decorate

    def is_possible(self, entity: Entity, action: Action) -> bool:
        """Return whether the table has this action for the entity as it stands now."""
        return self.table[action].is_possible(entity)

    def possible(self, entity: Entity) -> list[Action]:
        """Return the actions the table has for the entity as it stands now."""
        return [action for action in self.table if self.is_possible(entity, action)]

    def require(self, entity: Entity, action: Action) -> None:
        """Raise the refusal where the table does not have this action now."""
        if not self.is_possible(entity, action):
            raise self.refusal(entity)

    def apply(
        self,
        actor: Actor | None,
        entity: Entity,
        action: Action,
        /,
        *args: Details.args,
        **details: Details.kwargs,
    ) -> Written:
        """Bring the entity where the action leads and write that down. Raises the refusal. The caller holds
        the lock on its row."""
        self.require(entity, action)
        before: Status = entity.status
        after = self.table[action].target or before
        entity.status = after
        return self.history(Change(actor, entity, action, before, after), *args, **details)


MACHINES: list[Machine[Any, Any, Any, ..., Any]] = []
