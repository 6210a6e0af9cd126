"""The mails of this room."""

from datetime import datetime
from uuid import UUID

from dagvandebuurt.parts.mail.letter import write
from dagvandebuurt.parts.mail.rules import post
from dagvandebuurt.people.models import Invitation, LinkPurpose, Person
from dagvandebuurt.people.pace import turn
from dagvandebuurt.people.rules import make_link
from dagvandebuurt.people.words import ROLE_SENTENCES, ROLES, masked


def send_login_link(
    person: Person,
    *,
    now: datetime,
    wishes: UUID | None = None,
    guest_id: UUID | None = None,
    is_own: bool = False,
) -> None:
    """Mail a way in, when it is their turn (`people.pace`). `is_own`: asked for in a browser that is known
    to be theirs."""
    assert person.email is not None
    when = turn(person, "login", is_own=is_own, now=now)
    if when is None:
        return
    token = make_link(person, LinkPurpose.LOGIN, now=when.at, wishes=wishes, guest_id=guest_id)
    letter = write(
        "login",
        to=person.email,
        to_name=person.name if person.has_account else "",
        language=person.language,
        path=f"/link/{token}",
        whose=_whose(person),
    )
    post(letter, dedupe_key=when.dedupe_key, now=now, due_at=when.at)


def send_invitation(invitation: Invitation, token: str, *, now: datetime) -> None:
    """Ask somebody to take a role. Holds no word that anybody typed."""
    letter = write(
        "invited",
        to=invitation.email,
        to_name="",
        language="nl",
        role=ROLES[invitation.role],
        about=ROLE_SENTENCES[invitation.role],
        path=f"/uitnodiging/{token}",
    )
    post(letter, dedupe_key=f"invited:{invitation.id}", now=now)


def tell_of_suspension(person: Person, *, now: datetime) -> None:
    """Their account stands still, and why."""
    if person.email is None:
        return
    letter = write(
        "suspended",
        to=person.email,
        to_name=person.name,
        language=person.language,
        reason=person.suspended_reason,
    )
    post(letter, dedupe_key=f"suspended:{person.id}:{now.timestamp():.0f}", now=now)


def send_confirmation(
    person: Person,
    *,
    now: datetime,
    wishes: UUID | None = None,
    guest_id: UUID | None = None,
    is_own: bool = False,
) -> None:
    """Mail the link that confirms an address. Holds no word that a stranger typed: anybody can enter
    somebody else's address (pretalx 2026.1, e-mail injection)."""
    assert person.email is not None
    when = turn(person, "confirm", is_own=is_own, now=now)
    if when is None:
        return
    token = make_link(person, LinkPurpose.CONFIRM, now=now, wishes=wishes, guest_id=guest_id)
    letter = write(
        "confirm",
        to=person.email,
        to_name="",
        language=person.language,
        path=f"/link/{token}",
        whose=_whose(person),
    )
    post(letter, dedupe_key=when.dedupe_key, now=now, due_at=when.at)


def _whose(person: Person) -> str:
    """Whose account a link opens. A name only once its owner confirmed it."""
    address = masked(person.email or "")
    return f"{person.name} ({address})" if person.has_account else address
