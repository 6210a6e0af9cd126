"""Mails about editions, to those who organise."""

from datetime import datetime
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.parts.mail.compose import write
from dagvandebuurt.parts.mail.rules import post
from dagvandebuurt.people.models import Person, Role
from dagvandebuurt.people.queries import people_with_role
from dagvandebuurt.programme.models import Edition


def tell_of_the_opening(edition_id: UUID, *, now: datetime) -> int:
    """Mail organisers and administrators that an edition opened by itself, as one of them planned. Returns the
    number of mails. Once for each opening."""
    edition = db.session.get_one(Edition, edition_id)
    people = {
        person.id: person
        for role in (Role.ORGANISER, Role.ADMIN)
        for person in people_with_role(role)
        if person.email is not None and person.has_account and person.suspended_at is None
    }
    for person in people.values():
        _tell(person, edition, now=now)
    return len(people)


def _tell(person: Person, edition: Edition, *, now: datetime) -> None:
    assert person.email is not None
    with speaking(person.language):
        subject = _("%(title)s is nu open", title=edition.title)
        lines = [
            _(
                "%(title)s ging vanzelf open, zoals gepland. Bezoekers lezen nu het programma.",
                title=edition.title,
            ),
            _("Klopt er iets niet? Op deze pagina sluit je hem weer."),
        ]
        button = _("Bekijk deze editie")
    letter = write(
        "note", to=person.email, to_name=person.name if person.has_account else "", language=person.language,
        subject=subject, lines=lines, button=button,
        path=path_for("programme.edition_status", edition_id=edition.id),
    )  # fmt: skip
    post(letter, dedupe_key=f"opened:{edition.id}:{edition.status_revision}:{person.id}", now=now)
