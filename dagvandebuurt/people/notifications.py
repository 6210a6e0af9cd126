"""Mail preferences. Transactional mail, such as a login link, cannot be switched off."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.signing import link_serializer
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.people.models import MutedMail


@dataclass(frozen=True)
class Subject:
    """Kind of mail that can be switched off."""

    code: str
    label: Any
    about: Any


SUBJECTS = {
    subject.code: subject
    for subject in (
        Subject("answered", _l("Antwoord op mijn vraag"), _l("Je vraag is beantwoord.")),
        Subject("reminder", _l("Herinneringen"), _l("De dag ervoor, en een uur voor een sessie die je koos.")),
        Subject("changed", _l("Veranderingen"), _l("Een sessie die je koos verschuift of gaat niet door.")),
        Subject(
            "invitation",
            _l("Uitnodigingen voor mijn agenda"),
            _l("Alleen als je ze zelf aanzet, onder In je eigen agenda."),
        ),
        Subject("place", _l("Plekken"), _l("Er komt een plek voor je vrij.")),
        Subject("access", _l("Wat ik nodig heb"), _l("Wat je vroeg om mee te kunnen doen, is geregeld.")),
        Subject("agenda", _l("Actiepunten"), _l("Er gebeurt iets met een actiepunt dat je inbracht of volgt.")),
        Subject("agenda_work", _l("Actiepunten voor mijn werk"), _l("Wat aan je organisatie gevraagd is, en wat te laat is.")),
        Subject("learning", _l("Mijn leervragen"), _l("Er gebeurt iets met wat je wilt leren.")),
        Subject("offers", _l("Wat ik instuurde"), _l("Aanbod en voorbeelden: geplaatst, en elk jaar of het nog klopt.")),
        Subject("contact", _l("Berichten en ontmoetingen"), _l("Iemand schrijft je via de site, of wil je ontmoeten.")),
        Subject("news", _l("Nieuws van de organisatie"), _l("De organisatie schrijft iedereen, of een groep, over de dag.")),
        Subject("digest", _l("Wat nieuw is"), _l("Elke week of maand, bij wat je volgt in de Wijkwijzer.")),
        Subject("helped", _l("Wie ik aanmeldde"), _l("Er is nieuws voor iemand die je aanmeldde en die geen e-mail heeft.")),
        Subject("decision", _l("Besluiten"), _l("Wat er met een melding of je verborgen vraag gebeurde.")),
    )
}  # fmt: skip


def muted_by(person_id: UUID) -> set[str]:
    """Return what this person does not want by mail."""
    return set(db.session.scalars(select(MutedMail.subject).where(MutedMail.person_id == person_id)))


def mute(person_id: UUID, subject: str) -> None:
    """Switch this kind of mail off. Idempotent."""
    if subject not in muted_by(person_id):
        db.session.add(MutedMail(person_id=person_id, subject=subject))


def unmute(person_id: UUID, subject: str) -> None:
    """Switch this kind of mail on again, on request. Idempotent."""
    db.session.execute(
        delete(MutedMail).where(MutedMail.person_id == person_id, MutedMail.subject == subject)
    )


def path_to_mute(person_id: UUID, subject: str) -> str:
    """Return the address to unsubscribe from one kind, logged in or not (RFC 8058)."""
    return path_for("people.mail_off", token=_serializer().dumps([person_id.hex, subject]))


def subscription_of_token(token: str) -> tuple[UUID, Subject]:
    """Return whose mail, about what. Raises NotFound for an invalid token."""
    try:
        person, code = _serializer().loads(token)
        return UUID(person), SUBJECTS[code]
    except (BadSignature, KeyError, ValueError):
        raise NotFound from None


def _serializer() -> URLSafeSerializer:
    return link_serializer("mail-off")
