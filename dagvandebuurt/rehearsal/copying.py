"""Copy of an edition for a rehearsal: its programme, texts and look, and the accounts of the crew. Nothing of
visitors: no registration, question, ballot, mail or login is read. Photos of speakers stay out as well: who takes
back their consent is promised that it is gone at once, everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, insert, or_, select
from sqlalchemy.sql import ColumnElement

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.models import Base
from dagvandebuurt.parts.branding.words import is_own
from dagvandebuurt.people.labels import ROLES
from dagvandebuurt.people.models import LinkPurpose, ParticipantRole, Person, RoleGrant
from dagvandebuurt.people.rules import make_link
from dagvandebuurt.polls.models import PollStatus
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.programme.stage.models import Purpose
from dagvandebuurt.registration.models import PlaceStatus, Registration

FIGURANTS = 60
NAMES = ("Ali", "Bea", "Cor", "Dewi", "Els", "Fatma", "Gerrit", "Hanna", "Ivo", "Jamila", "Kees", "Lina", "Mees",
         "Nadia", "Otto", "Puck", "Rachid", "Sien", "Tom", "Wies")  # fmt: skip
EVERYTHING = (
    "branding",
    "house_rules",
    "house_rule",
    "site_text_version",
    "theme",
    "place",
    "organisation",
    "speaker",
    "partner",
    "stage_host_change",
)
OF_A_SESSION = (
    "session_theme",
    "session_speaker",
    "asking_rules",
    "hand_rules",
    "chat_rules",
    "run_of_show",
    "show_part",
)
OF_A_PERSON = {
    "id", "name", "email", "email_key", "email_confirmed_at", "participant_role", "domain", "neighbourhood",
    "language", "house_rules_version", "privacy_accepted_at", "created_at",
}  # fmt: skip


@dataclass(frozen=True)
class Copied:
    """Rows by table, in the order in which they can be stored, and the hours of the day."""

    title: str
    rows: dict[str, list[dict[str, Any]]]
    starts_at: datetime
    ends_at: datetime


def read(edition: Edition) -> Copied:
    """Read all that a rehearsal of this edition needs. Needs an app context of the site."""
    table = Base.metadata.tables
    sessions = [
        each.id
        for each in db.session.scalars(
            select(ProgrammeSession).where(
                ProgrammeSession.edition_id == edition.id, ProgrammeSession.status != SessionStatus.DRAFT
            )
        )
    ]
    crew = set(
        db.session.scalars(
            select(RoleGrant.person_id)
            .join(Person, Person.id == RoleGrant.person_id)
            .where(Person.suspended_at.is_(None), Person.email_confirmed_at.is_not(None))
        )
    )

    def of_edition(name: str) -> ColumnElement[bool]:
        return table[name].c.edition_id == edition.id

    def of_session(name: str) -> ColumnElement[bool]:
        return table[name].c.session_id.in_(sessions)

    polls = select(table["poll"].c.id).where(
        of_session("poll"), table["poll"].c.status.in_([PollStatus.DRAFT, PollStatus.READY])
    )
    grant = table["role_grant"]
    wanted: list[tuple[str, ColumnElement[bool] | None]] = [
        ("person", table["person"].c.id.in_(crew)),
        *((name, None) for name in EVERYTHING),
        ("edition", table["edition"].c.id == edition.id),
        *((name, of_edition(name)) for name in ("round", "venue", "registration_question", "checklist_item")),
        ("programme_session", table["programme_session"].c.id.in_(sessions)),
        ("live_room", table["live_room"].c.id.in_(sessions)),
        *((name, of_session(name)) for name in OF_A_SESSION),
        ("stage_source", of_session("stage_source") & (table["stage_source"].c.purpose != Purpose.RECORDING)),
        ("poll", table["poll"].c.id.in_(polls)),
        ("poll_option", table["poll_option"].c.poll_id.in_(polls)),
        (
            "role_grant",
            grant.c.person_id.in_(crew) & or_(grant.c.scope_id.is_(None), grant.c.scope_id.in_(sessions)),
        ),
    ]
    rows = {name: list(_read(table[name], where, crew)) for name, where in wanted}
    first, last = _hours(rows["programme_session"], edition)
    return Copied(edition.title, rows, first, last)


def _read(table: Table, where: ColumnElement[bool] | None, crew: set[UUID]) -> Iterable[dict[str, Any]]:
    query = select(table) if where is None else select(table).where(where)
    people = [
        column.name
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]
    for row in db.session.execute(query).mappings():
        values = dict(row)
        if table.name == "person":
            values = {name: value for name, value in values.items() if name in OF_A_PERSON}
        for name in people:
            if name in values and values[name] not in crew:
                values[name] = None
        yield values


def _hours(sessions: list[dict[str, Any]], edition: Edition) -> tuple[datetime, datetime]:
    """Return from when to when the day lasts: that of the first session, where an edition has several days."""
    if not sessions:
        return edition.starts_at - timedelta(minutes=15), edition.ends_at
    first = min(each["starts_at"] for each in sessions)
    day = [each for each in sessions if each["starts_at"] - first < timedelta(hours=16)]
    return first - timedelta(minutes=15), max(each["ends_at"] for each in day)


def write(copied: Copied, *, now: datetime) -> None:
    """Store the copy in the empty database of the rehearsal, in the running transaction: open, with nobody in
    it but invented people."""
    for name, rows in copied.rows.items():
        if name == "edition":
            rows = [_opened(row, copied) for row in rows]
        if name == "programme_session":
            rows = [{**row, "taken": 0, "visitors": None} for row in rows]
        if name == "place":
            rows = _referred_first(rows, "parent_id")
        if name == "registration_question":
            rows = _referred_first(rows, "shown_if_id")
        if name == "show_part":
            rows = [{**row, "begun_at": None} for row in rows]
        if name == "poll_option":
            rows = [{**row, "ballots": 0} for row in rows]
        if rows:
            db.session.execute(insert(Base.metadata.tables[name]), rows)
    [edition] = copied.rows["edition"]
    _figurants(edition["id"], copied, now)


def _referred_first(rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    """Order rows so that the one that a row refers to stands before it."""
    left, ordered, there = rows, [], {None}
    while left:
        ready = [row for row in left if row[column] in there]
        ordered += ready
        there |= {row["id"] for row in ready}
        left = [row for row in left if row not in ready] if ready else []
    return ordered


def _opened(row: dict[str, Any], copied: Copied) -> dict[str, Any]:
    return {
        **row, "status": EditionStatus.OPEN, "opens_at": None, "preview_nonce": None, "taken": FIGURANTS,
        "registration_opens_at": copied.starts_at - timedelta(days=1), "registration_closes_at": copied.ends_at,
    }  # fmt: skip


def _figurants(edition_id: UUID, copied: Copied, now: datetime) -> None:
    """Register invented people. Their mailboxes cannot exist (RFC 2606), and are mailed nothing besides."""
    rules = max((row["version"] for row in copied.rows["house_rules"]), default=1)
    roles = [role for role in ParticipantRole if not is_own(role)]
    people = [
        {
            "id": uuid4(), "name": f"{NAMES[number % len(NAMES)]} (figurant {number + 1})",
            "email": f"figurant{number + 1}@rehearsal.invalid",
            "email_key": f"figurant{number + 1}@rehearsal.invalid", "email_confirmed_at": now,
            "participant_role": roles[number % len(roles)], "language": "nl", "house_rules_version": rules,
            "privacy_accepted_at": now, "created_at": now, "rights_revision": 0,
        }
        for number in range(FIGURANTS)
    ]  # fmt: skip
    db.session.execute(insert(Person), people)
    db.session.execute(
        insert(Registration),
        [
            {
                "id": uuid4(), "edition_id": edition_id, "person_id": person["id"],
                "status": PlaceStatus.CONFIRMED, "registered_at": now, "confirmed_at": now,
            }
            for person in people
        ],
    )  # fmt: skip


def crew_links(url: str, *, now: datetime) -> list[list[str]]:
    """Make a link to log in for each of the crew: their name, their roles, and the link."""
    crew = db.session.scalars(
        select(Person).join(RoleGrant).order_by(Person.name, Person.id).distinct()
    ).all()
    with speaking("nl"):  # written down once, in whatever language this process spoke before
        return [
            [
                person.name,
                ", ".join(sorted({str(ROLES[grant.role]) for grant in person.grants})),
                f"{url}/link/{make_link(person, LinkPurpose.LOGIN, now=now, lives=timedelta(days=30))}",
            ]
            for person in crew
        ]
