"""Data retention of breakout rounds: who sat where, and what was written."""

from datetime import datetime

from sqlalchemy import delete, select, update

from dagvandebuurt.breakouts.models import (
    BreakoutGroup,
    BreakoutLine,
    BreakoutRound,
    BreakoutSeat,
    BreakoutWish,
)
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.programme.models import ProgrammeSession


def _groups_before(before: datetime):  # type: ignore[no-untyped-def]
    return (
        select(BreakoutGroup.id)
        .join(BreakoutRound, BreakoutRound.id == BreakoutGroup.round_id)
        .join(ProgrammeSession, ProgrammeSession.id == BreakoutRound.session_id)
        .where(ProgrammeSession.ends_at < before)
    )


@retention_rule(
    "breakout",
    order=52,
    what=_l("Aan welke tafel je zat, met wie je dat wilde, en welke regels van jou zijn"),
    why=_l("Zodat je je tafel terugvindt, en je in een tweede ronde anderen ontmoet."),
    until=_l("1 dag na de sessie. Daarna weet niemand meer wie aan welke tafel zat."),
    days=1,
)
def tables_are_forgotten(before: datetime) -> int:
    """Delete who sat where, and take the authors off the notes."""
    groups = _groups_before(before)
    past = select(ProgrammeSession.id).where(ProgrammeSession.ends_at < before)
    gone = 0
    for statement in (
        delete(BreakoutSeat).where(BreakoutSeat.group_id.in_(groups)),
        delete(BreakoutWish).where(BreakoutWish.session_id.in_(past)),
        update(BreakoutLine)
        .where(BreakoutLine.group_id.in_(groups), BreakoutLine.author_id.is_not(None))
        .values(author_id=None),
    ):
        done = db.session.execute(statement.execution_options(synchronize_session=False))
        gone += done.rowcount  # type: ignore[attr-defined]
    return gone


@retention_rule(
    "breakout_note",
    order=53,
    what=_l("Wat jullie aan een tafel opschreven"),
    why=_l("Voor de mensen aan die tafel. Wat een tafel meegeeft, leest de moderator bij het afronden."),
    until=_l("30 dagen na de sessie, na 1 dag zonder te weten wie het schreef."),
    days=30,
)
def notes_go(before: datetime) -> int:
    """Delete the notes; what was used of them stands in the wrap-up."""
    statement = delete(BreakoutLine).where(BreakoutLine.group_id.in_(_groups_before(before)))
    return db.session.execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]


def nothing_stays(_now: datetime) -> None:
    """Delete all of it."""
    for kind in (BreakoutLine, BreakoutSeat, BreakoutWish):
        db.session.execute(delete(kind))
