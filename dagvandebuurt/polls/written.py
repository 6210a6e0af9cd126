"""Storing and reading what people write in a poll. Who wrote it stands in their ballot alone."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.polls.grouping import group_for, key_of
from dagvandebuurt.polls.models import WRITTEN, Poll, PollAnswer


def answers_of(poll: Poll, *, only_shown: bool = False) -> Sequence[PollAnswer]:
    """Return what was written in `poll`, in order of arrival; nothing for a poll in which people choose.

    `only_shown`: what a moderator showed, which is all that anybody but the moderators may read.
    """
    if poll.kind not in WRITTEN:
        return ()
    query = select(PollAnswer).where(PollAnswer.poll_id == poll.id).order_by(PollAnswer.position)
    return db.session.scalars(query.where(PollAnswer.is_shown) if only_shown else query).all()


def texts_of(poll_id: UUID, positions: Collection[int]) -> dict[int, str]:
    """Return these answers by position."""
    if not positions:
        return {}
    rows = db.session.execute(
        select(PollAnswer.position, PollAnswer.text).where(
            PollAnswer.poll_id == poll_id, PollAnswer.position.in_(positions)
        )
    )
    return {row.position: row.text for row in rows}


def written_down(poll: Poll, text: str, revision: int) -> PollAnswer:
    """Return the answer of `poll` that says `text`: one that somebody gave before, or a new one in the group that
    it is like.
    """
    key = key_of(text)
    there = db.session.scalar(select(PollAnswer).where(PollAnswer.poll_id == poll.id, PollAnswer.key == key))
    if there is not None:
        return there
    rows = db.session.execute(
        select(PollAnswer.position, PollAnswer.group_position, PollAnswer.text)
        .where(PollAnswer.poll_id == poll.id)
        .order_by(PollAnswer.position)
    ).all()
    position = rows[-1].position + 1 if rows else 0
    firsts = {row.group_position: row for row in reversed(rows)}
    group = group_for(text, [(row.group_position, row.text) for row in reversed(firsts.values())])
    made = PollAnswer(
        poll_id=poll.id,
        position=position,
        key=key,
        text=text,
        group_position=position if group is None else group,
        is_shown=False,
        ballots=0,
        revision=revision,
    )
    db.session.add(made)
    db.session.flush()
    return made


def count_again(poll_id: UUID, old: Sequence[int], new: Sequence[int]) -> bool:
    """Count that somebody says `new` instead of `old`. What nobody says any more is deleted.

    Returns whether the room read one of those.
    """
    if set(old) == set(new):
        return False
    rows = db.session.scalars(
        select(PollAnswer).where(PollAnswer.poll_id == poll_id, PollAnswer.position.in_({*old, *new}))
    )
    was_read = False
    for answer in rows.all():
        answer.ballots += (answer.position in new) - (answer.position in old)
        if answer.ballots == 0:
            was_read = was_read or answer.is_shown
            db.session.delete(answer)
    db.session.flush()
    return was_read
