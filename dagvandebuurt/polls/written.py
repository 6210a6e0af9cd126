"""Storing and reading what people write in a poll. Who wrote it stands in their ballot alone."""

import secrets
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.polls.grouping import group_for, key_of
from dagvandebuurt.polls.models import NUMBERS, WRITTEN, Poll, PollAnswer, PollKind


def answers_of(poll: Poll, *, only_shown: bool = False) -> Sequence[PollAnswer]:
    """Return what was written in `poll`; nothing for a poll in which people choose.

    `only_shown`: what a moderator showed, which is all that anybody but the moderators may read.
    """
    if poll.kind not in WRITTEN:
        return ()
    query = select(PollAnswer).where(PollAnswer.poll_id == poll.id)
    return db.session.scalars(query.where(PollAnswer.is_shown) if only_shown else query).all()


def texts_of(poll_id: UUID, numbers: Collection[int]) -> dict[int, str]:
    """Return these answers by number."""
    if not numbers:
        return {}
    rows = db.session.execute(
        select(PollAnswer.number, PollAnswer.text).where(
            PollAnswer.poll_id == poll_id, PollAnswer.number.in_(numbers)
        )
    )
    return {row.number: row.text for row in rows}


def written_down(poll: Poll, text: str) -> PollAnswer:
    """Return the answer of `poll` that says `text`: one that somebody gave before, or a new one in the group that
    it is like. In a word cloud each is a group of its own: *gezellig* and *ongezellig* are alike as texts, and say the
    opposite.
    """
    key = key_of(text)
    there = db.session.scalar(select(PollAnswer).where(PollAnswer.poll_id == poll.id, PollAnswer.key == key))
    if there is not None:
        return there
    number = secrets.randbelow(NUMBERS)
    group = None if poll.kind is PollKind.WORD_CLOUD else group_for(text, _heads(poll.id))
    made = PollAnswer(
        poll_id=poll.id,
        number=number,
        key=key,
        text=text,
        group_number=number if group is None else group,
        is_shown=False,
        ballots=0,
        revision=0,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _heads(poll_id: UUID) -> list[tuple[int, str]]:
    rows = db.session.execute(
        select(PollAnswer.number, PollAnswer.group_number, PollAnswer.text)
        .where(PollAnswer.poll_id == poll_id)
        .order_by(PollAnswer.number != PollAnswer.group_number, PollAnswer.number)
    )
    heads: dict[int, str] = {}
    for row in rows:
        heads.setdefault(row.group_number, row.text)
    return list(heads.items())


def count_again(poll_id: UUID, old: Sequence[int], new: Sequence[int]) -> bool:
    """Count that somebody says `new` instead of `old`. What nobody says any more is deleted.

    Returns whether the room read one of those.
    """
    if set(old) == set(new):
        return False
    rows = db.session.scalars(
        select(PollAnswer).where(PollAnswer.poll_id == poll_id, PollAnswer.number.in_({*old, *new}))
    )
    was_read = False
    for answer in rows.all():
        answer.ballots += (answer.number in new) - (answer.number in old)
        if answer.ballots == 0:
            was_read = was_read or answer.is_shown
            db.session.delete(answer)
    db.session.flush()
    return was_read
