"""Retention of what speakers said after their technical check."""

from datetime import datetime

from sqlalchemy import delete

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.readiness.models import TechCheck


@retention_rule(
    "tech_check",
    order=96,
    what=_l("Spreek je op de dag: of je technische proef lukte, en wat je erbij schreef"),
    why=_l("Zodat iemand je kan helpen voor je aan de beurt bent."),
    until=_l("60 dagen nadat je het invulde"),
    days=60,
)
def old_checks(before: datetime) -> int:
    return db.session.execute(delete(TechCheck).where(TechCheck.at < before)).rowcount  # type: ignore[attr-defined,no-any-return]
