"""Queries of polls."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.polls.counting import Result, result_of, weights
from dagvandebuurt.polls.models import WRITTEN, Ballot, Poll, PollKind, PollStatus, RoleCount
from dagvandebuurt.polls.permissions import PollPermission
from dagvandebuurt.polls.written import answers_of, texts_of
from dagvandebuurt.programme.models import ProgrammeSession

ASKED = (PollStatus.OPEN, PollStatus.CLOSED)


def polls_for(actor: Actor, session: ProgrammeSession) -> Sequence[Poll]:
    """Return the polls of `session` that were opened; for its moderators also the others.

    Whether results are withheld is a property of the poll: callers must not show them then.
    """
    query = (
        select(Poll)
        .where(Poll.session_id == session.id, Poll.status != PollStatus.REMOVED)
        .order_by(Poll.opened_at, Poll.title, Poll.revision)
        .options(selectinload(Poll.options))
    )
    if not can(actor, PollPermission.READ_DESK, session):
        query = query.where(Poll.status.in_(ASKED))
    return db.session.scalars(query).all()


def draft_of(session: ProgrammeSession, poll_id: UUID) -> Poll | None:
    """Return a poll of this session that the hall has not seen."""
    poll = db.session.get(Poll, poll_id)
    is_draft = poll is not None and poll.status in (PollStatus.DRAFT, PollStatus.READY)
    return poll if poll is not None and is_draft and poll.session_id == session.id else None


def polls_changed(session_id: UUID, since: int) -> Sequence[Poll]:
    """Return those changed after revision `since`; 0 asks for all."""
    return db.session.scalars(
        select(Poll)
        .where(
            Poll.session_id == session_id,
            or_(Poll.revision > (since or -1), Poll.ballot_revision > (since or -1)),
        )
        .options(selectinload(Poll.options))
        .execution_options(populate_existing=True)
    ).all()


def told_result(poll: Poll) -> Result:
    """Return the result of `poll` as everybody may read it: of what people wrote, what was shown."""
    return result_of(poll, counts_of(poll), answers_of(poll, only_shown=True))


def counts_of(poll: Poll) -> dict[int, int]:
    """Count the votes, or points, of each option so far. For the desk, and for public results.

    Of places nothing before the tally: of two looks, before and after a ballot, the second would tell whose it is.
    """
    counts = Counter({option.position: option.ballots for option in poll.options})  # none before the tally
    if poll.tallied_at is None and poll.kind not in (*WRITTEN, PollKind.PLACES):
        for positions in db.session.scalars(select(Ballot.positions).where(Ballot.poll_id == poll.id)):
            counts.update(weights(poll.kind, positions))
    return dict(counts)


def ballots_of(poll: Poll) -> int:
    """Count the ballots of an open poll."""
    return db.session.scalar(select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll.id)) or 0


def shown_results(session_id: UUID) -> list[tuple[Poll, Result]]:
    """Return the polls with a public result, with that result."""
    polls = db.session.scalars(
        select(Poll)
        .where(Poll.session_id == session_id, Poll.results_shown, Poll.tallied_at.is_not(None))
        .order_by(Poll.opened_at, Poll.title)
    )
    return [(poll, told_result(poll)) for poll in polls]


def numbers_of(poll: Poll) -> list[tuple[str, int]]:
    """Return choices and numbers of a counted poll; where these are points or rounded, that is said."""
    result = told_result(poll)
    has_unit = poll.kind in (PollKind.RANKING, PollKind.PLACES)
    return [(f"{label} ({result.unit})" if has_unit else label, number) for label, number in result.rows]


def counts_by_role(poll: Poll) -> dict[str, dict[int, int]]:
    """Return the stored counts by role: role → option → number."""
    found: dict[str, dict[int, int]] = {}
    for row in db.session.scalars(select(RoleCount).where(RoleCount.poll_id == poll.id)):
        found.setdefault(row.role, {})[row.position] = row.ballots
    return found


def voter_key(actor: Actor, poll_id: UUID) -> str:
    """Return the pseudonym of `actor` in this poll only."""
    assert actor.id is not None
    return pseudonym(poll_id, "ballot", actor.id)


def own_ballots(actor: Actor, session_id: UUID) -> dict[str, list[Any]]:
    """Return the choices of `actor` in the open polls here, as `own_ballots_of` does."""
    return {} if actor.id is None else own_ballots_of([actor], session_id)[0]


def own_ballots_of(actors: Sequence[Actor], session_id: UUID) -> list[dict[str, list[Any]]]:
    """Return what each of many known people chose, as options, or wrote, as texts. A query for each open poll; two
    where people write.
    """
    found: list[dict[str, list[Any]]] = [{} for _ in actors]
    open_polls = db.session.execute(
        select(Poll.id, Poll.kind).where(Poll.session_id == session_id, Poll.status == PollStatus.OPEN)
    ).all()
    for poll_id, kind in open_polls:
        whose = {voter_key(actor, poll_id): place for place, actor in enumerate(actors)}
        ballots = select(Ballot).where(Ballot.poll_id == poll_id, Ballot.voter_key.in_(whose))
        cast = db.session.scalars(ballots).all()
        texts = (
            texts_of(poll_id, {each for ballot in cast for each in ballot.positions})
            if kind in WRITTEN
            else {}
        )
        for ballot in cast:
            found[whose[ballot.voter_key]][str(poll_id)] = [
                texts.get(each, each) for each in ballot.positions
            ]
    return found
