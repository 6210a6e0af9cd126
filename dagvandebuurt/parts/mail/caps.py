"""No mailbox can be flooded through this house."""

import hashlib
import logging
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail

logger = logging.getLogger(__name__)
MOST_A_DAY = {"decision": 10}  # to one mailbox; of links see `people.pace`


def mailbox_of(address: str) -> str:
    """What makes many spellings one mailbox. For counting only: it finds nobody."""
    local, _, domain = address.strip().casefold().rpartition("@")
    secret = str(current_app.config["SECRET_KEY"]).encode()
    folded = f"{local.split('+')[0]}@{domain}".encode()
    return hashlib.blake2b(folded, key=secret[:64], digest_size=16).hexdigest()


def may_still_get(address: str, kind: str, *, now: datetime) -> bool:
    """Whether this mailbox may get one more of `kind` today, and the house send one more this hour.

    Anybody can type somebody else's address: the cap is what protects its owner (Spamhaus, 2016). Whoever
    asks is answered alike either way.
    """
    today = db.session.scalar(
        select(func.count())
        .select_from(Mail)
        .where(Mail.mailbox == mailbox_of(address), Mail.kind == kind, Mail.made_at > now - timedelta(days=1))
    )
    return (today or 0) < MOST_A_DAY[kind] and not house_is_full(kind, now=now)


def house_is_full(kind: str, *, now: datetime) -> bool:
    """Whether MAIL_PER_HOUR of this kind went out in the last hour."""
    hour = db.session.scalar(
        select(func.count())
        .select_from(Mail)
        .where(Mail.kind == kind, Mail.made_at > now - timedelta(hours=1))
    )
    if (hour or 0) < current_app.config["MAIL_PER_HOUR"]:
        return False
    logger.error("more than %s %s mails in an hour: no more go out", hour, kind)
    return True
