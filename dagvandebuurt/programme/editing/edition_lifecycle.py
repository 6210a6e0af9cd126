"""Commands on the life of an edition: preview link, planned opening, opening, closing, closing for good.

Each takes the `seen` revision of the person who decides: what a colleague did meanwhile is never undone unseen.
"""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.core.text import one_line
from dagvandebuurt.programme.editing.models import EditionAction, EditionChange, EditionStatus
from dagvandebuurt.programme.errors import DayNotOver, EditionMoved, NotInFuture, NotTheTitle
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.states import MACHINE

NONCE_BYTES = 12


def held(edition_id: UUID) -> Edition:
    """Return an edition with its row locked, so that two organisers come one after the other. Raises
    NotFound."""
    found = db.session.get(Edition, edition_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _require_as_seen(edition: Edition, seen: int) -> None:
    if edition.status_revision != seen:
        raise EditionMoved(status=edition.status.value)


@MACHINE.command(EditionAction.SHARE_PREVIEW)
def share_preview(actor: Actor, edition: Edition, *, seen: int, now: datetime) -> None:
    """Make a preview link; an earlier one ends."""
    _require_as_seen(edition, seen)
    edition.preview_nonce = secrets.token_urlsafe(NONCE_BYTES)
    MACHINE.apply(actor, edition, EditionAction.SHARE_PREVIEW, now=now)


@MACHINE.command(EditionAction.END_PREVIEW)
def end_preview(actor: Actor, edition: Edition, *, seen: int, now: datetime) -> None:
    """Revoke the preview link, also in browsers that opened it."""
    _require_as_seen(edition, seen)
    edition.preview_nonce = None
    MACHINE.apply(actor, edition, EditionAction.END_PREVIEW, now=now)


@MACHINE.command(EditionAction.PLAN)
def plan_opening(actor: Actor, edition: Edition, *, opens_at: datetime, seen: int, now: datetime) -> None:
    """Let the edition open by itself. Raises NotInFuture."""
    _require_as_seen(edition, seen)
    if opens_at <= now:
        raise NotInFuture
    edition.opens_at = opens_at
    MACHINE.apply(actor, edition, EditionAction.PLAN, now=now)


@MACHINE.command(EditionAction.UNPLAN)
def cancel_planned_opening(actor: Actor, edition: Edition, *, seen: int, now: datetime) -> None:
    _require_as_seen(edition, seen)
    edition.opens_at = None
    MACHINE.apply(actor, edition, EditionAction.UNPLAN, now=now)


@MACHINE.command(EditionAction.OPEN)
def open_edition(actor: Actor, edition: Edition, *, seen: int, now: datetime) -> None:
    """Open the edition to visitors, under its year; it comes first once no earlier day is still to come.

    Other editions stay as they are.
    """
    _require_as_seen(edition, seen)
    _open(actor, edition, EditionAction.OPEN, now=now)


def open_as_planned(edition_id: UUID, *, now: datetime) -> bool:
    """Open an edition whose planned moment has come. False where somebody changed that meanwhile."""
    edition = held(edition_id)
    if edition.opens_at is None or edition.opens_at > now:
        return False
    if not MACHINE.is_possible(edition, EditionAction.OPEN_AS_PLANNED):
        return False
    _open(None, edition, EditionAction.OPEN_AS_PLANNED, now=now)
    return True


def _open(actor: Actor | None, edition: Edition, action: EditionAction, *, now: datetime) -> None:
    MACHINE.require(edition, action)
    edition.opens_at = edition.preview_nonce = None
    edition.closed_note = ""
    MACHINE.apply(actor, edition, action, now=now)


@MACHINE.command(EditionAction.CLOSE)
def close_edition(actor: Actor, edition: Edition, *, note: str, seen: int, now: datetime) -> None:
    """Close the edition to visitors, who read `note` instead. Nothing is deleted; it can be opened again."""
    _require_as_seen(edition, seen)
    MACHINE.require(edition, EditionAction.CLOSE)
    edition.closed_note = note
    MACHINE.apply(actor, edition, EditionAction.CLOSE, now=now)


@MACHINE.command(EditionAction.ARCHIVE)
def archive_edition(actor: Actor, edition: Edition, *, typed: str, seen: int, now: datetime) -> None:
    """Close the edition for good: readable at its own address, and nothing of it changes any more.

    `typed` is its title, against an accident. Raises NotTheTitle, and DayNotOver.
    """
    _require_as_seen(edition, seen)
    MACHINE.require(edition, EditionAction.ARCHIVE)
    if edition.ends_at > now:
        raise DayNotOver
    if one_line(typed).casefold() != one_line(edition.title).casefold():
        raise NotTheTitle
    MACHINE.apply(actor, edition, EditionAction.ARCHIVE, now=now)


def due_to_open(now: datetime) -> list[UUID]:
    """Return the editions whose planned moment has come."""
    waiting = (EditionStatus.DRAFT, EditionStatus.CLOSED)
    return list(
        db.session.scalars(select(Edition.id).where(Edition.opens_at <= now, Edition.status.in_(waiting)))
    )


def changes_of(edition: Edition) -> list[EditionChange]:
    """Return what was done to the edition, newest first."""
    newest_first = (EditionChange.at.desc(), EditionChange.id)
    return list(
        db.session.scalars(
            select(EditionChange).where(EditionChange.edition_id == edition.id).order_by(*newest_first)
        )
    )
