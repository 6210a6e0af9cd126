"""Commands on initiatives: share, review, help, and message their organisers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core import timezone
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.programme.models import Organisation
from dagvandebuurt.wijkwijzer.errors import Changed, ContactGiven, NeedsNote, NotYoursToShare
from dagvandebuurt.wijkwijzer.models import SHOWN_INITIATIVES, Initiative, InitiativeStatus
from dagvandebuurt.wijkwijzer.people.models import ContactRequest, ContactStatus, Joining
from dagvandebuurt.wijkwijzer.permissions import WijkwijzerPermission
from dagvandebuurt.wijkwijzer.questions.rules import themes_of, wait_your_turn
from dagvandebuurt.wijkwijzer.states import INITIATIVES, InitiativeAction


@dataclass(frozen=True)
class Shared:
    """Description of an initiative: what people do, what it needs, and what others can copy."""

    title: str
    summary: str
    what: str
    need_it_met: str
    costs: str
    what_went_wrong: str
    tip: str
    led_by_name: str
    led_by_id: UUID | None = None
    place_id: UUID | None = None
    started: int | None = None
    theme_ids: frozenset[UUID] = frozenset()
    domains: tuple[str, ...] = ()


@command(needs=WijkwijzerPermission.SHARE)
def share(actor: Actor, _nothing: None, *, shared: Shared, now: datetime) -> Initiative:
    """Submit an initiative for review by a coordinator. Raises TooManyWaiting."""
    wait_your_turn(actor.id)
    initiative = Initiative(
        slug=_free_slug(shared.title), status=InitiativeStatus.DRAFT, submitted_by_id=actor.id, changed_at=now
    )
    _write(initiative, shared)
    db.session.add(initiative)
    db.session.flush()
    INITIATIVES.apply(actor, initiative, InitiativeAction.SUBMIT, now=now)
    return initiative


@INITIATIVES.command(InitiativeAction.SUBMIT)
def send_again(actor: Actor, initiative: Initiative, *, shared: Shared, now: datetime) -> Initiative:
    """Resubmit an initiative that was returned with a remark. Raises NotYoursToShare."""
    if actor.id is None or initiative.submitted_by_id != actor.id:
        raise NotYoursToShare
    INITIATIVES.require(initiative, InitiativeAction.SUBMIT)
    _write(initiative, shared)
    INITIATIVES.apply(actor, initiative, InitiativeAction.SUBMIT, now=now)
    return initiative


def _free_slug(title: str) -> str:
    wanted = slug_of(title) or "voorbeeld"
    found = set(db.session.scalars(select(Initiative.slug).where(Initiative.slug.startswith(wanted))))
    # Reserved slugs: routes of their own.
    taken = found | {"nieuw"}
    more = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(each for each in more if each not in taken)


def _write(initiative: Initiative, shared: Shared) -> None:
    leader = db.session.get(Organisation, shared.led_by_id) if shared.led_by_id else None
    given = {**vars(shared), "domains": list(shared.domains)}
    initiative.themes = themes_of(given.pop("theme_ids"))
    for name, value in given.items():
        setattr(initiative, name, value)
    if leader is not None:
        initiative.led_by_name = leader.name


@INITIATIVES.command(InitiativeAction.RETURN)
def give_back(actor: Actor, initiative: Initiative, *, note: str, now: datetime) -> Initiative:
    """Return it to its sender with a remark. Raises NeedsNote."""
    if not note:
        raise NeedsNote
    INITIATIVES.apply(actor, initiative, InitiativeAction.RETURN, now=now)
    initiative.review_note = note
    return initiative


@INITIATIVES.command(InitiativeAction.PUBLISH)
def publish(actor: Actor, initiative: Initiative, *, now: datetime) -> Initiative:
    """Publish the initiative."""
    initiative.checked_on = timezone.local(now).date()
    INITIATIVES.apply(actor, initiative, InitiativeAction.PUBLISH, now=now)
    initiative.published_at = initiative.published_at or now
    initiative.review_note = None
    return initiative


@INITIATIVES.command(InitiativeAction.CONFIRM)
def confirm(actor: Actor, initiative: Initiative, *, now: datetime) -> Initiative:
    """Confirm that it is still correct."""
    initiative.checked_on = timezone.local(now).date()
    INITIATIVES.apply(actor, initiative, InitiativeAction.CONFIRM, now=now)
    return initiative


@INITIATIVES.command(InitiativeAction.ARCHIVE)
def archive(actor: Actor, initiative: Initiative, *, now: datetime) -> Initiative:
    """Archive it: it has ended, and leaves the site."""
    INITIATIVES.apply(actor, initiative, InitiativeAction.ARCHIVE, now=now)
    return initiative


def fall_due(initiative: Initiative, *, now: datetime) -> Initiative:
    """Ask its sender to confirm it, a year after the last time. It stays public, marked as unconfirmed."""
    initiative.asked_at = now
    INITIATIVES.apply(None, initiative, InitiativeAction.FALL_DUE, now=now)
    return initiative


@command(needs=WijkwijzerPermission.JOIN)
def join(actor: Actor, initiative: Initiative, *, on: bool, offer: str, now: datetime) -> None:
    """Take part in it, or stop. Its organisers read the person's name and `offer`."""
    _is_shown(initiative)
    assert actor.id is not None
    there = db.session.get(Joining, (initiative.id, actor.id))
    if not on:
        if there is not None:
            db.session.delete(there)
        return
    if there is None:
        there = Joining(initiative_id=initiative.id, person_id=actor.id, since=now)
        db.session.add(there)
    there.offer = offer or None


@command(needs=WijkwijzerPermission.CONTACT)
def write_to(actor: Actor, initiative: Initiative, *, text: str, now: datetime) -> ContactRequest:
    """Send a message to its organisers. They read the person's name and text, but no address."""
    _is_shown(initiative)
    request = ContactRequest(
        initiative_id=initiative.id, from_id=actor.id, text=text, status=ContactStatus.SENT, sent_at=now
    )
    db.session.add(request)
    db.session.flush()
    return request


@command(needs=WijkwijzerPermission.CONFIRM)
def reply(
    actor: Actor, _initiative: Initiative, *, request: ContactRequest, text: str, now: datetime
) -> ContactRequest:
    """Answer a message. Raises ContactGiven when somebody did already."""
    if request.status is not ContactStatus.SENT:
        raise ContactGiven
    request.reply, request.reply_by_id, request.answered_at = text, actor.id, now
    request.status = ContactStatus.ANSWERED
    return request


def _is_shown(initiative: Initiative) -> None:
    if initiative.status not in SHOWN_INITIATIVES:
        raise Changed(status=initiative.status.value)
