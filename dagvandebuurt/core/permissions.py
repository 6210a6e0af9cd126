"""Who may do what, asked in one way."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol, TypeVar
from uuid import UUID

from dagvandebuurt.core.errors import LoginNeeded, NotAllowed

Route = TypeVar("Route", bound=Callable[..., Any])


class Actor(Protocol):
    """Whoever acts. `id` is None for a stranger."""

    @property
    def id(self) -> UUID | None: ...

    @property
    def is_known(self) -> bool:
        """A guest or somebody with a confirmed address: a person who came in."""
        ...

    @property
    def has_account(self) -> bool:
        """Somebody whose e-mail address is confirmed."""
        ...

    def holds(self, role: str, scope: UUID | None = None) -> bool:
        """Whether this person has `role` everywhere, or for `scope` (a session, an organisation)."""
        ...


class Permission(StrEnum):
    """Base for each room's own list. Values read `room:thing:act`."""


@dataclass(frozen=True)
class Predicate:
    """A yes/no question about an actor and a subject; combine with `&` and `|`."""

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
    """Make a named, combinable question of a function."""
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
    """Has `role` everywhere, or for the subject at hand (its `id`)."""
    return Predicate(f"holds_{role}", lambda actor, subject: actor.holds(role, getattr(subject, "id", None)))


_who_may: dict[Permission, Predicate] = {}
RULES: list[Callable[..., Any]] = []


def publish(table: Mapping[Any, Predicate]) -> None:
    """Add a room's WHO_MAY to the house's one table. Safe to repeat."""
    _who_may.update(table)


def granted() -> Iterator[tuple[Permission, Predicate]]:
    """Every permission with the question that decides it: the table as it can be read aloud."""
    yield from sorted(_who_may.items())


def can(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Whether `actor` may. KeyError for a permission no room published: a typing error is not a no."""
    return _who_may[permission](actor, subject)


def require(actor: Actor, permission: Permission, subject: Any = None) -> None:
    """Raises LoginNeeded for a stranger and NotAllowed for anybody else who may not."""
    if not can(actor, permission, subject):
        raise NotAllowed if actor.is_known else LoginNeeded


def rule(*, needs: Permission) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function as a rule: `act(actor, subject, **details)`, guarded by `needs`."""

    def decorate(act: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(act)
        def guarded(actor: Actor, subject: Any, /, **details: Any) -> Any:
            require(actor, needs, subject)
            return act(actor, subject, **details)

        guarded.needs = needs  # type: ignore[attr-defined]
        RULES.append(guarded)
        return guarded

    return decorate


def allows(permission: Permission) -> Callable[[Route], Route]:
    """Write on a route who may come in at all. `core.access` asks it before the route runs.

    What depends on the thing itself (this session, this comment) is asked by the rule or the query.
    """

    def decorate(route: Route) -> Route:
        route.needs = permission  # type: ignore[attr-defined]
        return route

    return decorate
