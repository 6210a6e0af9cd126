"""No mailbox can be flooded through this house."""

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
RATED = frozenset({"confirm", "login", "decision"})  # what anybody can have mailed to anybody
MOST_A_DAY = {"decision": 10}  # to one mailbox; of links see `people.pace`


def mailbox_of(address: str) -> str:
    """What makes many spellings one mailbox. For counting only: it finds nobody."""
    local, _, domain = address.strip().casefold().rpartition("@")
    secret = str(current_app.config["SECRET_KEY"]).encode()
    folded = f"{local.split('+')[0]}@{domain}".encode()
    return hashlib.blake2b(folded, key=secret[:64], digest_size=16).hexdigest()


def may_still_get(address: str, kind: str, *, now: datetime) -> bool:
    """Whether this mailbox may get one more of `kind` today.

    Anybody can type somebody else's address: the cap is what protects its owner (Spamhaus, 2016). Whoever
    asks is answered alike either way.
    """
    today = db.session.scalar(
        select(func.count())
        .select_from(Mail)
        .where(Mail.mailbox == mailbox_of(address), Mail.kind == kind, Mail.made_at > now - timedelta(days=1))
    )
    return (today or 0) < MOST_A_DAY[kind]


def first_turn(kind: str, *, now: datetime) -> datetime:
    """When the next mail of this kind can go: now, or when fewer than MAIL_PER_HOUR of them went, or have
    their turn, in the hour before. A house that is asked too much mails later, never less."""
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
    """In how many minutes a mail of this kind that is asked for now will go; 0 is at once. The same for
    every address, so that it tells nothing of whose it is."""
    seconds = (first_turn(kind, now=now) - now).total_seconds()
    return math.ceil(seconds / 60)


class Turns:
    """The turns of letters that are written together: each kind is asked about once."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._found: dict[str, datetime] = {}

    def of(self, kind: str) -> datetime:
        if kind not in self._found:
            self._found[kind] = first_turn(kind, now=self._now)
        return self._found[kind]
