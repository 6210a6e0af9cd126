"""The mail of a mailing for each of its readers: in their language, with its fields filled in."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from markupsafe import escape

from dagvandebuurt.core.clock import local
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import on_day, speaking
from dagvandebuurt.mailings.fields import FIELDS, fields_in, filled
from dagvandebuurt.mailings.filters import NEWS
from dagvandebuurt.mailings.models import Mailing
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.parts.mail.compose import Letter, write
from dagvandebuurt.parts.mail.models import Priority
from dagvandebuurt.people.mailer import unsubscribing
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.registration.queries import programmes_of

KIND, TRIAL = "mailing", "mailing_trial"
Programmes = Mapping[UUID, Sequence[ProgrammeSession]]


def programmes_for(mailing: Mailing, edition: Edition) -> Programmes:
    """Return everybody's chosen sessions, where the text names them."""
    texts = (mailing.subject, mailing.text, mailing.subject_en, mailing.text_en)
    return programmes_of(edition) if "sessies" in fields_in(*texts) else {}


@dataclass(frozen=True)
class Written:
    """A mailing as one person reads it."""

    subject: str
    lines: list[str]


def words_for(mailing: Mailing, language: str) -> Written:
    """Return the text in this language, fields not filled in. Without English it is the Dutch one, and says
    so."""
    if language == "en" and mailing.has_english:
        return Written(mailing.subject_en, _lines(mailing.text_en))
    lines = _lines(mailing.text)
    if language == "en":
        with speaking("en"):
            lines = [_("Dit bericht is er alleen in het Nederlands."), *lines]
    return Written(mailing.subject, lines)


def read_by(
    mailing: Mailing, edition: Edition, *, name: str, language: str, sessions: Sequence[ProgrammeSession]
) -> Written:
    """Return what one person would read."""
    values = _values(edition, name, language, sessions)
    words = words_for(mailing, language)
    return Written(filled(words.subject, values), [filled(line, values) for line in words.lines])


class Pattern:
    """Mail of a mailing in one language, rendered once: what differs for each reader is put in afterwards."""

    def __init__(self, mailing: Mailing, edition: Edition, language: str) -> None:
        self._edition, self._language = edition, language
        self._marks = {name: f"x{secrets.token_hex(8)}x" for name in (*FIELDS, "to", "off")}
        words = words_for(mailing, language)
        self._letter = write(
            KIND, to="", to_name=self._marks["to"], language=language, topic=NEWS,
            off=f"/{self._marks['off']}",
            subject=filled(words.subject, self._marks),
            lines=[filled(line, self._marks) for line in words.lines],
        )  # fmt: skip

    def to(self, reader: Any, sessions: Sequence[ProgrammeSession], *, kind: str = KIND) -> Letter:
        """Return the letter to one reader: a row or a person with id, name and email."""
        off, headers = unsubscribing(reader.id, NEWS)
        values = _values(self._edition, reader.name, self._language, sessions)
        plain = {self._marks[name]: value for name, value in values.items()} | {
            self._marks["to"]: reader.name, f"/{self._marks['off']}": off,
        }  # fmt: skip
        text, html, subject = self._letter.text, self._letter.html, self._letter.subject
        for mark, value in plain.items():
            text = text.replace(mark, value)
            html = html.replace(mark, str(escape(value)))
            subject = subject.replace(mark, value)
        return replace(
            self._letter, kind=kind, to=reader.email, to_name=reader.name, text=text, html=html,
            subject=" ".join(subject.split())[:200], headers={**self._letter.headers, **headers},
            priority=Priority.NEWS,
        )  # fmt: skip


def _values(
    edition: Edition, name: str, language: str, sessions: Sequence[ProgrammeSession]
) -> dict[str, str]:
    with speaking(language):
        return {
            "naam": name,
            "evenement": brand.name,
            "datum": on_day(local(edition.starts_at).date()),
            "sessies": ", ".join(each.title for each in sessions) or _("nog geen sessie"),
        }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
