"""Data retention and erasure of reports and appeals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.moderation.models import Appeal, Report, TextDecision
from dagvandebuurt.qanda.models import BackstageLine, QuestionChange


@retention_rule(
    "moderation",
    order=110,
    what=_l("Meldingen, bezwaren, en wie wat verborg"),
    why=_l("Om je uit te leggen wat er besloten is. Dat moet van de wet."),
    until=_l("Een half jaar. Gesprekken achter de schermen: ook."),
    days=180,
)
def decisions_of_long_ago(before: datetime) -> int:
    """Delete old backstage notes, and the people and texts of old decisions; reasons and counts stay."""
    gone = ""
    statements = (
        delete(BackstageLine).where(BackstageLine.at < before),
        update(QuestionChange)
        .where(QuestionChange.at < before, QuestionChange.moderator_name != gone)
        .values(moderator_name=gone, moderator_id=None),
        update(TextDecision)
        .where(TextDecision.at < before, TextDecision.moderator_name != gone)
        .values(moderator_name=gone, moderator_id=None),
        update(Report)
        .where(Report.decided_at < before, or_(Report.reporter_id.is_not(None), Report.decided_by != gone))
        .values(
            reporter_id=None,
            reporter_name=None,
            reporter_email=None,
            note=None,
            taken_by=gone,
            decided_by=gone,
            decided_by_id=None,
        ),
        update(Appeal)
        .where(Appeal.decided_at < before, or_(Appeal.text != gone, Appeal.decided_by != gone))
        .values(text=gone, against=gone, against_id=None, decided_by=gone, decided_by_id=None),
    )
    return sum(
        db.session.execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
        for statement in statements
    )


def reports_stay_without_reporter(person_id: UUID, now: datetime) -> None:
    """Erase a reporter and their text; the report and its decision stay."""
    mine = select(Report.id).where(Report.reporter_id == person_id)
    for kind, condition, values in (
        (Appeal, Appeal.report_id.in_(mine), {"text": ""}),
        (Appeal, Appeal.against_id == person_id, {"against_id": None, "against": ""}),
        (Appeal, Appeal.decided_by_id == person_id, {"decided_by_id": None, "decided_by": ""}),
        (Report, Report.decided_by_id == person_id, {"decided_by_id": None, "decided_by": "", "taken_by": ""}),
        (TextDecision, TextDecision.moderator_id == person_id, {"moderator_id": None, "moderator_name": ""}),
        (Report, Report.reporter_id == person_id, {
            "reporter_id": None, "note": None, "reporter_name": None, "reporter_email": None,
        }),
    ):  # fmt: skip
        db.session.execute(
            update(kind).where(or_(condition)).values(**values).execution_options(synchronize_session=False)
        )


def decisions_without_people(_now: datetime) -> None:
    """Keep how often something was reported and what was decided: no words of people, and no names."""
    gone = ""
    for statement in (
        update(Report).values(
            reporter_id=None,
            reporter_name=None,
            reporter_email=None,
            note=None,
            taken_by=None,
            decided_by=None,
            decided_by_id=None,
        ),
        update(Appeal).values(text=gone, against=gone, against_id=None, decided_by=None, decided_by_id=None),
        update(TextDecision).values(moderator_name=gone, moderator_id=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
