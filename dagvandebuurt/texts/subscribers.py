"""Subscriptions of the texts of the site: their page at the organiser's desk."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.texts.permissions import TextPermission


def desk() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Organisatie"),
            endpoint="texts.desk",
            label=_l("Teksten en spelregels"),
            order=77,
            icon="edit",
            works_here=lambda actor: can(actor, TextPermission.WRITE),
        )
    ]


work_pages.subscribe(desk)
