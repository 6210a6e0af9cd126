"""Subscriptions of being ready: its pages, at the end of the desk that somebody has already."""

from collections.abc import Callable
from typing import Any

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.people.models import Role
from dagvandebuurt.readiness.permissions import ROLES, roles_of

# The desk of each role: its list is a page there, and no desk of its own.
DESKS = {
    Role.ORGANISER: _l("Organisatie"),
    Role.MODERATOR: _l("Mijn sessies"),
    Role.HOST: _l("Mijn sessies"),
    Role.CAPTIONER: _l("Ondertitels typen"),
    Role.SUPPORTER: _l("Mensen helpen"),
    Role.EDITOR: _l("Redactie"),
}


def pages() -> list[WorkPage]:
    return [
        WorkPage(
            desk=DESKS[role],
            endpoint="readiness.checklist",
            label=_l("Lijst"),
            order=95,
            icon="check",
            works_here=_comes_first(role),
        )
        for role in ROLES
    ]


def _comes_first(role: Role) -> Callable[[Any], bool]:
    """Return whether this is somebody's first role: the page stands at one desk."""
    return lambda actor: roles_of(actor)[:1] == [role]


work_pages.subscribe(pages)
