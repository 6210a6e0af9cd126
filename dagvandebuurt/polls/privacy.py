"""Data export of ballots: only of open polls, as later nobody can tell whose they were."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import Rows
from dagvandebuurt.core.retention import RetentionRule
from dagvandebuurt.people.lifecycle.data_export import plain_row
from dagvandebuurt.polls.models import Ballot, Poll

BALLOT = RetentionRule(
    "ballot",
    order=80,
    what=_l("Wat je koos in een peiling, zonder je naam"),
    why=_l("Zodat je je keuze kunt veranderen zolang de peiling open is."),
    until=_l("Bij het sluiten vernietigen we de sleutel. Daarna weet niemand meer wat jij koos."),
)


def ballots_of(person_id: UUID) -> Rows:
    """Export a person's ballots in open polls: those of closed ones cannot be traced."""
    polls = db.session.scalars(select(Poll.id).where(Poll.tallied_at.is_(None))).all()
    mine = [pseudonyms.pseudonym(poll, "ballot", person_id) for poll in polls]
    table = Ballot.__table__
    found = db.session.execute(select(table).where(table.c.voter_key.in_(mine))).mappings()
    return [plain_row(table, row) for row in found]  # type: ignore[arg-type]


def ballots_go(_now: datetime) -> None:
    """Delete ballots of polls that never closed; results are numbers."""
    db.session.execute(delete(Ballot))
