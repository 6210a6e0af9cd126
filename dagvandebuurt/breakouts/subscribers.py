"""What breakout rounds do at the hooks of other sections."""

from collections.abc import Mapping

from flask_login import current_user

from dagvandebuurt.breakouts import privacy
from dagvandebuurt.breakouts.queries import calling, newest_round
from dagvandebuurt.breakouts.round_view import room_view
from dagvandebuurt.core import clock
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.programme.hooks import desk_page_views, room_page_views
from dagvandebuurt.programme.models import ProgrammeSession


def table_in_room(session: ProgrammeSession) -> Mapping[str, object]:
    """Tell somebody in the live room where they sit."""
    return {"breakouts": room_view(current_user, session, clock.now())}


def tables_at_desk(session: ProgrammeSession) -> Mapping[str, object]:
    """Count the tables that ask for help."""
    newest = newest_round(session.id)
    is_on = newest is not None and not newest.is_over(clock.now())
    return {"breakouts": [group.number for group in calling(newest.id)] if newest and is_on else []}


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.tables_are_forgotten, privacy.notes_go], dissolve=[privacy.nothing_stays]
    )


room_page_views.subscribe(table_in_room)
desk_page_views.subscribe(tables_at_desk)
personal_data.subscribe(kept_of_people)
