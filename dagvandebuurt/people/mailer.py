"""Mailer for people: confirmed addresses only, according to their preferences, with List-Unsubscribe."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from flask import current_app
from markupsafe import escape
from sqlalchemy import Select, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.parts.mail.compose import Invitation, Letter, write
from dagvandebuurt.parts.mail.models import Priority
from dagvandebuurt.parts.mail.rules import post, post_many
from dagvandebuurt.people.hooks import unreachable
from dagvandebuurt.people.models import MutedMail, Person
from dagvandebuurt.people.notifications import muted_by, path_to_mute

NEWS = frozenset({"reminder", "digest"})  # bulk priority: mails that somebody waits for go first


class InSteps(Protocol):
    """Something that went in steps: the state of each and its words, in the reader's language."""

    def in_words(self) -> list[tuple[str, str]]: ...


@dataclass(frozen=True)
class Note:
    """Short mail: sentences, the steps of what it is about, and one button."""

    subject: str
    lines: Sequence[str]
    button: str
    path: str
    way: InSteps | None = None


def send(
    person: Person | None,
    about: str,
    letter: str,
    *,
    dedupe_key: str,
    now: datetime,
    due_at: datetime | None = None,
    invitation: Invitation | None = None,
    **values: Any,
) -> None:
    """Enqueue `templates/email/<letter>` to somebody, in the running transaction, once for each
    `dedupe_key`. It leaves at `due_at`; None is at once.

    Not to people without an address of their own, or who do not want mail `about` that. An `invitation` is
    attached.
    """
    if person is not None and person.email is None and person.forgotten_at is None:
        unreachable([person.id], about, dedupe_key, now)
    if person is None or person.email is None or not person.has_account or about in muted_by(person.id):
        return
    off, unsubscribes = unsubscribing(person.id, about)
    written = write(
        letter, to=person.email, to_name=person.name, language=person.language, topic=about, off=off, **values
    )
    written.headers.update(unsubscribes)
    priority = Priority.NEWS if about in NEWS else Priority.OWN
    post(
        replace(written, invitation=invitation, priority=priority),
        dedupe_key=dedupe_key, now=now, due_at=due_at,
    )  # fmt: skip


def unsubscribing(person_id: UUID, about: str) -> tuple[str, dict[str, str]]:
    """Return the path that switches mail `about` that off, and the headers for a mail program's own button
    (RFC 2369), also with one press and no page (RFC 8058)."""
    off = path_to_mute(person_id, about)
    return off, {
        "List-Unsubscribe": f"<{current_app.config['PUBLIC_URL']}{off}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def send_note(
    person: Person,
    about: str,
    compose: Callable[[], Note],
    *,
    dedupe_key: str,
    now: datetime,
    invitation: Invitation | None = None,
) -> None:
    """Enqueue a short mail, composed in the language of its reader."""
    with speaking(person.language):
        note = compose()
    send(
        person, about, "note", dedupe_key=dedupe_key, now=now, invitation=invitation,
        subject=note.subject, lines=note.lines, button=note.button, path=note.path, way=note.way,
    )  # fmt: skip


def send_note_to_many(
    who: Select[UUID], about: str, compose: Callable[[], Note], *, dedupe_key: str, now: datetime
) -> int:
    """Enqueue a short mail for everybody in `who` with an address who wants mail `about` that; return how
    many.

    One query and one insert, however many they are; the same key again adds none. Rendered once for each
    language; name and unsubscribe link are filled in per reader.
    """
    without = db.session.scalars(
        select(Person.id).where(Person.id.in_(who), Person.email.is_(None), Person.forgotten_at.is_(None))
    ).all()
    if without:
        unreachable(without, about, dedupe_key, now)
    muted = select(MutedMail.person_id).where(MutedMail.subject == about)
    readers = db.session.execute(
        select(Person.id, Person.name, Person.email, Person.language)
        .where(
            Person.id.in_(who),
            Person.id.not_in(muted),
            Person.email.is_not(None),
            Person.email_confirmed_at.is_not(None),
            Person.suspended_at.is_(None),
            Person.forgotten_at.is_(None),
        )
        .order_by(Person.id)
    ).all()
    by_language: dict[str, list[Any]] = defaultdict(list)
    for reader in readers:
        by_language[reader.language].append(reader)
    letters = []
    for language, there in by_language.items():
        pattern = _Pattern.of(compose, language, about)
        letters += [(pattern.to(reader, about), f"{dedupe_key}:{reader.id}") for reader in there]
    post_many(letters, now=now)
    return len(letters)


@dataclass(frozen=True)
class _Pattern:
    """Mail in one language, with placeholders for the reader's name and unsubscribe link."""

    letter: Letter
    name: str
    off: str

    @classmethod
    def of(cls, compose: Callable[[], Note], language: str, about: str) -> "_Pattern":
        name, off = (f"x{secrets.token_hex(8)}x" for _ in range(2))
        with speaking(language):
            note = compose()
        letter = write(
            "note", to="", to_name=name, language=language, topic=about, off=f"/{off}",
            subject=note.subject, lines=note.lines, button=note.button, path=note.path, way=note.way,
        )  # fmt: skip
        return cls(letter, name, f"/{off}")

    def to(self, reader: Any, about: str) -> Letter:
        off, unsubscribes = unsubscribing(reader.id, about)
        text = self.letter.text.replace(self.name, reader.name).replace(self.off, off)
        html = self.letter.html.replace(self.name, str(escape(reader.name))).replace(self.off, off)
        headers = {**self.letter.headers, **unsubscribes}
        return replace(
            self.letter, to=reader.email, to_name=reader.name, text=text, html=html, headers=headers,
            priority=Priority.NEWS,
        )  # fmt: skip
