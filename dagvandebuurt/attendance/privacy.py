"""How long this room keeps who was where."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import keeps
from dagvandebuurt.programme.models import ProgrammeSession


@keeps(
    "attendance",
    order=50,
    what=_l("In welke sessies je was, en hoe lang"),
    why=_l("Om te leren welke sessies mensen vasthouden, en voor een bewijs van deelname."),
    until=_l("30 dagen na de sessie. Daarna blijft alleen over hoeveel mensen er waren."),
    days=30,
)
def visits_become_a_number(before: datetime) -> int:
    """How many people were there stays; who they were goes."""
    past = select(ProgrammeSession.id).where(ProgrammeSession.ends_at < before).scalar_subquery()
    counts = db.session.execute(
        select(Visit.session_id, func.count(Visit.person_id.distinct()))
        .where(Visit.session_id.in_(past))
        .group_by(Visit.session_id)
    ).all()
    for session_id, visitors in counts:
        db.session.execute(
            update(ProgrammeSession)
            .where(ProgrammeSession.id == session_id)
            .values(visitors=func.coalesce(ProgrammeSession.visitors, 0) + visitors)
            .execution_options(synchronize_session=False)
        )
    return db.session.execute(delete(Visit).where(Visit.session_id.in_(past))).rowcount  # type: ignore[attr-defined,no-any-return]
