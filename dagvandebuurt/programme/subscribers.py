"""Subscriptions of the programme: bookmarks, the login query, and cache invalidation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.live.hooks import database_restored
from dagvandebuurt.people.hooks import BookmarkKind, Saved, bookmark_kinds, login_columns
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.public import cached_response
from dagvandebuurt.programme.public.page_cache import page_cache
from dagvandebuurt.programme.queries import sessions_for


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


bookmark_kinds.subscribe(kinds_to_save)
login_columns.subscribe(cached_response.read_along)
database_restored.subscribe(clear_page_cache)
