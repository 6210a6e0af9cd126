"""Background job that takes the hall chat from open pages once its session is over."""

from uuid import UUID

from flask import Flask
from sqlalchemy import select

from dagvandebuurt.chat.models import ChatRules
from dagvandebuurt.chat.rules import OPEN_PHASES
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.programme.models import ProgrammeSession


@job("end_chats", minute="*")
def end_chats(app: Flask) -> int:
    """Tell open pages that the hall chat of a session is over, or goes on because the session does. Idempotent.
    Returns how many changed.
    """
    with app.app_context():
        now = clock.now()
        rows = db.session.execute(
            select(ChatRules.session_id, ChatRules.is_over, ProgrammeSession).join(
                ProgrammeSession, ProgrammeSession.id == ChatRules.session_id
            )
        )
        due = sorted(
            row.session_id
            for row in rows
            if row.is_over is (row.ProgrammeSession.phase_at(now) in OPEN_PHASES)
        )
        db.session.rollback()
        count = each("end_chats", due, _end)
        if count:
            live().tell()
        return count


def _end(session_id: UUID) -> int:
    revision = raise_revision(session_id)
    rules = db.session.get(ChatRules, session_id)
    session = db.session.get(ProgrammeSession, session_id)
    if revision is None or rules is None or session is None:
        return 0
    rules.is_over = session.phase_at(clock.now()) not in OPEN_PHASES
    rules.revision = revision
    return 1
