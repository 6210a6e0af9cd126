"""Permissions: actors, composable predicates and one table of who may do what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

from dagvandebuurt.core.errors import LoginNeeded, NotAllowed

Route = TypeVar("Route", bound=Callable[..., Any])


class Actor(Protocol):
    """Authenticated or anonymous actor. `id` is None for an anonymous visitor."""

    @property
    def id(self) -> UUID | None: ...

    @property
    def name(self) -> str:
        """Empty for a stranger."""
        ...

    @property
    def is_known(self) -> bool:
        """Return whether this is a guest account or a confirmed one."""
        ...

    @property
    def has_account(self) -> bool:
        """Return whether the e-mail address is confirmed."""
        ...

    def holds(self, role: str, scope: UUID | None = None) -> bool:
        """Return whether this person has `role` everywhere, or for `scope` (a session, an organisation)."""
        ...


Acting = TypeVar("Acting", bound=Actor)
Subject = TypeVar("Subject")
Details = ParamSpec("Details")
Result = TypeVar("Result")
Command = Callable[Concatenate[Acting, Subject, Details], Result]


class Permission(StrEnum):
    """Base of each section's enum of permissions. Values read `section:thing:act`."""


@dataclass(frozen=True)
class Predicate:
    """Boolean question about an actor and a subject; combine with `&` and `|`."""

    name: str
    holds: Callable[[Any, Any], bool]

    def __call__(self, actor: Actor, subject: Any) -> bool:
        return bool(self.holds(actor, subject))

    def __and__(self, other: "Predicate") -> "Predicate":
        return Predicate(
            f"({self.name} and {other.name})",
            lambda actor, subject: self(actor, subject) and other(actor, subject),
        )

    def __or__(self, other: "Predicate") -> "Predicate":
        return Predicate(
            f"({self.name} or {other.name})",
            lambda actor, subject: self(actor, subject) or other(actor, subject),
        )


def predicate(holds: Callable[[Any, Any], bool]) -> Predicate:
    """Turn a function into a named, composable predicate."""
    return Predicate(holds.__name__, holds)


@predicate
def anyone(_actor: Actor, _subject: Any) -> bool:
    return True


@predicate
def is_known(actor: Actor, _subject: Any) -> bool:
    return actor.is_known


@predicate
def has_account(actor: Actor, _subject: Any) -> bool:
    return actor.has_account


def holds_role(role: str) -> Predicate:
    """Return a predicate: has `role` everywhere, or for the subject (its `id`)."""
    return Predicate(f"holds_{role}", lambda actor, subject: actor.holds(role, getattr(subject, "id", None)))


_who_may: dict[Permission, Predicate] = {}
COMMANDS: list[Callable[..., Any]] = []


def publish(table: Mapping[Any, Predicate]) -> None:
    """Add a section's WHO_MAY to the permission table. Idempotent."""
    _who_may.update(table)


def granted() -> Iterator[tuple[Permission, Predicate]]:
    """Return every permission with its predicate: the whole permission table."""
    yield from sorted(_who_may.items())


def can(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Return whether `actor` may. Raises KeyError for an unpublished permission, so that a typo is not a
    silent no."""
    return _who_may[permission](actor, subject)


def require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    """Raise LoginNeeded for an anonymous actor, NotAllowed for any other who may not."""
    if not can(actor, permission, subject):
        raise NotAllowed if actor.is_known else LoginNeeded


def command(
    *, needs: Permission
) -> Callable[[Command[Acting, Subject, Details, Result]], Command[Acting, Subject, Details, Result]]:
    """Mark a function as a command, `act(actor, subject, **details)`, that only runs for an actor with the
    permission `needs` on the subject."""

    def decorate(act: Command[Acting, Subject, Details, Result]) -> Command[Acting, Subject, Details, Result]:
        @wraps(act)
        def guarded(
            actor: Acting, subject: Subject, /, *args: Details.args, **details: Details.kwargs
        ) -> Result:
            require(actor, needs, subject)
            return act(actor, subject, *args, **details)

        guarded.needs = needs  # type: ignore[attr-defined]
        COMMANDS.append(guarded)
        return guarded

    return decorate


def allows(permission: Permission) -> Callable[[Route], Route]:
    """Declare on a route who may come in at all. `core.access` checks it before the route runs.

    What depends on the thing itself (this session, this comment) is checked by the command or the query.
    """

    def decorate(route: Route) -> Route:
        route.needs = permission  # type: ignore[attr-defined]
        return route

    return decorate
