"""Retention of stored operations and submitted forms."""

from datetime import datetime

from sqlalchemy import delete

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.live.models import FormOnce, Operation


@retention_rule(
    "operation",
    order=70,
    what=_l("Dat wat je verstuurde aankwam, zonder je naam"),
    why=_l("Zodat een vraag die twee keer verstuurd wordt, er één keer komt te staan."),
    until=_l("2 dagen"),
    days=2,
)
def old_operations(before: datetime) -> int:
    gone: int = 0
    for table in (Operation, FormOnce):
        gone += db.session.execute(delete(table).where(table.at < before)).rowcount  # type: ignore[attr-defined]
    return gone


def operations_go(_now: datetime) -> None:
    """Delete all stored operations and submitted forms."""
    for table in (Operation, FormOnce):
        db.session.execute(delete(table))
