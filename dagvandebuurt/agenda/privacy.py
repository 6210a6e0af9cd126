"""Data retention and erasure of the agenda."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from dagvandebuurt.agenda.models import (
    PUBLIC,
    Action,
    Follow,
    FollowUp,
    FollowUpEvent,
    FollowUpStatus,
    Heard,
    Participation,
)
from dagvandebuurt.agenda.states import BEFORE_SENDING
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import RetentionRule

AGENDA = RetentionRule(
    "agenda",
    order=115,
    what=_l("Welke actiepunten je voorstelde of volgt, of je meedoet, en wat je erbij schreef"),
    why=_l("Om je te laten weten wat ermee gebeurt, en zodat de organisatie weet wie wil helpen."),
    until=_l("Tot je ermee stopt of je gegevens laat wissen. Wat verstuurd is, blijft staan zonder je naam."),
)

# Events by residents; others are made by editors and organisations in their function.
OF_RESIDENTS = (Action.PROPOSE, Action.WITHDRAW, Action.CONFIRM, Action.REOPEN)


def points_stay_without_their_raiser(person_id: UUID, now: datetime) -> None:
    """Erase a person: unsent points are deleted, public ones stay without their raiser."""
    for point in db.session.scalars(select(FollowUp).where(FollowUp.raised_by_id == person_id)):
        if point.status in BEFORE_SENDING:
            point.status = FollowUpStatus.WITHDRAWN
        if point.status in (FollowUpStatus.WITHDRAWN, FollowUpStatus.DECLINED, FollowUpStatus.MERGED):
            point.title = point.body = ""
        point.raised_by_id = None
    db.session.flush()
    theirs = update(FollowUpEvent).where(FollowUpEvent.by_id == person_id)
    for statement in (
        theirs.where(FollowUpEvent.deed.in_(OF_RESIDENTS)).values(note=None, by_id=None),
        theirs.values(by_id=None),
        update(Heard).where(Heard.edited_by_id == person_id).values(edited_by="", edited_by_id=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def points_without_people(_now: datetime) -> None:
    """Keep what was sent to an organisation, its answers and its history; of other points only that they were."""
    for statement in (
        update(FollowUp).where(FollowUp.status.in_(BEFORE_SENDING)).values(status=FollowUpStatus.WITHDRAWN),
        update(FollowUp).where(FollowUp.status.not_in(PUBLIC)).values(title="", body=""),
        update(FollowUp).values(raised_by_id=None),
        update(FollowUpEvent).where(FollowUpEvent.deed.in_(OF_RESIDENTS)).values(note=None),
        delete(Follow),
        delete(Participation),
        update(Heard).values(edited_by="", edited_by_id=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
