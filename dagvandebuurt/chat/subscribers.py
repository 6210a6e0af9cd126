"""Subscriptions of the hall chat: in the live room, at the moderators' desk, and what is kept of people."""

from collections.abc import Mapping

from dagvandebuurt.chat import account_merging, privacy
from dagvandebuurt.chat.panel import has_chat
from dagvandebuurt.chat.rules import EXTRA, hide_all_of, keep_name
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.live import items
from dagvandebuurt.programme.hooks import desk_page_views, room_page_views
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.hooks import asker_muted, asker_name_hidden


def in_hall(session: ProgrammeSession) -> Mapping[str, object]:
    """Say whether there is a hall chat to open; where none ever was, nothing is asked of its tables."""
    return {"chat": items.state_of(session.id).uses(EXTRA) and has_chat(session)}


def at_desk(session: ProgrammeSession) -> Mapping[str, object]:
    """Say whether the desk has a way to the hall chat at hand."""
    return {"chat": items.state_of(session.id).uses(EXTRA)}


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.lines_of_long_ago],
        erase=[privacy.lines_go],
        dissolve=[privacy.all_lines_go],
        merge=[account_merging.lines_move],
    )


room_page_views.subscribe(in_hall)
desk_page_views.subscribe(at_desk)
asker_muted.subscribe(hide_all_of)
asker_name_hidden.subscribe(keep_name)
personal_data.subscribe(kept_of_people)
