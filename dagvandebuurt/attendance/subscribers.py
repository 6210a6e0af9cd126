"""Subscriptions of attendance: the personal page, the pages of a session, personal data."""

from collections.abc import Mapping
from typing import Any

from flask_login import current_user

from dagvandebuurt.attendance import account_merging, privacy
from dagvandebuurt.attendance.certificate_codes import in_groups
from dagvandebuurt.attendance.permissions import AttendancePermission
from dagvandebuurt.attendance.queries import certificates_of, is_listed, presence_of
from dagvandebuurt.core import clock
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.people.hooks import PageSection, PersonalPage, personal_page_sections
from dagvandebuurt.programme.hooks import room_page_views
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import current_edition


def my_certificate(actor: Any) -> dict[str, Any] | None:
    """Return what can be certified, and existing certificates."""
    edition, now = current_edition(), clock.now()
    if edition is None or not can(actor, AttendancePermission.CERTIFY):
        return None
    presence, certificates = presence_of(actor.id, edition, now=now), certificates_of(actor.id)
    return {"presence": presence, "certificates": certificates, "in_groups": in_groups}


def certificate_to_make(actor: Any) -> dict[str, Any] | None:
    """Return the line on *Mijn dag* that leads to a certificate: once there is one, or one can be made."""
    found = my_certificate(actor)
    if found is None or not (found["certificates"] or found["presence"].enough):
        return None
    return found


def my_listing(actor: Any) -> dict[str, Any]:
    return {"is_listed": is_listed(actor.id)}


def my_sections() -> list[PageSection]:
    return [
        PageSection("attendance/_certificate_to_make.html", 21, certificate_to_make),
        PageSection("attendance/_my_certificate.html", 20, my_certificate, PersonalPage.REGISTRATION),
        PageSection("attendance/_my_listing.html", 30, my_listing, PersonalPage.REGISTRATION),
    ]


def listing(session: ProgrammeSession) -> Mapping[str, object]:
    """Tell whether the reader is on the attendance list."""
    return {"attendance": current_user.is_known and is_listed(current_user.id)}


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.visits_become_a_number, privacy.old_certificates],
        erase=[privacy.erase_counted_visits],
        dissolve=[privacy.only_numbers_stay],
        export={"visit": privacy.where_i_was_counted},
        merge=[account_merging.one_visitor],
        reasons_to_stay=[privacy.has_it_on_paper],
    )


personal_page_sections.subscribe(my_sections)
room_page_views.subscribe(listing)
personal_data.subscribe(kept_of_people)
