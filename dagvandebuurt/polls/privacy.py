"""Data export of ballots: only of open polls, as later nobody can tell whose they were."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import Rows
from dagvandebuurt.core.retention import RetentionRule, retention_rule
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.people.lifecycle.data_export import plain_row
from dagvandebuurt.polls.models import WRITTEN, Ballot, Poll, PollAnswer
from dagvandebuurt.polls.written import count_again, texts_of
from dagvandebuurt.programme.models import ProgrammeSession

BALLOT = RetentionRule(
    "ballot",
    order=80,
    what=_l("Wat je koos in een peiling, zonder je naam"),
    why=_l("Zodat je je keuze kunt veranderen zolang de peiling open is."),
    until=_l("Bij het sluiten vernietigen we de sleutel. Daarna weet niemand meer wat jij koos."),
)


@retention_rule(
    "poll_answer",
    order=81,
    what=_l("Wat je zelf schreef in een peiling, zonder je naam"),
    why=_l("Zodat een moderator antwoorden kan tonen aan de zaal."),
    until=_l(
        "Wie wat schreef, weet na het sluiten niemand meer. Wat de moderator niet toonde, gaat een dag na de "
        "sessie weg. Wat getoond is, blijft bij de uitslag."
    ),
    days=1,
)
def unshown_answers(before: datetime) -> int:
    """Delete what was written in polls of sessions that ended before that moment, and never shown."""
    ended = (
        select(Poll.id)
        .join(ProgrammeSession)
        .where(ProgrammeSession.ends_at < before, Poll.tallied_at.is_not(None))
    )
    hidden = delete(PollAnswer).where(PollAnswer.poll_id.in_(ended), ~PollAnswer.is_shown)
    return db.session.execute(hidden.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]


def ballots_of(person_id: UUID) -> Rows:
    """Export a person's ballots in open polls: those of closed ones cannot be traced."""
    polls = db.session.scalars(select(Poll.id).where(Poll.tallied_at.is_(None))).all()
    mine = [pseudonyms.pseudonym(poll, "ballot", person_id) for poll in polls]
    table = Ballot.__table__
    found = db.session.execute(select(table).where(table.c.voter_key.in_(mine))).mappings()
    return [plain_row(table, row) for row in found]  # type: ignore[arg-type]


def answers_of(person_id: UUID) -> Rows:
    """Export what a person wrote in open polls."""
    polls = select(Poll.id).where(Poll.tallied_at.is_(None), Poll.kind.in_(WRITTEN))
    texts: list[str] = []
    for poll in db.session.scalars(polls).all():
        mine = select(Ballot.positions).where(
            Ballot.poll_id == poll, Ballot.voter_key == pseudonyms.pseudonym(poll, "ballot", person_id)
        )
        texts += texts_of(poll, db.session.scalar(mine) or []).values()
    return [{"text": text} for text in texts]


def take_back_what_they_wrote(person_id: UUID, _now: datetime) -> None:
    """Take the answer of a person out of the open polls, also where the room read it. Choices stay, as numbers."""
    polls = db.session.execute(
        select(Poll.id, Poll.session_id).where(Poll.tallied_at.is_(None), Poll.kind.in_(WRITTEN))
    ).all()
    for poll_id, session_id in sorted(polls, key=lambda row: (row.session_id, row.id)):
        if not pseudonyms.exists(poll_id):
            continue
        theirs = (Ballot.poll_id == poll_id) & (
            Ballot.voter_key == pseudonyms.pseudonym(poll_id, "ballot", person_id)
        )
        if db.session.scalar(select(Ballot.voter_key).where(theirs)) is None:
            continue
        revision = raise_revision(session_id)  # lock before reading: a concurrent close waits, or is done
        numbers = db.session.scalar(select(Ballot.positions).where(theirs))
        if numbers is None:
            continue
        was_read = count_again(poll_id, numbers, [])
        db.session.execute(delete(Ballot).where(theirs).execution_options(synchronize_session=False))
        if revision is not None:
            changed = {"ballot_revision": revision, **({"revision": revision} if was_read else {})}
            db.session.execute(
                update(Poll)
                .where(Poll.id == poll_id)
                .values(changed)
                .execution_options(synchronize_session=False)
            )


def ballots_go(_now: datetime) -> None:
    """Delete ballots of polls that never closed, and what was written and never shown."""
    db.session.execute(delete(Ballot))
    db.session.execute(delete(PollAnswer).where(~PollAnswer.is_shown))
