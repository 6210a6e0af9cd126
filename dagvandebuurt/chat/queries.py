"""Reading the hall chat."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.chat.models import DEFAULT_PAUSE, ChatLine, ChatRules
from dagvandebuurt.core.db import db

MOST_SHOWN = 60  # lines on a page that opens now
MOST_AT_DESK = 120  # with hidden ones: what the hall reads is among them


def chat_rules(session_id: UUID) -> ChatRules:
    """Return the settings of this session, or new ones: no hall chat."""
    return db.session.get(ChatRules, session_id) or ChatRules(
        session_id=session_id, revision=0, is_open=False, is_over=False, seconds_between=DEFAULT_PAUSE
    )


def last_lines(session_id: UUID, *, hidden_too: bool = False) -> list[ChatLine]:
    """Return the last lines that the hall may read, or also the hidden ones, oldest first."""
    here = [ChatLine.session_id == session_id, ChatLine.person_id.is_not(None)]
    if not hidden_too:
        here.append(ChatLine.hidden_at.is_(None))
    found = db.session.scalars(
        select(ChatLine)
        .where(*here)
        .order_by(ChatLine.said_at.desc(), ChatLine.id.desc())
        .limit(MOST_AT_DESK if hidden_too else MOST_SHOWN)
        .execution_options(populate_existing=True)
    ).all()
    return list(reversed(found))


def has_lines(session_id: UUID) -> bool:
    """Return whether there is a line that the hall may read."""
    shown = select(ChatLine.id).where(
        ChatLine.session_id == session_id, ChatLine.person_id.is_not(None), ChatLine.hidden_at.is_(None)
    )
    return db.session.scalar(shown.limit(1)) is not None


def lines_changed(session_id: UUID, since: int) -> Sequence[ChatLine]:
    """Return the lines that changed after revision `since`, hidden ones too, oldest first."""
    return db.session.scalars(
        select(ChatLine)
        .where(ChatLine.session_id == session_id, ChatLine.revision > since)
        .order_by(ChatLine.said_at, ChatLine.id)
        .execution_options(populate_existing=True)
    ).all()


def last_line_of(session_id: UUID, person_id: UUID) -> ChatLine | None:
    """Return the line that somebody wrote last here, whatever became of it."""
    return db.session.scalar(
        select(ChatLine)
        .where(ChatLine.session_id == session_id, ChatLine.person_id == person_id)
        .order_by(ChatLine.said_at.desc())
        .limit(1)
    )


def line_of(session_id: UUID, line_id: UUID) -> ChatLine | None:
    """Return a line of this session that has not been erased."""
    line = db.session.get(ChatLine, line_id)
    return line if line is not None and line.session_id == session_id and line.person_id else None
