"""Subscriptions of the programme: bookmarks, the login query, and cache invalidation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.live.hooks import database_restored
from dagvandebuurt.parts.branding.hooks import names_of_the_event
from dagvandebuurt.people.hooks import BookmarkKind, Saved, bookmark_kinds, login_columns
from dagvandebuurt.programme.attention import attention_of_the_programme
from dagvandebuurt.programme.hooks import attention_items, preparation_steps
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.preparation import steps_of_the_programme
from dagvandebuurt.programme.public import cached_response
from dagvandebuurt.programme.public.page_cache import page_cache
from dagvandebuurt.programme.queries import current_edition, sessions_for


def clear_page_cache() -> None:
    """Empty the page cache, which is keyed by version: after a restore, another version may get the same
    number.
    """
    page_cache().clear()


def sessions_to_save(actor: Any, ids: Sequence[UUID]) -> list[Saved]:
    found = db.session.scalars(sessions_for(actor).where(ProgrammeSession.id.in_(ids)))
    return [
        Saved(session.id, session.title, path_for("programme.show", slug=session.slug)) for session in found
    ]


def kinds_to_save() -> list[BookmarkKind]:
    return [
        BookmarkKind("session", sessions_to_save),
    ]


def name_of_the_edition() -> str:
    """Return how the day that visitors see first is called."""
    edition = current_edition()
    return edition.title if edition else ""


bookmark_kinds.subscribe(kinds_to_save)
preparation_steps.subscribe(steps_of_the_programme)
login_columns.subscribe(cached_response.read_along)
database_restored.subscribe(clear_page_cache)
names_of_the_event.subscribe(name_of_the_edition)
attention_items.subscribe(attention_of_the_programme)
