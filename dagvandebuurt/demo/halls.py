"""Venues of the demo sessions, and earlier releases of the programme."""

from datetime import datetime, timedelta

from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, id_of
from dagvandebuurt.programme.editing.load import planned
from dagvandebuurt.programme.editing.snapshot import Difference, FieldChange, RecordKind
from dagvandebuurt.programme.models import Edition, ProgrammeRelease, ProgrammeSession, Venue, VenueKind


def open_the_halls(content: Content) -> None:
    """Load halls and a building, and assign sessions to them."""
    for position, row in enumerate(content["venues"]):
        if db.session.get(Venue, id_of(row["code"])) is not None:
            continue
        db.session.add(
            Venue(
                id=id_of(row["code"]),
                edition_id=id_of("edition"),
                name=row["name"],
                kind=VenueKind(row["kind"]),
                address=row["address"],
                description=row["description"],
                capacity=row["capacity"],
                position=position,
            )
        )
        db.session.flush()
        for session in row["sessions"]:
            db.session.get_one(ProgrammeSession, id_of(session)).venue_id = id_of(row["code"])


def tell_what_changed(content: Content, now: datetime) -> None:
    """Load the releases before this one, oldest first."""
    edition = db.session.get_one(Edition, id_of("edition"))
    for number, row in enumerate(content["versions"], start=2):
        if db.session.get(ProgrammeRelease, id_of(f"version {number}")) is not None:
            continue
        session = db.session.get_one(ProgrammeSession, id_of(row["session"]))
        value = planned(RecordKind.SESSION, session).values()[row["field"]]
        before = value[:1] if isinstance(value, list) else None
        fields = (FieldChange(row["field"], before, value),)
        change = Difference(RecordKind.SESSION, session.id, session.title, False, fields)
        db.session.add(
            ProgrammeRelease(
                id=id_of(f"version {number}"),
                edition_id=edition.id,
                number=number,
                note=row["note"],
                changes=[change.as_json()],
                published_at=now - timedelta(days=row["days_ago"]),
            )
        )
        edition.programme_version = number
