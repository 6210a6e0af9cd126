"""Commands of attendance: record heartbeats as visits, opt out of the list, issue certificates."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.attendance.certificate_codes import CODE_LETTERS, CODE_SIGNS
from dagvandebuurt.attendance.errors import NothingToCertify
from dagvandebuurt.attendance.models import STEP, Certificate, CountedVisit, Inside, Unlisted, Visit
from dagvandebuurt.attendance.permissions import AttendancePermission
from dagvandebuurt.attendance.queries import (
    counted_visits_of,
    inside_key,
    presence_of,
    reader_key,
    unlisted_among,
    visitor_key,
)
from dagvandebuurt.core.coarse_time import to_nearest
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition

SAME_VISIT = timedelta(seconds=90)  # a shorter gap is a bad connection, and continues the visit
NOBODY_KNOWS_AFTER = timedelta(minutes=10)  # exact last heartbeat

Stay = tuple[UUID, UUID]  # session, person


def keep_beats(beats: Mapping[Stay, datetime]) -> None:
    """Store heartbeats (session, person) → moment: extend the running visit, or begin one.

    A visit never shrinks, whatever a clock does. A handful of statements, however many heartbeats.
    """
    if not beats:
        return
    goes_on = _seen_again(beats)
    unlisted = unlisted_among({person for _, person in beats})
    named = [stay for stay in beats if stay[1] not in unlisted]
    counted = [stay for stay in beats if stay[1] in unlisted]
    steps = {stay: to_nearest(at, STEP) for stay, at in beats.items()}
    _grow(Visit, "person_id", {stay: stay for stay in named}, steps, goes_on)
    _grow(CountedVisit, "visitor_key", {(s, visitor_key(s, p)): (s, p) for s, p in counted}, steps, goes_on)


def keep_readers(reads: Mapping[tuple[UUID, UUID], datetime]) -> None:
    """Record who reads along without a name, (session, browser) → moment. They count as present; attendance is
    of people, so there is no visit.
    """
    if reads:
        _record({(session, reader_key(session, reader)): at for (session, reader), at in reads.items()})


def forget_readers(gone: Collection[tuple[UUID, UUID]]) -> None:
    """Delete the presence of readers, (session, browser), who gave a name: they would count twice."""
    if gone:
        names = [(session, reader_key(session, reader)) for session, reader in gone]
        db.session.execute(delete(Inside).where(tuple_(Inside.session_id, Inside.visitor_key).in_(names)))


def _seen_again(beats: Mapping[Stay, datetime]) -> set[Stay]:
    """Record who was seen; return those whose visit continues."""
    names = {(session, inside_key(session, person)): (session, person) for session, person in beats}
    before = _record({name: beats[stay] for name, stay in names.items()})
    return {names[name] for name, last in before.items() if last >= beats[names[name]] - SAME_VISIT}


def _record(seen: Mapping[tuple[UUID, str], datetime]) -> dict[tuple[UUID, str], datetime]:
    """Record the last heartbeat under each key of a session; return those that stood there before."""
    found = db.session.execute(
        select(Inside.session_id, Inside.visitor_key, Inside.seen_at).where(
            tuple_(Inside.session_id, Inside.visitor_key).in_(list(seen))
        )
    )
    before = {(row.session_id, row.visitor_key): row.seen_at for row in found}
    rows = [
        {"session_id": name[0], "visitor_key": name[1], "seen_at": max(at, before.get(name, at))}
        for name, at in seen.items()
    ]
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    note = dialect.insert(Inside)
    db.session.execute(
        note.on_conflict_do_update(
            index_elements=[Inside.session_id, Inside.visitor_key], set_={"seen_at": note.excluded.seen_at}
        ),
        rows,
    )
    db.session.execute(delete(Inside).where(Inside.seen_at < max(seen.values()) - NOBODY_KNOWS_AFTER))
    return before


def _grow(
    table: Any,
    whose: str,
    stays: Mapping[tuple[UUID, Any], Stay],
    steps: Mapping[Stay, datetime],
    goes_on: Collection[Stay],
) -> None:
    if not stays:
        return
    who = getattr(table, whose)
    newest: dict[tuple[UUID, Any], Any] = {}
    running = db.session.execute(
        select(table.id, table.session_id, who.label("who"), table.last_seen_at)
        .where(tuple_(table.session_id, who).in_([key for key, stay in stays.items() if stay in goes_on]))
        .order_by(table.last_seen_at)
    )
    for visit in running:
        newest[visit.session_id, visit.who] = visit
    grown = [
        {"id": newest[key].id, "last_seen_at": steps[stay]}
        for key, stay in stays.items()
        if key in newest and newest[key].last_seen_at < steps[stay]
    ]
    if grown:
        db.session.execute(update(table), grown)
    begun = [
        {
            "id": uuid4(),
            "session_id": key[0],
            whose: key[1],
            "first_seen_at": steps[stay],
            "last_seen_at": steps[stay],
        }
        for key, stay in stays.items()
        if key not in newest
    ]
    if begun:
        db.session.execute(insert(table), begun)


@command(needs=AttendancePermission.CHOOSE)
def stay_off_the_list(actor: Actor, _subject: None, *, now: datetime) -> None:
    """Opt out of the attendance list, also for past sessions, and withdraw certificates, which name sessions.
    Idempotent.
    """
    person_id = _alone(actor)
    if db.session.get(Unlisted, person_id) is None:
        db.session.add(Unlisted(person_id=person_id, chosen_at=now))
    visits = db.session.scalars(select(Visit).where(Visit.person_id == person_id)).all()
    for visit in visits:
        db.session.add(
            CountedVisit(
                session_id=visit.session_id,
                visitor_key=visitor_key(visit.session_id, person_id),
                first_seen_at=visit.first_seen_at,
                last_seen_at=visit.last_seen_at,
            )
        )
        db.session.delete(visit)
    db.session.execute(delete(Certificate).where(Certificate.person_id == person_id))


@command(needs=AttendancePermission.CHOOSE)
def be_listed(actor: Actor, _subject: None) -> None:
    """Undo the opt-out, also for past sessions: the same visitor is not counted twice. Idempotent."""
    person_id = _alone(actor)
    db.session.execute(delete(Unlisted).where(Unlisted.person_id == person_id))
    for visit in counted_visits_of(person_id):
        db.session.add(
            Visit(
                session_id=visit.session_id,
                person_id=person_id,
                first_seen_at=visit.first_seen_at,
                last_seen_at=visit.last_seen_at,
            )
        )
        db.session.delete(visit)


@command(needs=AttendancePermission.CERTIFY)
def certify(actor: Actor, edition: Edition, *, now: datetime) -> Certificate:
    """Issue a certificate when attendance meets the threshold; withdraw the previous one unless identical.

    Raises NothingToCertify.
    """
    person = db.session.get_one(Person, _alone(actor))
    present = presence_of(person.id, edition, now=now)
    if not present.enough:
        raise NothingToCertify
    says = {
        "name": person.name,
        "edition": edition.title,
        "starts_at": edition.starts_at.isoformat(),
        "minutes": present.minutes,
        "sessions": [
            {
                "title": each.session.title,
                "starts_at": each.session.starts_at.isoformat(),
                "ends_at": each.session.ends_at.isoformat(),
                "minutes": each.minutes,
            }
            for each in present.enough
        ],
    }
    valid = db.session.scalars(
        select(Certificate).where(
            Certificate.person_id == person.id,
            Certificate.edition_id == edition.id,
            Certificate.withdrawn_at.is_(None),
        )
    ).all()
    for certificate in valid:
        if certificate.says == says:
            return certificate
        certificate.withdrawn_at = now
    code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LETTERS))
    made = Certificate(code=code, person_id=person.id, edition_id=edition.id, made_at=now, says=says)
    db.session.add(made)
    db.session.flush()
    return made


@command(needs=AttendancePermission.WITHDRAW)
def withdraw(actor: Actor, certificate: Certificate, *, now: datetime) -> None:
    """Withdraw a certificate: verification says so, and shows no name. Idempotent."""
    certificate.withdrawn_at = certificate.withdrawn_at or now


def _alone(actor: Actor) -> UUID:
    """Serialise the actions of one person; their heartbeats wait as well."""
    return db.session.scalars(select(Person.id).where(Person.id == actor.id).with_for_update()).one()
