"""What broadcasts do at the hooks of other sections."""

from dagvandebuurt.broadcasts.permissions import BroadcastPermission
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.people.hooks import WorkPage, work_pages


def desk() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Organisatie"),
            endpoint="broadcasts.desk",
            label=_l("Zeg iets tegen iedereen"),
            order=71,
            icon="bell",
            works_here=lambda actor: can(actor, BroadcastPermission.SAY),
        )
    ]


work_pages.subscribe(desk)
