"""Account merging: a guest and the account they turn out to have get one ballot."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.polls.models import Ballot, Poll
from dagvandebuurt.polls.written import count_again


def one_ballot_each(guest_id: UUID, into_id: UUID, now: datetime) -> None:
    """Merge ballots in open polls. Where both voted, the account's own choice stays."""
    polls = db.session.execute(select(Poll.id, Poll.session_id).where(Poll.tallied_at.is_(None))).all()
    for poll_id, session_id in sorted(polls):
        if not pseudonyms.exists(poll_id):
            continue
        old, new = (pseudonyms.pseudonym(poll_id, "ballot", person) for person in (guest_id, into_id))
        mine = select(Ballot.voter_key).where(Ballot.poll_id == poll_id)
        if db.session.scalar(mine.where(Ballot.voter_key == old)) is None:
            continue
        revision = raise_revision(
            session_id
        )  # lock before reading ballots: a concurrent close waits, or is done
        both = db.session.scalar(mine.where(Ballot.voter_key == new)) is not None
        was_read = False
        if both:
            dropped = db.session.scalar(
                select(Ballot.positions).where(Ballot.poll_id == poll_id, Ballot.voter_key == old)
            )
            was_read = count_again(poll_id, dropped or [], [])
        theirs = (Ballot.poll_id == poll_id) & (Ballot.voter_key == old)
        statement = (
            delete(Ballot).where(theirs) if both else update(Ballot).where(theirs).values(voter_key=new)
        )
        db.session.execute(statement.execution_options(synchronize_session=False))
        if revision is not None:
            changed = {"ballot_revision": revision, **({"revision": revision} if was_read else {})}
            db.session.execute(
                update(Poll)
                .where(Poll.id == poll_id)
                .values(changed)
                .execution_options(synchronize_session=False)
            )
