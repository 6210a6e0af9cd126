"""Data retention of breakout rounds: who sat where, and what was written."""

from datetime import datetime

from sqlalchemy import delete, select, update

from dagvandebuurt.breakouts.models import (
    BreakoutGroup,
    BreakoutLine,
    BreakoutRemoval,
    BreakoutRound,
    BreakoutSeat,
    BreakoutWish,
)
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.muting import muted_by_name


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
    gone = _delete_lines_of_muted(before)
    for statement in (
        delete(BreakoutRemoval).where(BreakoutRemoval.group_id.in_(groups)),
        delete(BreakoutSeat).where(BreakoutSeat.group_id.in_(groups)),
        delete(BreakoutWish).where(BreakoutWish.session_id.in_(past)),
        update(BreakoutLine)
        .where(BreakoutLine.group_id.in_(groups), BreakoutLine.author_id.is_not(None))
        .values(author_id=None),
    ):
        done = db.session.execute(statement.execution_options(synchronize_session=False))
        gone += done.rowcount  # type: ignore[attr-defined]
    return gone


def _delete_lines_of_muted(before: datetime) -> int:
    """Delete what nobody at the table could read, before it is forgotten whose it was."""
    rows = db.session.execute(
        select(BreakoutRound.session_id, BreakoutLine.author_id)
        .join(BreakoutGroup, BreakoutGroup.round_id == BreakoutRound.id)
        .join(BreakoutLine, BreakoutLine.group_id == BreakoutGroup.id)
        .where(BreakoutLine.group_id.in_(_groups_before(before)), BreakoutLine.author_id.is_not(None))
        .distinct()
    ).all()
    gone = 0
    for session_id in sorted({row.session_id for row in rows}):
        muted = muted_by_name(session_id, {row.author_id for row in rows if row.session_id == session_id})
        there = (
            select(BreakoutGroup.id)
            .join(BreakoutRound, BreakoutRound.id == BreakoutGroup.round_id)
            .where(BreakoutRound.session_id == session_id)
        )
        if muted:
            statement = delete(BreakoutLine).where(
                BreakoutLine.group_id.in_(there), BreakoutLine.author_id.in_(muted)
            )
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
    for kind in (BreakoutLine, BreakoutRemoval, BreakoutSeat, BreakoutWish):
        db.session.execute(delete(kind))
