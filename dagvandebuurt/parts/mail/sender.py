"""Outbox sender: claim one mail with a lease, send it, mark it (at-least-once delivery).

Concurrent senders never send the same mail: each takes one at a time, under a lease with a token, checks it
by compare-and-set right before sending, and a lease lasts longer than any delivery may. A mail is sent twice
only if the sender or the connection dies between the server's acceptance and our mark, and then with the
same Message-ID: no protocol can close that window.
"""

import logging
from enum import Enum

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs import beat
from dagvandebuurt.parts.mail import rules
from dagvandebuurt.parts.mail.message_bytes import NoAddress, address_of, bytes_of, host_of, sender_of
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.parts.mail.rules import Claim, Failure
from dagvandebuurt.parts.mail.transports import RefusedForEver, Transport, Unreachable, transport_of

logger = logging.getLogger(__name__)
GIVES_UP = 3  # consecutive failures to reach the server, after which this run stops


class SendResult(Enum):
    SENT = "sent"
    LOST = "another sender has it"
    NOT_SENT = "not sent"
    UNREACHABLE = "the server is away"


def send_due(app: Flask) -> int:
    """Send what is due, by priority. Return how many were handed over."""
    transport = transport_of(app.config)
    if transport is None:
        return 0
    try:
        sender_of(app.config["MAIL_FROM"])
    except NoAddress:
        logger.error("MAIL_FROM is no address: all mail waits")
        return 0
    sent = away = 0
    with app.app_context():
        try:
            while away < GIVES_UP:
                beat()
                with transaction():
                    claim = rules.claim(now=clock.now())
                if claim is None:
                    break
                outcome = _send(claim, transport, app)
                sent += outcome is SendResult.SENT
                away = away + 1 if outcome is SendResult.UNREACHABLE else 0
        finally:
            transport.close()
    return sent


def _send(claim: Claim, transport: Transport, app: Flask) -> SendResult:
    """Hand one mail over and record the result. A failing one does not stop the others."""
    error, failure, outcome = "", Failure.NOT_NOW, SendResult.NOT_SENT
    try:
        mail = db.session.get_one(Mail, claim.mail_id)
        to = address_of(mail.to)
        message = bytes_of(mail, sender=app.config["MAIL_FROM"], host=host_of(app.config["PUBLIC_URL"]))
        sender = sender_of(app.config["MAIL_FROM"])[1]
        with transaction():  # and no transaction stays open while a slow server thinks
            if not rules.renew(claim, now=clock.now()):
                return SendResult.LOST
        transport.send(sender, to, message)
    except (RefusedForEver, ValueError) as refused:
        error, failure = f"{type(refused).__name__} {refused}".strip(), Failure.FOR_EVER
    except Unreachable as away:
        error, failure, outcome = str(away), Failure.UNREACHABLE, SendResult.UNREACHABLE
    except Exception as not_now:
        error = f"{type(not_now).__name__} {getattr(not_now, 'smtp_code', '')}".strip()
    else:
        outcome = SendResult.SENT
    if error:
        logger.warning("mail was not sent: %s", error)
    with transaction():
        keeps_links = bool(app.config["DEMO"])
        if outcome is SendResult.SENT:
            rules.mark_sent(claim, now=clock.now(), keeps_links=keeps_links)
        else:
            rules.mark_failed(claim, error, failure, now=clock.now(), keeps_links=keeps_links)
    return outcome
