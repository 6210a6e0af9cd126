"""Hooks of registration: what the sections above tell people who have no e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dagvandebuurt.core.hooks import Runs, hook


@dataclass(frozen=True)
class Asked:
    """A question of somebody who has no e-mail, as their helper reads it to them."""

    text: str
    said: str
    answer: str | None = None
    path: str | None = None


@hook(Runs.ON_REQUEST)
def asked_by_name_or_role(person_id: UUID) -> Sequence[Asked]:
    """What somebody asked by name or role, newest first, and what became of it. Never what they asked
    anonymously: a helper reads it."""


@hook(Runs.ON_REQUEST, many=False)
def page_of_number(number: str) -> str | None:
    """The path to which a number of ten digits leads that is on no entry card."""
