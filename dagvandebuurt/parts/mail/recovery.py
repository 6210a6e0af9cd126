"""Recovery from an outage of the mail server: the first mail that gets through takes the others along.

Each mail has a back-off of its own, which grows. During an outage that is the wrong measure: the server, and
not the mail, was the reason. So when one gets through after a while in which none did, all are due at once.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail, MailStatus

OUTAGE = timedelta(minutes=5)  # without a mail that got through; below that, each keeps its own back-off


def was_away(*, now: datetime) -> bool:
    """Return whether mail failed, and none got through since for a while."""
    last = db.session.scalar(select(func.max(Mail.sent_at)))
    if last is not None and now - last < OUTAGE:
        return False
    failed = select(Mail.id).where(Mail.status == MailStatus.WAITING, Mail.tried_at.is_not(None))
    if last is not None:
        failed = failed.where(Mail.tried_at > last)
    return db.session.scalar(failed.limit(1)) is not None
