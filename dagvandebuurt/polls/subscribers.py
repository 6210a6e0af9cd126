"""Subscriptions of polls: fragments for the pages of a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.polls import account_merging, privacy
from dagvandebuurt.polls.choices import KINDS
from dagvandebuurt.polls.forms import STEPS
from dagvandebuurt.polls.panel import (
    MINUTES,
    PollView,
    desk_polls,
    hall_panel,
    podium_poll,
)
from dagvandebuurt.programme.hooks import (
    desk_page_views,
    podium_page_views,
    room_page_views,
    session_page_views,
)
from dagvandebuurt.programme.models import ProgrammeSession


def in_hall(session: ProgrammeSession) -> Mapping[str, object]:
    return {"polls": hall_panel(session)}


def on_podium(session: ProgrammeSession) -> Mapping[str, object]:
    return {"polls": podium_poll(session)}


@dataclass(frozen=True, slots=True)
class PollDesk:
    polls: list[PollView]
    minutes: tuple[int, ...]
    new_id: str
    steps: tuple[int, ...] = STEPS
    kinds: Mapping[str, str] = field(default_factory=lambda: KINDS)


def at_desk(session: ProgrammeSession) -> Mapping[str, object]:
    """List the polls with their numbers, and the id of a new one."""
    return {"polls": PollDesk(desk_polls(session), MINUTES, str(uuid4()))}


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.BALLOT, privacy.unshown_answers],
        erase=[privacy.take_back_what_they_wrote],
        dissolve=[privacy.ballots_go],
        export={"ballot": privacy.ballots_of, "poll_answer": privacy.answers_of},
        merge=[account_merging.one_ballot_each],
    )


room_page_views.subscribe(in_hall)
session_page_views.subscribe(in_hall)
podium_page_views.subscribe(on_podium)
desk_page_views.subscribe(at_desk)
personal_data.subscribe(kept_of_people)
