"""Subscriptions of being ready: its pages, at the end of the desk that somebody has already."""

from collections.abc import Callable
from typing import Any

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.people.models import Role
from dagvandebuurt.readiness import privacy
from dagvandebuurt.readiness.permissions import ROLES, ReadinessPermission, roles_of

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
    lists = [
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
    checks = [
        WorkPage(
            desk=DESKS[role],
            endpoint="readiness.tech_checks",
            label=_l("Technische proef"),
            order=96,
            icon="captions",
            works_here=_checks_at(role),
        )
        for role in (Role.ORGANISER, Role.MODERATOR)
    ]
    rehearsal = WorkPage(
        desk=DESKS[Role.ORGANISER],
        endpoint="readiness.rehearsal",
        label=_l("Repetitie"),
        order=97,
        icon="play",
        works_here=lambda actor: can(actor, ReadinessPermission.REHEARSE),
    )
    emergency = [
        WorkPage(
            desk=DESKS[role],
            endpoint="readiness.emergency",
            label=_l("Als het misgaat"),
            order=98,
            icon="warning",
            works_here=_checks_at(role),
        )
        for role in (Role.ORGANISER, Role.MODERATOR)
    ]
    return [*lists, *checks, rehearsal, *emergency]


def _checks_at(role: Role) -> Callable[[Any], bool]:
    """Return whether somebody reads the technical checks at the desk of this role: an organiser at theirs."""

    def works_here(actor: Any) -> bool:
        organises = Role.ORGANISER in roles_of(actor)
        return can(actor, ReadinessPermission.READ_CHECKS) and organises == (role is Role.ORGANISER)

    return works_here


def kept_of_people() -> PersonalData:
    return PersonalData(rules=[privacy.old_checks])


def _comes_first(role: Role) -> Callable[[Any], bool]:
    """Return whether this is somebody's first role: the page stands at one desk."""
    return lambda actor: roles_of(actor)[:1] == [role]


personal_data.subscribe(kept_of_people)
work_pages.subscribe(pages)
