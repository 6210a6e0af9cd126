"""What mailings do at the hooks of other sections."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.mailings import privacy
from dagvandebuurt.mailings.permissions import MailingPermission
from dagvandebuurt.people.hooks import WorkPage, work_pages


def desk() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Organisatie"),
            endpoint="mailings.desk",
            label=_l("Mail iedereen"),
            order=72,
            icon="mail",
            works_here=lambda actor: can(actor, MailingPermission.WRITE),
        )
    ]


def kept_of_people() -> PersonalData:
    return PersonalData(rules=[privacy.old_recipients], dissolve=[privacy.mailings_go])


work_pages.subscribe(desk)
personal_data.subscribe(kept_of_people)
