"""Mail to a person: only to an address that is theirs, only what they want, with a way to stop it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app

from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.parts.mail.letter import Invitation, write
from dagvandebuurt.parts.mail.rules import post
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.notifications import muted_by, path_to_mute


@dataclass(frozen=True)
class Note:
    """A short letter: sentences and one button."""

    subject: str
    lines: Sequence[str]
    button: str
    path: str


def send(
    person: Person | None,
    about: str,
    letter: str,
    *,
    dedupe_key: str,
    now: datetime,
    invitation: Invitation | None = None,
    **values: Any,
) -> None:
    """Post `templates/email/<letter>` to somebody, in the running transaction, unless they have no address
    of their own or do not want mail `about` that. Once for each `dedupe_key`. An `invitation` goes along."""
    if person is None or person.email is None or not person.has_account or about in muted_by(person.id):
        return
    off = path_to_mute(person.id, about)
    written = write(letter, to=person.email, to_name=person.name, language=person.language, off=off, **values)
    # A mail program's own button (RFC 2369), also with one press and no page (RFC 8058).
    written.headers["List-Unsubscribe"] = f"<{current_app.config['PUBLIC_URL']}{off}>"
    written.headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    post(replace(written, invitation=invitation), dedupe_key=dedupe_key, now=now)


def send_note(
    person: Person,
    about: str,
    compose: Callable[[], Note],
    *,
    dedupe_key: str,
    now: datetime,
    invitation: Invitation | None = None,
) -> None:
    """The same for a short letter, composed in the language of its reader."""
    with speaking(person.language):
        note = compose()
    send(
        person, about, "note", dedupe_key=dedupe_key, now=now, invitation=invitation,
        subject=note.subject, lines=note.lines, button=note.button, path=note.path,
    )  # fmt: skip
