"""Subscriptions of attendance: heartbeats and presence of the live rooms, and the personal page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.attendance import account_merging, privacy, rules
from dagvandebuurt.attendance.certificate_codes import in_groups
from dagvandebuurt.attendance.permissions import AttendancePermission
from dagvandebuurt.attendance.queries import certificates_of, is_listed, presence_of, present_in
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.live.presence import Beat, counts_presence, keeps_beats
from dagvandebuurt.people.hooks import PageSection, personal_page_sections
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.hooks import room_page_views
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import current_edition


@keeps_beats
def keep(beats: Iterable[Beat]) -> None:
    """Store heartbeats; those of deleted rooms or people are dropped."""
    wanted = {(beat.room_id, beat.person_id): beat.at for beat in beats}
    sessions = set(
        db.session.scalars(
            select(ProgrammeSession.id).where(ProgrammeSession.id.in_({room for room, _ in wanted}))
        )
    )
    # Lock against a concurrent opt-out of the list.
    people = set(
        db.session.scalars(
            select(Person.id)
            .where(Person.id.in_({person for _, person in wanted}))
            .order_by(Person.id)
            .with_for_update(read=True, key_share=True)
        )
    )
    rules.keep_beats({key: at for key, at in wanted.items() if key[0] in sessions and key[1] in people})


@counts_presence
def count(room_id: UUID, since: datetime) -> int:
    """Count different people, not devices."""
    return present_in([room_id], since=since).get(room_id, 0)


def my_certificate(actor: Any) -> dict[str, Any] | None:
    """Return what can be certified, and existing certificates, once a first session is over."""
    edition, now = current_edition(), clock.now()
    if edition is None or not can(actor, AttendancePermission.CERTIFY):
        return None
    presence, certificates = presence_of(actor.id, edition, now=now), certificates_of(actor.id)
    if not (certificates or presence.enough or presence.too_short):
        return None
    return {"presence": presence, "certificates": certificates, "in_groups": in_groups}


def my_listing(actor: Any) -> dict[str, Any]:
    return {"is_listed": is_listed(actor.id)}


def my_sections() -> list[PageSection]:
    return [
        PageSection("attendance/_my_certificate.html", 22, my_certificate),
        PageSection("attendance/_my_listing.html", 86, my_listing),
    ]


def listing(session: ProgrammeSession) -> Mapping[str, object]:
    """Tell whether the reader is on the attendance list."""
    return {"attendance": current_user.is_known and is_listed(current_user.id)}


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.visits_become_a_number, privacy.old_certificates],
        erase=[privacy.forget_counted_visits],
        export={"visit": privacy.where_i_was_counted},
        merge=[account_merging.one_visitor],
        reasons_to_stay=[privacy.has_it_on_paper],
    )


personal_page_sections.subscribe(my_sections)
room_page_views.subscribe(listing)
personal_data.subscribe(kept_of_people)
