"""Terms of mailed links: they begin when the mail leaves, and a link whose mail was refused can be made anew.

While the mail server is away a login link would else end before anybody could read it.
"""

import secrets
from datetime import datetime
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Invitation, LinkPurpose, PersonalLink
from dagvandebuurt.people.queries import email_key
from dagvandebuurt.people.roles import INVITATION_LIVES
from dagvandebuurt.people.rules import LINK_LIVES, hash_of


def start_term(link_id: UUID, to: str, now: datetime) -> bool:
    """Let the term of a link begin now, because its mail leaves only now. Return whether it opens something
    for the reader of the mail of `to`.

    A link that holds a place keeps its term: others wait for that place.
    """
    link = _link(link_id, to)
    if isinstance(link, PersonalLink) and link.used_at is None and link.purpose is not LinkPurpose.PLACE:
        link.expires_at = now + LINK_LIVES[link.purpose]
    elif isinstance(link, Invitation) and link.used_at is None:
        link.expires_at = now + INVITATION_LIVES
    return link is not None


def make_anew(link_id: UUID, to: str, now: datetime) -> str | None:
    """Give an unused link another token, for its mail that goes once more to `to`; None if it must not."""
    link = _link(link_id, to)
    if link is None or link.used_at is not None or not start_term(link_id, to, now):
        return None
    token = secrets.token_urlsafe(32)
    link.token_hash = hash_of(token)
    return token


def _link(link_id: UUID, to: str) -> PersonalLink | Invitation | None:
    """Return this link if it is still about the address `to`: somebody else may read that mailbox by now."""
    link = db.session.get(PersonalLink, link_id)
    if link is not None:
        return link if email_key(link.person.email or "") == email_key(to) else None
    invitation = db.session.get(Invitation, link_id)
    if invitation is None or invitation.withdrawn_at is not None:
        return None
    return invitation if email_key(invitation.email) == email_key(to) else None
