"""What the phone desk does at the hooks of other sections."""

from typing import Any

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.people.hooks import PageSection, PersonalPage, WorkPage, personal_page_sections, work_pages
from dagvandebuurt.phone_desk import privacy
from dagvandebuurt.phone_desk.labels import DEEDS, REASONS
from dagvandebuurt.phone_desk.queries import looks_at
from dagvandebuurt.registration.permissions import RegistrationPermission


def answers_phone(actor: Any) -> bool:
    return can(actor, RegistrationPermission.ANSWER_PHONE)


def organises(actor: Any) -> bool:
    return can(actor, RegistrationPermission.READ_PHONE_LOG)


def desk() -> list[WorkPage]:
    """Return the page, as a desk of its own or, for organisers, as one page of theirs: they land on *Vandaag*."""
    shared = {"endpoint": "phone_desk.desk", "label": _l("Bel ons"), "icon": "people"}
    return [
        WorkPage(
            **shared,
            desk=_l("Bel ons"),
            order=54,
            about=_l("Neem de telefoon op: zoek wie er belt, en help die persoon verder."),
            works_here=lambda actor: answers_phone(actor) and not organises(actor),
        ),
        WorkPage(
            **shared,
            desk=_l("Organisatie"),
            order=76,
            works_here=lambda actor: answers_phone(actor) and organises(actor),
        ),
    ]


def who_looked(actor: Any) -> dict[str, Any] | None:
    """Return who looked at one's data by phone; None where nobody did."""
    looks = looks_at(actor.id)
    return {"looks": looks, "deeds": DEEDS, "reasons": REASONS} if looks else None


def my_sections() -> list[PageSection]:
    return [PageSection("phone_desk/_who_looked.html", 60, who_looked, PersonalPage.DATA)]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.old_looks],
        erase=[privacy.looks_without_their_person],
        dissolve=[privacy.looks_go],
    )


work_pages.subscribe(desk)
personal_page_sections.subscribe(my_sections)
personal_data.subscribe(kept_of_people)
