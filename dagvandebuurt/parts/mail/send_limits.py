"""Rate limits of outgoing mail, per mailbox and per hour, against mail bombing."""

import hashlib
import logging
import math
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail

logger = logging.getLogger(__name__)
AN_HOUR = timedelta(hours=1)
RATED = frozenset({"confirm", "login", "decision"})  # mails that anybody can have sent to anybody
MOST_A_DAY = {"decision": 10}  # to one mailbox; for links see `people.access.link_throttle`


def mailbox_of(address: str) -> str:
    """Normalise an address for counting: different spellings of one mailbox."""
    local, _, domain = address.strip().casefold().rpartition("@")
    secret = str(current_app.config["SECRET_KEY"]).encode()
    folded = f"{local.split('+')[0]}@{domain}".encode()
    return hashlib.blake2b(folded, key=secret[:64], digest_size=16).hexdigest()


def may_still_get(address: str, kind: str, *, now: datetime) -> bool:
    """Return whether this mailbox may get one more of `kind` today.

    Anybody can type somebody else's address: the cap is what protects its owner (Spamhaus, 2016). The
    response is the same either way.
    """
    today = db.session.scalar(
        select(func.count())
        .select_from(Mail)
        .where(Mail.mailbox == mailbox_of(address), Mail.kind == kind, Mail.made_at > now - timedelta(days=1))
    )
    return (today or 0) < MOST_A_DAY[kind]


def first_turn(kind: str, *, now: datetime) -> datetime:
    """Return when the next mail of this kind can go: now, or when fewer than MAIL_PER_HOUR were sent or
    scheduled in the hour before. Excess mail is delayed, never dropped."""
    if kind not in RATED:
        return now
    most = max(1, int(current_app.config["MAIL_PER_HOUR"]))
    before = db.session.scalar(
        select(Mail.due_at)
        .where(Mail.kind == kind, Mail.due_at > now - AN_HOUR)
        .order_by(Mail.due_at.desc())
        .offset(most - 1)
        .limit(1)
    )
    if before is None:
        return now
    if before > now - AN_HOUR / 2:
        logger.error("more than %s %s mails in an hour: they wait their turn", most, kind)
    return max(now, before + AN_HOUR)


def minutes_until(kind: str, *, now: datetime) -> int:
    """Return in how many minutes a mail of this kind would go; 0 is at once.

    The same for every address, so that it does not reveal accounts (enumeration).
    """
    seconds = (first_turn(kind, now=now) - now).total_seconds()
    return math.ceil(seconds / 60)


class Turns:
    """Send times for a batch of mails: each kind is queried once."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._found: dict[str, datetime] = {}

    def of(self, kind: str) -> datetime:
        if kind not in self._found:
            self._found[kind] = first_turn(kind, now=self._now)
        return self._found[kind]
