"""Throttling of mailed links: sent at once, later, or not yet again.

Anybody can ask for a link to somebody else's mailbox. That must neither flood it nor lock its owner out. So
requests from a trusted browser are counted separately; using a link resets the count; and past the limit a
login link is not refused but delayed.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import has_request_context
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.network import network
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.parts.mail.send_limits import first_turn, mailbox_of
from dagvandebuurt.people.access.login_throttle import seen_today
from dagvandebuurt.people.models import Person, PersonalLink

A_MINUTE, HALF_AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(minutes=30), timedelta(days=1)
MOST_AT_ONCE = {"login": 6, "confirm": 3}  # a day without a used link, to one mailbox
MOST_FROM_ONE_NETWORK = {"login": 3, "confirm": 3}  # extra, past those, for requests from other browsers
MOST_FROM_ALL = {"login": 24, "confirm": 12}
MOST_OWN = 30  # from a trusted browser of theirs


@dataclass(frozen=True)
class Turn:
    """Send time of a link, and the key that deduplicates repeated requests."""

    at: datetime
    dedupe_key: str


def turn(person: Person, kind: str, *, is_own: bool, content: str = "", now: datetime) -> Turn | None:
    """Return when a link of this kind ("login" or "confirm") is mailed to `person`; None if it is not.

    None: one with the same `content` was sent less than a minute ago, or is queued; or it is a confirmation
    past its limit.
    """
    assert person.email is not None
    used = select(func.count(), func.max(PersonalLink.used_at)).where(
        PersonalLink.person_id == person.id, PersonalLink.used_at > now - A_DAY
    )
    times_used, last_used = db.session.execute(used).one()
    since = max(now - A_DAY, last_used) if last_used else now - A_DAY
    whose = "own" if is_own else "asked"
    mails = db.session.execute(
        select(Mail.made_at, Mail.due_at, Mail.status, Mail.dedupe_key)
        .where(
            Mail.mailbox == mailbox_of(person.email),
            Mail.kind == kind,
            Mail.made_at > since,
            Mail.dedupe_key.startswith(f"{kind}:{whose}:"),
        )
        .order_by(Mail.made_at.desc(), Mail.due_at.desc())
    ).all()
    about = hashlib.sha256(content.encode()).hexdigest()[:12]
    same = [mail for mail in mails if mail.dedupe_key.startswith(f"{kind}:{whose}:{person.id}:{about}:")]
    if same and (same[0].made_at > now - A_MINUTE or _waits(same[0], now)):
        return None
    few_from_here = is_own or _may_from_here(person.email, kind)
    soonest = first_turn(kind, now=now)  # delayed only where the hourly limit on mail is reached
    slot = int(now.timestamp()) // 60
    key = f"{kind}:{whose}:{person.id}:{about}:{slot}:{times_used}"
    if len(mails) < (MOST_OWN if is_own else MOST_AT_ONCE[kind]):
        return Turn(soonest, key)
    if not is_own and few_from_here and len(mails) < MOST_FROM_ALL[kind]:
        return Turn(soonest, key)
    if kind == "confirm":
        return None
    return Turn(max(soonest, mails[0].due_at + HALF_AN_HOUR), key)


def _waits(mail: Any, now: datetime) -> bool:
    return bool(mail.status is MailStatus.WAITING and mail.due_at > now)


def _may_from_here(email: str, kind: str) -> bool:
    """Count this request; return whether its network is within its daily limit."""
    if not has_request_context():
        return False
    return not seen_today(MOST_FROM_ONE_NETWORK[kind], f"link {kind} {mailbox_of(email)}", network())
