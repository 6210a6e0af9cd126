"""Drafts and releases: private until published, one number, one note, all or nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput, NotAllowed
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.programme.editing import rules
from dagvandebuurt.programme.editing.conflicts import ClashKind, clashes
from dagvandebuurt.programme.editing.load import drafted, published, to_come
from dagvandebuurt.programme.editing.snapshot import RecordKind
from dagvandebuurt.programme.errors import CannotBePublished, ChangedMeanwhile, NotAsSeen, NothingToPublish
from dagvandebuurt.programme.models import (
    DraftEntry,
    Edition,
    ProgrammeRelease,
    ProgrammeSession,
    SessionStatus,
    Speaker,
    Venue,
)
from dagvandebuurt.registration.errors import TooFewPlaces
from dagvandebuurt.registration.models import PlaceStatus, SessionChoice

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def organiser(make):
    return make.identity("Roos", roles=["organiser"])


@pytest.fixture
def edition(session):
    return db.session.get_one(Edition, session.edition_id)


def draft(organiser, edition, kind, thing_id, now, seen=None, **values):
    with transaction():
        entry = rules.save_draft(
            organiser, edition, kind=kind, thing_id=thing_id, values=values, seen=seen, now=now
        )
        return entry.revision if entry is not None else None


def publish(organiser, edition, now, note="Een nieuwe zaal", **more):
    with transaction():
        return rules.publish(organiser, edition, note=note, now=now, **more).number


def fresh(thing):
    return db.session.get(type(thing), thing.id, populate_existing=True)


def choose(make, session, name="Noor"):
    person = make.person(name)
    make.store(
        SessionChoice(
            session_id=session.id,
            person_id=person.id,
            status=PlaceStatus.CONFIRMED,
            chosen_at=session.starts_at,
        )
    )
    session = fresh(session)
    session.taken += 1
    db.session.commit()
    return person


def subjects():
    return list(db.session.scalars(select(Mail.subject).order_by(Mail.subject)))


def test_a_draft_changes_nothing_until_it_is_published(organiser, edition, session, now):
    draft(organiser, edition, RecordKind.SESSION, session.id, now, title="Samen groener")

    assert fresh(session).title == "Samen groen"
    assert published(edition).sessions[session.id].title == "Samen groen"
    assert drafted(edition).sessions[session.id].title == "Samen groener"

    number = publish(organiser, edition, now)

    assert fresh(session).title == "Samen groener"
    assert (number, edition.programme_version) == (2, 2)
    assert db.session.scalar(select(func.count()).select_from(DraftEntry)) == 0
    release = db.session.scalars(select(ProgrammeRelease)).one()
    assert release.note == "Een nieuwe zaal"
    assert [change["fields"] for change in release.changes] == [
        [{"name": "title", "before": "Samen groen", "after": "Samen groener"}]
    ]


def test_new_session_with_hall_and_speaker_is_public_after_publishing(organiser, edition, session, now):
    hall, speaker, new = uuid4(), uuid4(), uuid4()
    draft(organiser, edition, RecordKind.VENUE, hall, now, name="Zaal Noord")
    draft(organiser, edition, RecordKind.SPEAKER, speaker, now, code="ali", name="Ali")
    draft(
        organiser, edition, RecordKind.SESSION, new, now, slug="nieuw", title="Nieuw", round=str(session.round_id),
        venue=str(hall), speakers=[str(speaker)], hosts=[str(speaker)],
        starts_at=session.starts_at.isoformat(), ends_at=session.ends_at.isoformat(),
    )  # fmt: skip
    assert db.session.get(ProgrammeSession, new) is None

    publish(organiser, edition, now)

    made = db.session.get_one(ProgrammeSession, new)
    assert (made.venue.name, [s.name for s in made.speakers], made.host.name) == (
        "Zaal Noord",
        ["Ali"],
        "Ali",
    )
    assert made.sequence == 0
    assert db.session.get(LiveRoom, new) is not None
    assert to_come(edition) == []


def test_moving_notifies_and_raises_sequence_but_a_text_change_does_not(
    make, organiser, edition, session, now
):
    choose(make, session)
    draft(organiser, edition, RecordKind.SESSION, session.id, now, abstract="Beter gezegd.")
    publish(organiser, edition, now)
    assert (subjects(), fresh(session).sequence) == ([], 0)

    later = session.starts_at + timedelta(minutes=30)
    draft(organiser, edition, RecordKind.SESSION, session.id, now, starts_at=later.isoformat())
    publish(organiser, edition, now, note="De spreker komt later.")

    assert subjects() == ["Andere tijd: Samen groen"]
    assert "De spreker komt later." in db.session.scalars(select(Mail.text)).one()
    assert fresh(session).sequence == 1


def test_change_of_hall_and_cancellation_notify_too(make, organiser, edition, session, now):
    choose(make, session)
    hall = make.store(
        Venue(edition_id=edition.id, name="Buurthuis", kind="location", address="Plein 1, Sterrenhof")
    )
    draft(organiser, edition, RecordKind.SESSION, session.id, now, venue=str(hall.id))
    publish(organiser, edition, now)
    draft(organiser, edition, RecordKind.SESSION, session.id, now, status=SessionStatus.CANCELLED)
    publish(organiser, edition, now)

    assert subjects() == ["Andere plek: Samen groen", "Gaat niet door: Samen groen"]
    assert any("Buurthuis, Plein 1" in text for text in db.session.scalars(select(Mail.text)))
    assert fresh(session).sequence == 2


def test_immediate_change_is_a_release_and_drafts_do_not_undo_it(organiser, edition, session, now):
    draft(organiser, edition, RecordKind.SESSION, session.id, now, title="Anders")
    later = session.starts_at + timedelta(minutes=15)
    with transaction():
        rules.reschedule(
            organiser, fresh(session), starts_at=later, ends_at=session.ends_at, note="Uitgelopen", now=now
        )

    publish(organiser, edition, now)

    assert (fresh(session).title, fresh(session).starts_at) == ("Anders", later)
    numbers = db.session.execute(
        select(ProgrammeRelease.number, ProgrammeRelease.note).order_by(ProgrammeRelease.number)
    )
    assert [tuple(row) for row in numbers] == [(2, "Uitgelopen"), (3, "Een nieuwe zaal")]


def test_concurrent_edit_is_refused_with_the_other_values(organiser, edition, session, now):
    first = draft(organiser, edition, RecordKind.SESSION, session.id, now, seen=0, title="Van de eerste")

    with pytest.raises(ChangedMeanwhile) as told:
        draft(organiser, edition, RecordKind.SESSION, session.id, now, seen=0, title="Van de tweede")

    assert told.value.details["theirs"] == {"title": "Van de eerste"}
    assert (
        draft(organiser, edition, RecordKind.SESSION, session.id, now, seen=first, title="Samen") == first + 1
    )


def test_draft_equal_to_published_is_deleted(organiser, edition, session, now):
    draft(organiser, edition, RecordKind.SESSION, session.id, now, title="Anders")

    assert draft(organiser, edition, RecordKind.SESSION, session.id, now, title="Samen groen") is None

    with pytest.raises(NothingToPublish):
        publish(organiser, edition, now)


def test_changes_not_in_the_preview_are_not_published(organiser, edition, session, now):
    draft(organiser, edition, RecordKind.SESSION, session.id, now, title="Gezien")
    seen = rules.fingerprint_of(to_come(edition))
    draft(organiser, edition, RecordKind.SESSION, session.id, now, title="Niet gezien")

    with pytest.raises(NotAsSeen):
        publish(organiser, edition, now, seen=seen)

    assert publish(organiser, edition, now, seen=rules.fingerprint_of(to_come(edition))) == 2


def test_inconsistent_programme_is_not_published_at_all(organiser, edition, session, now):
    draft(organiser, edition, RecordKind.EDITION, edition.id, now, tagline="Nieuw")
    draft(organiser, edition, RecordKind.SESSION, session.id, now, venue=str(uuid4()))

    with pytest.raises(CannotBePublished) as told:
        publish(organiser, edition, now)

    assert told.value.details["titles"] == ["Samen groen"]
    assert fresh(edition).tagline != "Nieuw"


def test_capacity_below_taken_places_blocks_publishing(make, organiser, edition, session, now):
    choose(make, session, "Een")
    choose(make, session, "Twee")
    draft(organiser, edition, RecordKind.SESSION, session.id, now, capacity=1)

    with pytest.raises(TooFewPlaces):
        publish(organiser, edition, now)

    draft(organiser, edition, RecordKind.SESSION, session.id, now, capacity=2)
    publish(organiser, edition, now)
    assert fresh(session).capacity == 2


@pytest.mark.parametrize(
    "values", [{"titel": "x"}, {"title": ""}, {"starts_at": "morgen"}, {"involvement": "feest"}]
)
def test_invalid_session_is_not_drafted(organiser, edition, session, now, values):
    with pytest.raises(InvalidInput):
        draft(organiser, edition, RecordKind.SESSION, session.id, now, **values)


def test_participants_cannot_draft_or_publish(make, organiser, edition, session, now):
    noor = make.identity("Noor")
    draft(organiser, edition, RecordKind.SESSION, session.id, now, title="Anders")

    with pytest.raises(NotAllowed):
        draft(noor, edition, RecordKind.SESSION, session.id, now, title="Gekaapt")
    with pytest.raises(NotAllowed):
        publish(noor, edition, now)

    assert publish(organiser, edition, now) == 2


def test_conflicts_are_found(make, organiser, edition, session, now):
    speaker = make.store(Speaker(code="ali", name="Ali", function="", bio=""))
    hall = make.store(Venue(edition_id=edition.id, name="Zaal"))
    other = make.session("Van een andere editie")
    both = {"venue": str(hall.id), "speakers": [str(speaker.id)]}
    draft(organiser, edition, RecordKind.SESSION, session.id, now, **both)
    draft(
        organiser, edition, RecordKind.SESSION, uuid4(), now, slug="tegelijk", title="Tegelijk",
        round=str(session.round_id), starts_at=(session.ends_at - timedelta(minutes=1)).isoformat(),
        ends_at=(session.ends_at + timedelta(minutes=30)).isoformat(), **both,
    )  # fmt: skip

    found = {(clash.kind, clash.who) for clash in clashes(drafted(edition))}

    assert (ClashKind.SPEAKER, "Ali") in found
    assert (ClashKind.VENUE, "Zaal") in found
    assert (ClashKind.ROUND, "Ronde 1") in found  # it goes on after its round
    assert other.id not in drafted(edition).sessions


def test_consecutive_sessions_in_one_hall_do_not_conflict(make, organiser, edition, session, now):
    hall = make.store(Venue(edition_id=edition.id, name="Zaal"))
    draft(organiser, edition, RecordKind.SESSION, session.id, now, venue=str(hall.id))
    draft(
        organiser, edition, RecordKind.SESSION, uuid4(), now, slug="daarna", title="Daarna", venue=str(hall.id),
        round=str(session.round_id), starts_at=session.ends_at.isoformat(),
        ends_at=(session.ends_at + timedelta(minutes=30)).isoformat(),
    )  # fmt: skip

    assert [c for c in clashes(drafted(edition)) if c.kind is ClashKind.VENUE] == []
