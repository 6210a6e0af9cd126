"""Outbox senders: claim one mail with a lease, send it, mark it (at-least-once delivery).

Concurrent senders never send the same mail: each takes one at a time, under a lease with a token, checks it
by compare-and-set right before sending, and a lease lasts longer than any delivery may. A mail is sent twice
only if the sender or the connection dies between the server's acceptance and our mark, and then with the
same Message-ID: no protocol can close that window.

A run is one sender, and more where much waits: each has a connection of its own. Because every mail is
claimed at its turn, what somebody waits for overtakes all that is not yet on the wire.
"""

import contextvars
import logging
import threading
from enum import Enum

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.parts.jobs import beat
from dagvandebuurt.parts.mail import recovery, rules
from dagvandebuurt.parts.mail.bounce_address import bounce_address_of
from dagvandebuurt.parts.mail.connections import connections
from dagvandebuurt.parts.mail.hooks import link_leaves
from dagvandebuurt.parts.mail.message_bytes import NoAddress, address_of, bytes_of, host_of, sender_of
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.parts.mail.rules import Claim, Failure
from dagvandebuurt.parts.mail.transports import (
    Busy,
    Deferred,
    RefusedForEver,
    Transport,
    Unreachable,
    transport_of,
)

logger = logging.getLogger(__name__)
GIVES_UP = 3  # consecutive failures of the server, after which this run stops
A_SENDER_FOR = 20  # waiting mails for which one more connection is worth its TLS and AUTH


class SendResult(Enum):
    SENT = "sent"
    LOST = "another sender has it"
    NOT_SENT = "not sent"
    UNREACHABLE = "the server takes no mail"


class LinkGone(ValueError):
    """The personal link in a mail opens nothing any more: it must not be sent."""


def send_due(app: Flask) -> int:
    """Send what is due, by priority. Return how many were handed over."""
    if transport_of(app.config) is None:
        return 0
    try:
        sender_of(app.config["MAIL_FROM"])
    except NoAddress:
        logger.error("MAIL_FROM is no address: all mail waits")
        return 0
    with app.app_context():
        return _Run(app).work()


class _Run:
    """Senders that work together until nothing is due, or the server is away."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._guard = threading.Lock()
        self._sent = self._away = 0
        self._ended: BaseException | None = None
        self._helpers: list[threading.Thread] = []
        self._was_away = recovery.was_away(now=clock.now())
        db.session.rollback()

    def work(self) -> int:
        """Send, and return how many were handed over, by all senders."""
        try:
            self._send_all(may_hire=True)
        except BaseException as end:
            self._ended = self._ended or end
        try:
            for helper in self._helpers:
                helper.join()
        except BaseException as end:  # this job hung and is ended: so are its helpers, after their mail
            self._ended = end
            raise
        if self._ended is not None:
            raise self._ended
        return self._sent

    def _send_all(self, *, may_hire: bool = False) -> None:
        with connections().lent() as transport:
            while transport is not None and self._away < GIVES_UP and self._ended is None:
                beat()
                if may_hire:
                    self._hire()
                with transaction():
                    claim = rules.claim(now=clock.now())
                if claim is None:
                    return
                self._count(_send(claim, transport, self._app))

    def _hire(self) -> None:
        """Start another sender when that many mails wait, up to SMTP_CONNECTIONS."""
        senders = 1 + sum(helper.is_alive() for helper in self._helpers)
        if senders >= self._app.config["SMTP_CONNECTIONS"]:
            return
        enough = senders * A_SENDER_FOR + 1
        much_waits = rules.waiting(now=clock.now(), most=enough) == enough
        db.session.rollback()
        if much_waits:
            here = contextvars.copy_context()  # with the lane of this job, whose heart the helper beats too
            helper = threading.Thread(target=here.run, args=[self._help], daemon=True, name="mail-sender")
            self._helpers.append(helper)
            helper.start()

    def _help(self) -> None:
        try:
            with self._app.app_context():
                self._send_all()
        except BaseException as end:
            self._ended = self._ended or end

    def _count(self, outcome: SendResult) -> None:
        with self._guard:
            is_away = outcome is SendResult.UNREACHABLE
            self._away = self._away + 1 if is_away else 0
            self._sent += outcome is SendResult.SENT
            recovers = self._was_away and outcome is SendResult.SENT
            self._was_away = self._was_away and not recovers
        if recovers:
            logger.info("the mail server takes mail again: all that waited is tried now")
            with transaction():
                rules.retry_all(now=clock.now())


def _send(claim: Claim, transport: Transport, app: Flask) -> SendResult:
    """Hand one mail over and record the result. A failing one does not stop the others."""
    error, failure, outcome, answer = "", Failure.NOT_NOW, SendResult.NOT_SENT, ""
    try:
        mail = db.session.get_one(Mail, claim.mail_id)
        to, address, link_id = address_of(mail.to), mail.to, mail.link_id
        configured, sender = sender_of(app.config["MAIL_FROM"])
        message = bytes_of(
            mail,
            sender=app.config["MAIL_FROM"],
            sender_name=brand.sender_or(configured),
            host=host_of(app.config["PUBLIC_URL"]),
        )
        sender = bounce_address_of(claim.mail_id) or sender
        with transaction():  # and no transaction stays open while a slow server thinks
            if not rules.renew(claim, now=clock.now()):
                return SendResult.LOST
            if link_id is not None and not all(link_leaves(link_id, address, clock.now())):
                raise LinkGone
        transport.send(sender, to, message)
    except (RefusedForEver, ValueError) as refused:
        error, failure = f"{type(refused).__name__} {refused}".strip(), Failure.FOR_EVER
        answer = getattr(refused, "said", "")
    except Unreachable as away:
        error, failure, outcome = str(away), Failure.UNREACHABLE, SendResult.UNREACHABLE
        answer = away.said
    except Busy as busy:
        error, failure, outcome = f"Busy {busy}".strip(), Failure.BUSY, SendResult.UNREACHABLE
        answer = busy.said
    except Deferred as deferred:
        error, answer = f"Deferred {deferred}", deferred.said
    except Exception as not_now:
        error = type(not_now).__name__
    else:
        outcome = SendResult.SENT
    if error:
        logger.warning("mail was not sent: %s", error)
    with transaction():
        keeps_links = bool(app.config["DEMO"])
        if outcome is SendResult.SENT:
            rules.mark_sent(claim, now=clock.now(), keeps_links=keeps_links)
        else:
            rules.mark_failed(claim, error, failure, now=clock.now(), answer=answer, keeps_links=keeps_links)
    return outcome
