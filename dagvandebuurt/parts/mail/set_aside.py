"""Mail that a restored backup still had to send.

It may have gone between the backup and the restore, which nothing here can know. So none of it goes by itself, and
none is lost: it is set aside until a person lets it go or throws it away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update

from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.jobs import wake
from dagvandebuurt.parts.mail.models import Mail, MailStatus

MOST_LISTED = 200
_IS_ASIDE = Mail.status == MailStatus.SET_ASIDE


@dataclass(frozen=True)
class MailCount:
    """Mails of one kind that were set aside: how many, made from when to when."""

    code: str
    count: int
    first: datetime
    last: datetime


def set_aside(*, now: datetime) -> int:
    """Set aside what waits and may have gone; return how many. What is planned for later has not gone: it stays."""
    may_have_gone = or_(Mail.due_at <= now, Mail.last_error.is_not(None))
    return _change(
        update(Mail)
        .where(and_(Mail.status == MailStatus.WAITING, may_have_gone))
        .values(status=MailStatus.SET_ASIDE, lease=None, leased_until=None)
    )


def release(*, now: datetime) -> int:
    """Let all of it go after all; return how many. A link that died meanwhile is not sent."""
    count = _change(
        update(Mail)
        .where(_IS_ASIDE)
        .values(status=MailStatus.WAITING, due_at=now, tries=0, last_error=None, answer=None, tried_at=None)
    )
    after_commit(wake, "send_mail")
    return count


def throw_away() -> int:
    """Delete all of it; return how many."""
    return _change(delete(Mail).where(_IS_ASIDE))


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Mail).where(_IS_ASIDE)) or 0


def mails() -> Sequence[Mail]:
    return db.session.scalars(
        select(Mail).where(_IS_ASIDE).order_by(Mail.made_at, Mail.id).limit(MOST_LISTED)
    ).all()


def kinds() -> list[MailCount]:
    """Return what is there by kind, without anybody's address."""
    rows = db.session.execute(
        select(Mail.kind, func.count(), func.min(Mail.made_at), func.max(Mail.made_at))
        .where(_IS_ASIDE)
        .group_by(Mail.kind)
        .order_by(Mail.kind)
    )
    return [MailCount(*row) for row in rows]


def _change(statement: Any) -> int:
    changed: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(changed.rowcount)
