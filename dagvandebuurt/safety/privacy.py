"""Data retention and erasure of alarms: what was done stays, by whom and in which words goes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.safety.models import AlarmStep, DutyContact

GONE = {"person_id": None, "person_name": "", "text": None}


@retention_rule(
    "alarm",
    order=112,
    what=_l("Alarm over iemand in gevaar: wie het zag, wie het oppakte, en wat je toen las"),
    why=_l("Om te helpen, en om uit te leggen wat er gedaan is."),
    until=_l("Een half jaar."),
    days=180,
)
def alarms_of_long_ago(before: datetime) -> int:
    """Take people and words off old alarms; that there was one stays."""
    gone = db.session.execute(
        update(AlarmStep)
        .where(AlarmStep.at < before, or_(AlarmStep.person_name != "", AlarmStep.text.is_not(None)))
        .values(**GONE)
        .execution_options(synchronize_session=False)
    )
    return gone.rowcount  # type: ignore[attr-defined,no-any-return]


def alarms_stay_without_helper(person_id: UUID, _now: datetime) -> None:
    """Erase who helped and their own words; a ready sentence stays for the asker."""
    db.session.execute(
        update(AlarmStep)
        .where(AlarmStep.person_id == person_id)
        .values(**GONE)
        .execution_options(synchronize_session=False)
    )


def alarms_without_people(_now: datetime) -> None:
    """Keep that there were alarms: no words and no names."""
    for statement in (update(AlarmStep).values(**GONE), delete(DutyContact)):
        db.session.execute(statement.execution_options(synchronize_session=False))
