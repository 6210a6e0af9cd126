"""Personal calendar feeds (iCalendar) with secret addresses, and the choice of invitations by mail."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.notifications import muted_by, unmute
from dagvandebuurt.registration.models import CalendarSettings, PlaceStatus, SessionChoice
from dagvandebuurt.registration.permissions import RegistrationPermission

FEEDS = UUID("5f3d0a52-6a7e-4c0f-9f0e-0a6d3b1c77e4")  # which server key the addresses are derived from


@command(needs=RegistrationPermission.READ_OWN)
def open_feed(actor: Actor, _self: None = None) -> CalendarSettings:
    """Return the calendar settings of `actor`, with the address of their feed. Idempotent."""
    assert actor.id is not None
    found = settings_of(actor.id)
    if found is None:
        found = CalendarSettings(person_id=actor.id, serial=1, link_print="", rings=True, is_invited=False)
        _set_fingerprint(found)
        db.session.add(found)
        db.session.flush()
    return found


@command(needs=RegistrationPermission.READ_OWN)
def renew_feed(actor: Actor, _self: None = None) -> CalendarSettings:
    """Replace the address: the old one, on a lost phone or shared by accident, stops working."""
    wishes: CalendarSettings = open_feed(actor, None)
    wishes.serial += 1
    _set_fingerprint(wishes)
    return wishes


@command(needs=RegistrationPermission.READ_OWN)
def choose_settings(actor: Actor, _self: None = None, *, rings: bool, is_invited: bool) -> bool:
    """Choose whether the feed has alarms, and whether invitations are mailed. Return True when those begin
    now."""
    wishes: CalendarSettings = open_feed(actor, None)
    begins = is_invited and not wants_invitations(wishes.person_id)
    wishes.rings, wishes.is_invited = rings, is_invited
    if is_invited:
        unmute(wishes.person_id, "invitation")
    return begins


def take_over(wishes: CalendarSettings, into_id: UUID) -> CalendarSettings:
    """Copy the settings to the account that a guest was merged into, with a new address."""
    taken = CalendarSettings(
        person_id=into_id, serial=1, link_print="", rings=wishes.rings, is_invited=wishes.is_invited
    )
    _set_fingerprint(taken)
    db.session.add(taken)
    db.session.flush()
    return taken


def settings_of(person_id: UUID) -> CalendarSettings | None:
    """Return the calendar settings; None if there are none."""
    return db.session.get(CalendarSettings, person_id)


def wants_invitations(person_id: UUID) -> bool:
    """Return whether invitations are on, and not unsubscribed since."""
    wishes = settings_of(person_id)
    return wishes is not None and wishes.is_invited and "invitation" not in muted_by(person_id)


def address_of(wishes: CalendarSettings) -> str:
    """Return the path of the feed: an unguessable token of 128 bits in 22 letters."""
    return path_for("registration.feed", secret=_secret(wishes))


def owner_of_feed(secret: str) -> CalendarSettings:
    """Return whose feed has this address. Raises NotFound, also for suspended and erased people."""
    found = db.session.scalar(
        select(CalendarSettings)
        .join(Person, Person.id == CalendarSettings.person_id)
        .where(
            CalendarSettings.link_print == _fingerprint(secret),
            Person.suspended_at.is_(None),
            Person.forgotten_at.is_(None),
        )
        .options(joinedload(CalendarSettings.person))
    )
    if found is None:
        raise NotFound
    return found


def waits_in(person_id: UUID) -> frozenset[UUID]:
    """Return the sessions in which somebody has no confirmed place yet."""
    waiting = (PlaceStatus.WAITLISTED, PlaceStatus.OFFERED)
    return frozenset(
        db.session.scalars(
            select(SessionChoice.session_id).where(
                SessionChoice.person_id == person_id, SessionChoice.status.in_(waiting)
            )
        )
    )


def _secret(wishes: CalendarSettings) -> str:
    return pseudonyms.pseudonym(FEEDS, f"calendar {wishes.serial}", wishes.person_id)


def _set_fingerprint(wishes: CalendarSettings) -> None:
    wishes.link_print = _fingerprint(_secret(wishes))


def _fingerprint(secret: str) -> str:
    return pseudonyms.fingerprint(FEEDS, secret.encode())
