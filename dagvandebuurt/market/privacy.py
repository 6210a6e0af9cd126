"""Data retention of the market: who stood in a stand, and until when."""

from datetime import datetime

from sqlalchemy import delete

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.market.models import MarketPresence


@retention_rule(
    "market_presence",
    order=118,
    what=_l("Dat je in een kraam staat op de buurtmarkt"),
    why=_l("Zodat bezoekers zien wie er is."),
    until=_l("1 dag nadat je wegging of de kraam dichtging."),
    days=1,
)
def who_stood_there_is_forgotten(before: datetime) -> int:
    """Delete who was at a stand."""
    statement = delete(MarketPresence).where(MarketPresence.until < before)
    return db.session.execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]


def nobody_stands_there(_now: datetime) -> None:
    """Delete all of it."""
    db.session.execute(delete(MarketPresence))
