"""Mailboxes that do not exist: they get no reminders and news, until their owner or an organiser says that they
work. What is about the recipient's own, and links that somebody asks for themselves, always goes."""

from collections.abc import Sequence

from sqlalchemy import and_, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.compose import Letter
from dagvandebuurt.parts.mail.models import Mail, Priority
from dagvandebuurt.parts.mail.send_limits import mailbox_of

_DEAD = and_(Mail.bounced_at.is_not(None), Mail.bounced_hard.is_(True))


def without_dead(letters: Sequence[tuple[Letter, str]]) -> Sequence[tuple[Letter, str]]:
    """Leave out reminders and news to mailboxes that do not exist."""
    if not any(letter.priority is Priority.NEWS for letter, _ in letters):
        return letters
    dead = frozenset(db.session.scalars(select(Mail.mailbox).where(_DEAD).distinct()))
    if not dead:
        return letters
    return [
        (letter, key)
        for letter, key in letters
        if letter.priority is not Priority.NEWS or mailbox_of(letter.to) not in dead
    ]


def address_works(address: str) -> None:
    """Let reminders and news go to this address again."""
    db.session.execute(
        update(Mail)
        .where(Mail.mailbox == mailbox_of(address), _DEAD)
        .values(bounced_hard=False)
        .execution_options(synchronize_session=False)
    )
