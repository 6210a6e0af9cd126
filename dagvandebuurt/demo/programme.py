"""The programme of the demo: edition, rounds, sessions, and the lists they refer to."""

from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, Row, id_of
from dagvandebuurt.demo.rows import add, reference
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.parts.stage import demo_film
from dagvandebuurt.people.models import (
    Domain,
    Role,
    RoleGrant,
)
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import (
    Edition,
    Involvement,
    Organisation,
    Place,
    ProgrammeSession,
    Round,
    SessionKind,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    SpeakerPart,
    Theme,
)
from dagvandebuurt.registration.models import PlaceStatus, Registration


def load_themes(content: Content) -> None:
    for position, row in enumerate(content["themes"]):
        add(Theme, row["code"], position=position, **row)


def load_places(content: Content) -> None:
    for row in content["places"]:
        values = {key: row[key] for key in ("code", "name", "kind")}
        add(Place, row["code"], parent_id=reference(row.get("parent")), **values)


def load_organisations(content: Content) -> None:
    for row in content["organisations"]:
        add(
            Organisation,
            row["id"],
            code=row["id"],
            name=row["name"],
            kind=row["type"],
            domain=Domain(row["domain"]),
            place_id=reference(row["place"]),
            answers_follow_ups=row["answers_follow_ups"],
            response_days=row["response_days"],
        )


def load_speakers(content: Content) -> None:
    accounts = {row["speaker"]: row["id"] for row in content["accounts"] if "speaker" in row}
    for row in content["people"]:
        add(
            Speaker,
            row["id"],
            code=row["id"],
            name=row["name"],
            function=row["function"],
            bio=row["bio"],
            organisation_id=reference(row["org"]),
            person_id=reference(accounts.get(row["id"])),
        )


def load_edition(content: Content, now: datetime) -> None:
    row = content["event"]
    contact = row["contact"]
    is_new = add(
        Edition,
        "edition",
        slug=row["slug"],
        status=EditionStatus.OPEN,
        title=row["title"],
        year=row["edition"],
        tagline=row["tagline"],
        intro=row["intro"],
        promise=row["promise"],
        tagline_en=row["tagline_en"],
        intro_en=row["intro_en"],
        promise_en=row["promise_en"],
        starts_at=datetime.fromisoformat(row["starts_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]),
        registration_opens_at=datetime.fromisoformat(row["registration_opens_at"]),
        registration_closes_at=datetime.fromisoformat(row["registration_closes_at"]),
        expected_participants=row["expected_participants"],
        contact_email=contact["email"],
        contact_phone=contact["phone"],
        contact_hours=contact["hours"],
    )
    if not is_new:
        return
    for account in content["accounts"]:
        db.session.add(
            Registration(
                id=id_of(f"{account['id']} registration"),
                edition_id=id_of("edition"),
                person_id=id_of(account["id"]),
                status=PlaceStatus.CONFIRMED,
                registered_at=now,
                confirmed_at=now,
            )
        )


def load_rounds(content: Content) -> None:
    for row in content["rounds"]:
        add(
            Round,
            f"round {row['code']}",
            edition_id=id_of("edition"),
            code=row["code"],
            label=row["label"],
            starts_at=content.moment(row["starts_at"]),
            ends_at=content.moment(row["ends_at"]),
        )


def load_sessions(content: Content, now: datetime) -> None:
    for row in content["sessions"]:
        if not add(
            ProgrammeSession,
            row["id"],
            edition_id=id_of("edition"),
            round_id=id_of(f"round {row['round']}"),
            slug=row["slug"],
            title=row["title"],
            summary=row["summary"],
            abstract=row["abstract"],
            kind=SessionKind(row["type"]),
            involvement=Involvement(row["involvement"]),
            status=SessionStatus.SCHEDULED,
            starts_at=content.moment(row["starts_at"]),
            ends_at=content.moment(row["ends_at"]),
            capacity=row["capacity"],
            language_level=row["language_level"],
            domains=row["domains"],
            access=row["access"],
            ask_ahead=row["ask_ahead"],
            stage_url=demo_film.ADDRESS if row["speakers"] else None,
            changed_at=now,
        ):
            continue
        db.session.add(LiveRoom(id=id_of(row["id"])))
        db.session.flush()
        session = db.session.get_one(ProgrammeSession, id_of(row["id"]))
        session.themes = [db.session.get_one(Theme, id_of(code)) for code in row["themes"]]
        people = [(code, SpeakerPart.SPEAKER) for code in row["speakers"]]
        people += [(row["host"], SpeakerPart.HOST)] if row["host"] else []
        for position, (code, part) in enumerate(people):
            db.session.add(
                SessionSpeaker(session_id=session.id, speaker_id=id_of(code), part=part, position=position)
            )
        _host_may_run(content, row, now)


def _host_may_run(content: Content, row: Row, now: datetime) -> None:
    for account in content["accounts"]:
        if row["host"] and account.get("speaker") == row["host"]:
            db.session.add(
                RoleGrant(
                    id=id_of(f"{account['id']} hosts {row['id']}"),
                    person_id=id_of(account["id"]),
                    role=Role.HOST,
                    scope_id=id_of(row["id"]),
                    granted_at=now,
                )
            )
