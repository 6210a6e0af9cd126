"""Retention holds of registrations for a day to come, and of access needs."""

from typing import Any

from sqlalchemy import Select, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import owed
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.registration.models import PlaceStatus, Registration


@owed("registration", _l("je bent aangemeld voor een dag die nog komt"))
def who_comes() -> Select[Any]:
    return (
        select(Registration.person_id)
        .join(Edition, Edition.id == Registration.edition_id)
        .where(Registration.status != PlaceStatus.CANCELLED, Edition.ends_at >= clock.now())
    )
