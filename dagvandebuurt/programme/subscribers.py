"""Subscriptions of the programme: bookmarks, the login query, and cache invalidation."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.live.hooks import database_restored
from dagvandebuurt.parts.branding.hooks import names_of_the_event
from dagvandebuurt.parts.faces.faces import face
from dagvandebuurt.people.hooks import (
    BookmarkKind,
    PageSection,
    PersonalPage,
    Saved,
    bookmark_kinds,
    login_columns,
    personal_page_sections,
)
from dagvandebuurt.programme import privacy
from dagvandebuurt.programme.attention import attention_of_the_programme
from dagvandebuurt.programme.hooks import attention_items, preparation_steps
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.photos.queries import photos_of, speakers_of_person
from dagvandebuurt.programme.photos.rules import delete_all, withdraw_for
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


def my_photo(actor: Any) -> Mapping[str, Any] | None:
    """Return the context of the panel of the speakers; None for all others."""
    speakers = speakers_of_person(actor.id) if getattr(actor, "has_account", False) else ()
    if not speakers:
        return None
    return {"speakers": speakers, "photos": photos_of(speakers), "face": face}


def own_page_sections() -> list[PageSection]:
    return [PageSection("programme/_my_photo.html", 15, my_photo, PersonalPage.ABOUT)]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.old_photos],
        erase=[withdraw_for],
        export={"speaker_photo": privacy.photos_of_person},
        dissolve=[delete_all],
    )


bookmark_kinds.subscribe(kinds_to_save)
preparation_steps.subscribe(steps_of_the_programme)
login_columns.subscribe(cached_response.read_along)
database_restored.subscribe(clear_page_cache)
names_of_the_event.subscribe(name_of_the_edition)
personal_data.subscribe(kept_of_people)
personal_page_sections.subscribe(own_page_sections)
attention_items.subscribe(attention_of_the_programme)
