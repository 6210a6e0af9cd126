"""Invented participants, enough to fill the pages and to exceed the suppression threshold of statistics."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select, update

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.demo.content import id_of
from dagvandebuurt.parts.branding.words import is_own
from dagvandebuurt.people.models import Domain, ParticipantRole, Person
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.registration.models import PlaceStatus, Registration

SIZE = 964
FIRST = [
    "Aicha",
    "Bas",
    "Carlijn",
    "Dirk",
    "Elif",
    "Femke",
    "Gijs",
    "Hamza",
    "Ineke",
    "Jeroen",
    "Kirsten",
    "Lotte",
    "Mohamed",
    "Nienke",
    "Omar",
    "Petra",
    "Quinten",
    "Roos",
    "Saskia",
    "Teun",
    "Umar",
    "Vera",
    "Wouter",
    "Xandra",
    "Yara",
    "Zeynep",
    "Annelies",
    "Boudewijn",
    "Chantal",
    "Daan",
]
LAST = (
    "van Almenhof Bruggema Coldewijn Drenthuis Eekmeijer Fortuinstra Geldermanse Hooiveld IJzerloo Jonkerveen "
    "Kampgaard Lommerijk Meerhout Noordkamper Oosterwal Pluimakker Rietbergen Schaapsloot Terhorst Uiterwijk "
    "Vliedorp Waterkamp Zandweerd"
)
NEIGHBOURHOODS = ("Sterrenhof", "Bloemenkade", "De Klinkers", "Zuidrand", "'t Eiland", None)
ROLES = {
    ParticipantRole.RESIDENT: 26,
    ParticipantRole.ACTIVE_RESIDENT: 17,
    ParticipantRole.SOCIAL_WORKER: 21,
    ParticipantRole.PROFESSIONAL: 16,
    ParticipantRole.POLICY_OFFICER: 10,
    ParticipantRole.ADMINISTRATOR: 3,
    ParticipantRole.RESEARCHER: 3,
    ParticipantRole.ENTREPRENEUR: 2,
    ParticipantRole.UNDISCLOSED: 2,
}


def fill_the_street(edition_id: UUID, opening: datetime, now: datetime, *, stayed: Iterable[UUID]) -> None:
    """Register SIZE invented people before `now`; most visited the `opening`, and those who `stayed` can be
    certified. Idempotent.
    """
    if db.session.get(Person, id_of("crowd 0")) is not None:
        return
    dice = random.Random(28)  # noqa: S311 - the same crowd at every load
    surnames = LAST.replace("van Almenhof", "vanAlmenhof").split()
    roles = dice.choices(list(ROLES), weights=list(ROLES.values()), k=SIZE)
    people, registrations = [], []
    visits = [_visit(person_id, opening, minutes=14) for person_id in stayed]
    for number, role in enumerate(roles):
        person_id = id_of(f"crowd {number}")
        registered = now - timedelta(days=dice.randint(1, 40), minutes=dice.randint(0, 900))
        people.append(
            {
                "id": person_id,
                "name": f"{dice.choice(FIRST)} {dice.choice(surnames).replace('van', 'van ')}",
                "participant_role": role,
                "domain": dice.choice([each for each in Domain if not is_own(each)]),
                "neighbourhood": dice.choice(NEIGHBOURHOODS) if "resident" in role else None,
                "language": "nl",
                "created_at": registered,
                "rights_revision": 0,
            }
        )
        registrations.append(
            {
                "id": id_of(f"crowd {number} registration"),
                "edition_id": edition_id,
                "person_id": person_id,
                "status": PlaceStatus.CONFIRMED,
                "registered_at": registered,
                "confirmed_at": registered,
            }
        )
        if dice.random() < 0.7:
            came = opening + timedelta(minutes=dice.randint(0, 5))
            visits.append(_visit(person_id, came, minutes=dice.randint(3, 9)))
    db.session.execute(insert(Person), people)
    db.session.execute(insert(Registration), registrations)
    db.session.execute(insert(Visit), visits)
    comes = select(func.count()).where(Registration.edition_id == edition_id).scalar_subquery()
    db.session.execute(update(Edition).where(Edition.id == edition_id).values(taken=comes))


def _visit(person_id: UUID, came: datetime, *, minutes: int) -> dict[str, object]:
    return {
        "id": id_of(f"{person_id} visit"),
        "session_id": id_of("s01"),
        "person_id": person_id,
        "first_seen_at": came,
        "last_seen_at": came + timedelta(minutes=minutes),
    }


def supporters(session_id: UUID, question_id: UUID, count: int) -> Iterator[dict[str, object]]:
    """Return rows of support by the first `count` invented people, so that the number and the rows agree."""
    for number in range(count):
        key = pseudonym(session_id, "support", id_of(f"crowd {number}"))
        yield {"question_id": question_id, "supporter_key": key}
