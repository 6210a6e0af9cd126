"""Live items of polls. Withheld results are in no serialisation for the hall."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.core import clock
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item
from dagvandebuurt.polls.grouping import groups_of
from dagvandebuurt.polls.models import Poll, PollStatus
from dagvandebuurt.polls.queries import ASKED, ballots_of, counts_of, own_ballots_of, polls_changed
from dagvandebuurt.polls.written import answers_of


def card(poll: Poll) -> Item:
    """Serialise what everybody in the hall may know of a poll that was opened. Of what people wrote: what a
    moderator showed.
    """
    is_told = poll.results_shown and poll.tallied_at is not None
    groups = groups_of(answers_of(poll, only_shown=True))
    numbers = [group.number for group in groups] or [option.ballots for option in poll.options]
    return {
        "kind": "poll",
        "id": str(poll.id),
        "revision": poll.revision,
        "status": poll.status_at(clock.now()).value,
        "title": poll.title,
        "type": poll.kind.value,
        "options": [group.label if is_told else group.name for group in groups]
        or [option.label for option in poll.options],
        "max_choices": poll.max_choices,
        "low_label": poll.low_label,
        "high_label": poll.high_label,
        "right": poll.right_position if is_told else None,
        "closes_at": poll.closes_by.isoformat() if poll.status is PollStatus.OPEN else None,
        "results": numbers if is_told else None,
    }


def desk_card(poll: Poll) -> Item:
    """Serialise what moderators may know in addition: how many voted, and the counts."""
    if poll.status is PollStatus.REMOVED:
        return {"kind": "poll", "id": str(poll.id), "revision": poll.revision, "gone": True}
    counts, shown = counts_of(poll), card(poll)
    return {
        **shown,
        "revision": max(poll.revision, poll.ballot_revision),
        "desk_revision": poll.revision,
        "results_shown": poll.results_shown,
        "ballots": ballots_of(poll) if poll.tallied_at is None else None,
        "counts": [counts.get(option.position, 0) for option in poll.options],
    }


class PollItems:
    """Live item source: the polls of a session."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        found = Changes()
        for poll in polls_changed(room_id, since):
            found.desk.append(desk_card(poll))
            if poll.revision > (since or -1) and poll.status in ASKED:
                found.hall.append(card(poll))
        return found

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"ballots": ballots} for ballots in own_ballots_of(actors, room_id)]


SOURCE = PollItems()
items.register(SOURCE, versions=[(Poll.session_id, Poll.revision), (Poll.session_id, Poll.ballot_revision)])
