"""Subscriptions of raised hands: in the live room, at the moderators' desk, and what is kept of people."""

from collections.abc import Mapping

from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.hands import account_merging, privacy
from dagvandebuurt.hands.panel import hall_hands, hands_at_stage
from dagvandebuurt.hands.rules import EXTRA
from dagvandebuurt.live import items
from dagvandebuurt.programme.hooks import desk_page_views, room_page_views
from dagvandebuurt.programme.models import ProgrammeSession


def in_hall(session: ProgrammeSession) -> Mapping[str, object]:
    """Show hands where they are taken; elsewhere nothing is asked of their tables."""
    return {"hands": hall_hands(session) if items.state_of(session.id).uses(EXTRA) else None}


def at_desk(session: ProgrammeSession) -> Mapping[str, object]:
    return {"hands": hands_at_stage(session, items.state_of(session.id)).get("hands")}


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.hands_of_long_ago],
        erase=[privacy.hands_go],
        dissolve=[privacy.all_hands_go],
        merge=[account_merging.one_hand_each],
    )


room_page_views.subscribe(in_hall)
desk_page_views.subscribe(at_desk)
personal_data.subscribe(kept_of_people)
