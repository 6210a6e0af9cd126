"""Live items of reports for the desk: only that something waits. The contents are on the page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item
from dagvandebuurt.moderation.models import Appeal, AppealStatus, Report
from dagvandebuurt.moderation.states import UNDECIDED


def sign(found: Report | Appeal) -> Item:
    """Serialise a report or appeal for the moderators of the session."""
    is_report = isinstance(found, Report)
    return {
        "kind": "report" if is_report else "appeal",
        "id": str(found.id),
        "revision": found.revision,
        "question": str(found.question_id) if found.question_id else None,
        "waits": found.status in UNDECIDED if is_report else found.status is AppealStatus.RECEIVED,
    }


class ReportItems:
    """Live item source: reports and appeals of a session."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        found = Changes()
        reports = select(Report).where(Report.session_id == room_id, Report.revision > since)
        appeals = select(Appeal).where(Appeal.session_id == room_id, Appeal.revision > since)
        for changed in (reports, appeals):
            fresh = db.session.scalars(changed.execution_options(populate_existing=True))
            found.desk += [sign(each) for each in fresh]
        return found

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


SOURCE = ReportItems()
items.register(SOURCE, versions=[(Report.session_id, Report.revision), (Appeal.session_id, Appeal.revision)])
