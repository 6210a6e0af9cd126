"""`/mijn` is made of sections; each room signs up its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Section = Callable[[Any], dict[str, Any] | None]


@dataclass(frozen=True)
class _SignedUp:
    order: int
    template: str
    section: Section


_sections: dict[str, _SignedUp] = {}


def my_section(template: str, *, order: int) -> Callable[[Section], Section]:
    """Sign up a function `(actor) → context`, shown by `template`; None leaves the section out."""

    def register(section: Section) -> Section:
        _sections[template] = _SignedUp(order, template, section)
        return section

    return register


def sections_for(actor: Any) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of each section, in order."""
    found = []
    for signed_up in sorted(_sections.values(), key=lambda each: each.order):
        context = signed_up.section(actor)
        if context is not None:
            found.append((signed_up.template, context))
    return found
