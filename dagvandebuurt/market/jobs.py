"""Background job that ends the queues of stands where nobody is any more, and erases those that are over."""

from uuid import UUID

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.market import queue_rules
from dagvandebuurt.market.models import MarketStand
from dagvandebuurt.market.privacy import KEPT_AFTER, waits_of_long_ago
from dagvandebuurt.market.queue_queries import stands_with_queue
from dagvandebuurt.parts.jobs import each, job


@job("settle_queues", minute="*")
def settle_queues(app: Flask) -> int:
    """End queues that nobody serves, and erase what ended half a day ago. Idempotent. Returns how many ended."""
    with app.app_context():
        due = stands_with_queue()
        db.session.rollback()
        ended = each("settle_queues", due, _settle_at)
        with transaction():
            assert waits_of_long_ago.tidy is not None
            waits_of_long_ago.tidy(clock.now() - KEPT_AFTER)
        return ended


def _settle_at(stand_id: UUID) -> int:
    stand = db.session.get(MarketStand, stand_id)
    if stand is None:
        return 0
    queue_rules.lock(stand)
    return queue_rules.end_unserved(stand, clock.now())
