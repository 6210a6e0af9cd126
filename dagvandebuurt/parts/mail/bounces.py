"""Bounces: mail that a server took and could not deliver after all."""

import logging
import time
from datetime import datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import update

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs import beat
from dagvandebuurt.parts.mail.bounce_address import mail_named_by
from dagvandebuurt.parts.mail.bounce_inbox import Inbox, InboxClosed
from dagvandebuurt.parts.mail.delivery_reports import DeliveryReport, Notification, read
from dagvandebuurt.parts.mail.models import Mail, MailStatus, Priority

logger = logging.getLogger(__name__)
MOST_A_RUN = 100
RUNS_FOR = 60.0  # seconds


def read_inbox(app: Flask) -> int:
    """Read what came back, a bounded number. Return how many mails turned out not to have arrived.

    What was recorded is deleted from the mailbox; anything else stays, marked as read, for a person.
    """
    url = app.config["MAIL_BOUNCE_INBOX"]
    if not url:
        return 0
    recorded, until = 0, time.monotonic() + RUNS_FOR
    try:
        with app.app_context(), Inbox(url) as inbox:
            for uid in inbox.unread(MOST_A_RUN):
                beat()
                if time.monotonic() > until:
                    break
                found = read(inbox.fetch(uid))
                bounced = found is not None and _record_all(found)
                recorded += bool(bounced)
                inbox.done(uid, delete=bool(bounced))
    except InboxClosed as closed:
        logger.warning("what came back could not be read: %s", closed)
    return recorded


def _record_all(found: Notification) -> bool:
    """Record each failure that is about a mail of ours."""
    with transaction():
        now = clock.now()
        mails = [(each, _mail_of(found, each)) for each in found.reports if each.is_failure]
        for report, mail_id in mails:
            if mail_id is not None:
                record(mail_id, report, now=now)
    return any(mail_id is not None for _, mail_id in mails)


def _mail_of(found: Notification, report: DeliveryReport) -> UUID | None:
    """Return the mail that a report is about: the tag says it; without a tag the id of a returned mail does, if
    that mail went to this recipient."""
    for address in found.sent_to:
        mail_id = mail_named_by(address)
        if mail_id is not None:
            return mail_id if db.session.get(Mail, mail_id) else None
    for mail_id in found.returned:
        mail = db.session.get(Mail, mail_id)
        if mail is not None and mail.to.casefold() == report.recipient.casefold():
            return mail_id
    return None


def record(mail_id: UUID, report: DeliveryReport, *, now: datetime) -> None:
    """Record that a mail did not arrive. A second report about it changes nothing."""
    mail = db.session.get_one(Mail, mail_id)
    if mail.bounced_at is not None:
        return
    mail.bounced_at, mail.bounced_hard = now, report.is_hard
    mail.bounce_status, mail.bounce_said = report.status[:12], report.said or None
    if report.is_hard:
        db.session.execute(
            update(Mail)
            .where(
                Mail.mailbox == mail.mailbox,
                Mail.status == MailStatus.WAITING,
                Mail.priority == Priority.NEWS,
            )
            .values(status=MailStatus.REFUSED, last_error="Bounced", lease=None, leased_until=None)
            .execution_options(synchronize_session=False)
        )
