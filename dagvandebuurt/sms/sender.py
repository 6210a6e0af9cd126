"""Sender of the outbox: at most once. A message is claimed for good before the gateway is called, and sent again only
where the gateway surely did not take it.

What became of one in whose middle the process died, or the line broke, is unknown: it says so on the desk. Where the
gateway can be asked by our reference it is asked, and a delivery report says it as well.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs import beat, each
from dagvandebuurt.sms import outbox
from dagvandebuurt.sms.gateways import (
    Gateway,
    SmsLater,
    SmsRefused,
    SmsUnknown,
    SmsUnreachable,
    gateway_of,
)
from dagvandebuurt.sms.models import SmsMessage, SmsNumber
from dagvandebuurt.sms.outbox import Claim
from dagvandebuurt.sms.queries import lost_before, unknown_since
from dagvandebuurt.sms.sealing import number_of

logger = logging.getLogger(__name__)
GIVES_UP = 3  # consecutive failures of the gateway, after which this run stops
ASKS_AFTER, ASKS_UNTIL = timedelta(minutes=3), timedelta(hours=1)


def send_due(app: Flask) -> int:
    """Send what is due, by priority. Return how many the gateway took."""
    gateway = gateway_of(app.config)
    with app.app_context():
        now = clock.now()
        each("send_sms", lost_before(now), _give_up)
        if gateway is None:
            return 0
        _look_back(gateway, now)
        taken = away = 0
        while away < GIVES_UP:
            beat()
            with transaction():
                claimed = outbox.claim(clock.now())
            if claimed is None:
                break
            found = _send(claimed, gateway)
            taken, away = taken + (found is True), 0 if found is not None else away + 1
        return taken


def _send(claimed: Claim, gateway: Gateway) -> bool | None:
    """Hand one over and write down what became of it: True where it was taken, None where the gateway is away."""
    message_id = claimed.message_id
    message = db.session.get(SmsMessage, message_id)
    row = db.session.get(SmsNumber, message.number_id) if message is not None else None
    if message is None or row is None:
        return False  # its number was taken back just now, and it with that
    number, text = number_of(row), message.text
    with transaction():  # and no transaction stays open while a slow gateway thinks
        if not outbox.is_still_ours(claimed, now=clock.now()):
            return False
    try:
        if number is None:
            raise SmsRefused("no key")
        gateway.send(number, text, message_id.hex)
    except SmsRefused as refused:
        error, found = str(refused), False
        with transaction():
            outbox.mark_refused(message_id, error)
    except SmsLater as later:
        error = str(later)
        is_away = isinstance(later, SmsUnreachable)
        with transaction():
            outbox.try_later(message_id, error, now=clock.now(), is_away=is_away)
        logger.warning("sms was not taken: %s", error)
        return None if is_away else False
    except SmsUnknown as unknown:
        error, found = str(unknown), False
        with transaction():
            outbox.mark_unknown(message_id, error)
    else:
        with transaction():
            outbox.mark_sent(message_id, now=clock.now())
        return True
    logger.warning("sms was not sent: %s", error)
    return found


def _give_up(message_id: UUID) -> int:
    outbox.mark_unknown(message_id, "the sender died")
    return 1


def _look_back(gateway: Gateway, now: datetime) -> None:
    """Ask the gateway about those of which nobody knows."""
    for message_id in unknown_since(now - ASKS_UNTIL, now - ASKS_AFTER):
        db.session.rollback()
        beat()
        is_there = gateway.knows(message_id.hex)
        if is_there is None:
            continue
        with transaction():
            if is_there:
                outbox.mark_sent(message_id, now=clock.now())
            else:
                outbox.was_never_taken(message_id, now=clock.now())
