"""Subscriptions of captions: fragments for the pages of a session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_login import current_user

from dagvandebuurt.captions import privacy
from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.captions.permissions import CaptionPermission
from dagvandebuurt.captions.queries import last_lines
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.programme.hooks import podium_page_views, room_page_views
from dagvandebuurt.programme.models import ProgrammeSession

ON_PODIUM = 2  # lines


@dataclass(frozen=True, slots=True)
class CaptionStrip:
    lines: Sequence[CaptionLine]
    may_type: bool


def caption_strip(session: ProgrammeSession) -> Mapping[str, object]:
    """Show the last lines under the stage."""
    return {
        "captions": CaptionStrip(last_lines(session.id), can(current_user, CaptionPermission.TYPE, session))
    }


def captions_on_podium(session: ProgrammeSession) -> Mapping[str, object]:
    """Show what is said now on the big screen."""
    return {"captions": last_lines(session.id, ON_PODIUM)}


def desks() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Ondertitels typen"),
            endpoint="captions.sessions",
            label=_l("Ondertitels typen"),
            order=20,
            icon="captions",
            about=_l("Typ mee wat er gezegd wordt, voor wie leest in plaats van luistert."),
            works_here=lambda actor: can(actor, CaptionPermission.READ_LIST),
        )
    ]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.captions_without_a_recording],
        dissolve=[privacy.captions_stay_with_their_recording],
    )


room_page_views.subscribe(caption_strip)
podium_page_views.subscribe(captions_on_podium)
personal_data.subscribe(kept_of_people)
work_pages.subscribe(desks)
