"""Date shift of the demo, so that the first round is live when it is viewed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import id_of
from dagvandebuurt.market.models import MarketPresence, MarketStand
from dagvandebuurt.programme.models import Edition, ProgrammeSession, Round
from dagvandebuurt.qanda.models import Question

LIVE_ROUND = "round-1"
ALREADY_GOING = timedelta(minutes=10)


def make_live(now: datetime) -> timedelta:
    """Shift the whole day unless its first round is live already. Returns by how much."""
    edition = db.session.get_one(Edition, id_of("edition"))
    live_round = db.session.scalars(
        select(Round).where(Round.edition_id == edition.id, Round.code == LIVE_ROUND)
    ).one()
    if live_round.starts_at <= now < live_round.ends_at - timedelta(minutes=5):
        return timedelta()
    start = (now - ALREADY_GOING).replace(second=0, microsecond=0)
    by = start - timedelta(minutes=start.minute % 5) - live_round.starts_at
    edition.starts_at += by
    edition.ends_at += by
    edition.registration_opens_at += by
    edition.registration_closes_at += by
    edition.year = edition.starts_at.year
    edition.programme_version += 1
    for part in db.session.scalars(select(Round).where(Round.edition_id == edition.id)):
        part.starts_at += by
        part.ends_at += by
    for session in db.session.scalars(
        select(ProgrammeSession).where(ProgrammeSession.edition_id == edition.id)
    ):
        session.starts_at += by
        session.ends_at += by
        session.sequence += 1
        session.changed_at = now
        for question in db.session.scalars(select(Question).where(Question.session_id == session.id)):
            question.asked_at += by
            question.shown_at = question.shown_at and question.shown_at + by
            question.answered_at = question.answered_at and question.answered_at + by
        for visit in db.session.scalars(select(Visit).where(Visit.session_id == session.id)):
            visit.first_seen_at += by
            visit.last_seen_at += by
    for stand in db.session.scalars(select(MarketStand).where(MarketStand.edition_id == edition.id)):
        stand.opens_at += by
        stand.closes_at += by
        for there in db.session.scalars(select(MarketPresence).where(MarketPresence.stand_id == stand.id)):
            there.until = stand.closes_at
    return by
