"""Queries of captions. Everybody in the room reads all of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.core.db import db

AT_HAND = 40  # lines: about three minutes of speech. Thousands join a room; earlier lines are on the page.


def lines_of(session_id: UUID) -> Sequence[CaptionLine]:
    """Return all lines that were not deleted, first to last."""
    return db.session.scalars(
        select(CaptionLine)
        .where(CaptionLine.session_id == session_id, CaptionLine.text != "")
        .order_by(CaptionLine.position)
    ).all()


def last_lines(session_id: UUID, most: int = AT_HAND) -> list[CaptionLine]:
    """Return the newest, first to last."""
    found = db.session.scalars(
        select(CaptionLine)
        .where(CaptionLine.session_id == session_id, CaptionLine.text != "")
        .order_by(CaptionLine.position.desc())
        .limit(most)
    ).all()
    return list(reversed(found))


def lines_changed(session_id: UUID, since: int) -> Sequence[CaptionLine]:
    """Return lines with a revision above `since`, including deleted ones."""
    return db.session.scalars(
        select(CaptionLine)
        .where(CaptionLine.session_id == session_id, CaptionLine.revision > since)
        .order_by(CaptionLine.position)
        .execution_options(populate_existing=True)
    ).all()


def next_position(session_id: UUID) -> int:
    """Return the next position. Needs the lock of the room."""
    last = db.session.scalar(
        select(func.max(CaptionLine.position)).where(CaptionLine.session_id == session_id)
    )
    return 0 if last is None else last + 1


def has_any(session_id: UUID) -> bool:
    """Tell whether there are any captions."""
    return bool(
        db.session.scalar(
            select(CaptionLine.id)
            .where(CaptionLine.session_id == session_id, CaptionLine.text != "")
            .limit(1)
        )
    )
