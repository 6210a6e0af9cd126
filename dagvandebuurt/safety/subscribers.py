"""What alarms do at the hooks of other sections."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.programme.hooks import attention_items
from dagvandebuurt.qanda.hooks import own_question_views
from dagvandebuurt.safety import privacy
from dagvandebuurt.safety.attention import attention_of_alarms
from dagvandebuurt.safety.permissions import SafetyPermission
from dagvandebuurt.safety.queries import help_about


def help_beside_question(question_id: UUID) -> Mapping[str, Any]:
    return {"safety": help_about(question_id)}


def desk() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Organisatie"),
            endpoint="safety.desk",
            label=_l("Iemand loopt gevaar"),
            order=72,
            icon="warning",
            works_here=lambda actor: can(actor, SafetyPermission.ARRANGE),
        )
    ]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.alarms_of_long_ago],
        erase=[privacy.alarms_stay_without_helper],
        dissolve=[privacy.alarms_without_people],
    )


own_question_views.subscribe(help_beside_question)
work_pages.subscribe(desk)
personal_data.subscribe(kept_of_people)
attention_items.subscribe(attention_of_alarms)
