"""What organisers take along is what the database holds, cell by cell."""

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.clock import local
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.registration.models import PlaceStatus, Registration

NAMES = ["O'Brien", 'Jan; "de Lange"', "李", "Ø", "=1+1", "+31 6 12345678", "007", "👨‍👩‍👧 familie"]


@pytest.fixture
def edition(make, now):
    return make.edition(starts_at=now - timedelta(minutes=15), ends_at=now + timedelta(hours=4))


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Roos", roles=["organiser"]))


def registered(make, edition, name, number):
    person = make.person(name, role=ParticipantRole.RESIDENT, neighbourhood="Sterrenhof")
    return make.store(
        Registration(
            edition_id=edition.id,
            person_id=person.id,
            status=PlaceStatus.CONFIRMED,
            registered_at=edition.starts_at - timedelta(days=1, minutes=number),
        )
    ), person


def as_csv(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_xlsx(answer):
    return [list(row) for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)]


def test_registrations_come_back_as_they_are_stored(make, edition, organiser):
    stored = [registered(make, edition, name, -number) for number, name in enumerate(NAMES)]

    rows = as_xlsx(organiser.get("/organisatie/aanmeldingen.xlsx"))

    assert rows[0] == ["Naam", "E-mailadres", "Rol", "Werkveld", "Buurt", "Status", "Aangemeld op"]
    assert rows[1:] == [
        [person.name, person.email, "Bewoner", None, "Sterrenhof", "bevestigd",
         local(registration.registered_at).replace(tzinfo=None)]
        for registration, person in stored
    ]  # fmt: skip
    from_csv = as_csv(organiser.get("/organisatie/aanmeldingen.csv"))
    assert [row[0].removeprefix("'") for row in from_csv[1:]] == NAMES
    assert [row[1] for row in from_csv[1:]] == [person.email for _, person in stored]


def test_attendance_is_the_union_of_visits_in_whole_minutes(make, edition, organiser):
    round_ = make.round(edition, starts_at=edition.starts_at)
    session = make.session(
        "Samen groen",
        round=round_,
        starts_at=edition.starts_at,
        ends_at=edition.starts_at + timedelta(hours=1),
    )
    person, guest = make.person("Noor"), make.person("Gast", email=None)
    start = session.starts_at
    make.store(
        Visit(session_id=session.id, person_id=person.id, first_seen_at=start, last_seen_at=start + timedelta(minutes=10)),
        Visit(
            session_id=session.id, person_id=person.id,
            first_seen_at=start + timedelta(minutes=5), last_seen_at=start + timedelta(minutes=20, seconds=59),
        ),
        Visit(session_id=session.id, person_id=guest.id, first_seen_at=start, last_seen_at=start + timedelta(minutes=3)),
    )  # fmt: skip

    rows = as_xlsx(organiser.get("/organisatie/aanwezigheid.xlsx"))

    assert [(row[0], row[1], row[2], row[4], row[7]) for row in rows[1:]] == [
        ("Samen groen", "Gast", None, True, 3),
        ("Samen groen", "Noor", person.email, False, 20),
    ]
    assert [row[7] for row in as_csv(organiser.get("/organisatie/aanwezigheid.csv"))[1:]] == ["3", "20"]


@pytest.mark.parametrize(
    "path", ["/organisatie", "/organisatie/aanmeldingen.csv", "/organisatie/aanwezigheid.xlsx"]
)
def test_only_organisers_take_names_along(make, edition, organiser, path):
    registered(make, edition, "Noor", 0)

    assert organiser.get(path).status_code == 200
    for roles in ([], ["moderator"], ["editor"]):
        assert make.browser(make.person("Iemand", roles=roles)).get(path).status_code == 403
    assert make.browser().get(path).status_code == 401


def test_a_small_group_has_no_number(make, edition, organiser):
    for number in range(12):
        registered(make, edition, f"Buur {number}", number)
    lonely = make.person("Ben", role=ParticipantRole.ADMINISTRATOR)
    make.store(
        Registration(
            edition_id=edition.id,
            person_id=lonely.id,
            status=PlaceStatus.CONFIRMED,
            registered_at=edition.starts_at,
        )
    )

    page = organiser.get("/organisatie").get_data(as_text=True)

    assert "Minder dan 10: Bestuurder of raadslid." in page
    assert ">12 <" in page or ">12<" in page
