"""Emptying the outbox: claim with a lease, send, mark. Never lost.

Doubled only when the sender dies between the server's yes and its own mark, and then with the same
Message-ID: no protocol can close that window.
"""

import logging
from email.errors import HeaderParseError
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail import rules
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.parts.mail.transports import RefusedForEver, Transport, message_of, transport_of

logger = logging.getLogger(__name__)


def send_due(app: Flask) -> int:
    """Send what is due. Returns how many were handed over."""
    sent = 0
    host = urlsplit(app.config["PUBLIC_URL"]).hostname or "localhost"
    transport = transport_of(app.config["SMTP_URL"])
    with app.app_context():
        while True:
            with transaction():
                ids = rules.claim(now=clock.now())
            if not ids:
                return sent
            for mail_id in ids:
                sent += _send(mail_id, transport, sender=app.config["MAIL_FROM"], host=host)


def _send(mail_id: UUID, transport: Transport, *, sender: str, host: str) -> bool:
    """Hand one mail over and write down what came of it. One that cannot be sent harms no other."""
    error: str | None = None
    for_ever = False
    mail = db.session.get_one(Mail, mail_id)
    try:
        message = message_of(mail, sender=sender, host=host)
        db.session.rollback()  # no transaction stays open while a slow server thinks
        transport.send(mail, message)
    except (RefusedForEver, HeaderParseError, ValueError) as refused:
        error, for_ever = f"{type(refused).__name__} {refused}", True
    except Exception as failure:
        error = type(failure).__name__
        logger.warning("mail waits: %s", error)
    with transaction():
        mail = db.session.get_one(Mail, mail_id)
        if error is None:
            rules.mark_sent(mail, now=clock.now())
        else:
            rules.mark_failed(mail, error, now=clock.now(), for_ever=for_ever)
    return error is None
