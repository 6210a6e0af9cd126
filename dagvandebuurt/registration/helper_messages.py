"""Notifications for people without e-mail, through the helper who registered them.

Only with their consent, only about signed questions, and never which question in a mail: the helper reads it
on the page of that person, and reads it to them.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.people.mailer import Note, send_note
from dagvandebuurt.registration.hooks import Asked, asked_by_name_or_role
from dagvandebuurt.registration.models import EntryCard

# News about their questions; not about practical matters of the day.
NEWS = frozenset({"answered", "agenda", "learning", "decision"})
ABOUT = "helped"


def asked_by(person_id: UUID) -> list[Asked]:
    """Return those of all sections. The caller checked the permission."""
    return [each for there in asked_by_name_or_role(person_id) for each in there]


def tell_the_helper(person_ids: Sequence[UUID], about: str, dedupe_key: str, now: datetime) -> None:
    """Notify the helper that there is news for a person without an address, without saying what."""
    if about not in NEWS:
        return
    cards = db.session.scalars(
        select(EntryCard)
        .where(
            EntryCard.person_id.in_(person_ids),
            EntryCard.helper_hears_at.is_not(None),
            EntryCard.helper_id.is_not(None),
        )
        .options(joinedload(EntryCard.helper))
    ).all()
    for card in cards:
        if card.helper is not None:
            key = f"helped:{card.id}:{dedupe_key}"[:120]
            send_note(card.helper, ABOUT, lambda card=card: _news(card), dedupe_key=key, now=now)  # type: ignore[misc]


def _news(card: EntryCard) -> Note:
    return Note(
        _("Er is nieuws voor iemand die je aanmeldde"),
        [
            _("Iemand die jij aanmeldde, heeft zelf geen e-mail. Er is nieuws over iets wat die vroeg."),
            _("Lees het op de site, en vertel het."),
        ],
        _("Lees het nieuws"),
        path_for("registration.other", card_id=card.id),
    )
