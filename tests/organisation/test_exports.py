"""Exports match the database, cell by cell."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.moderation.models import Report
from dagvandebuurt.organisation import exports
from dagvandebuurt.organisation.models import NamedExport
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.polls.models import Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.qanda.models import Appearance, QuestionStatus
from dagvandebuurt.registration.models import (
    CustomQuestion,
    PlaceStatus,
    Registration,
    RegistrationAnswer,
    SessionChoice,
)
from tests.organisation.files import as_csv, as_xlsx, with_names

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


def test_the_registrations_export_round_trips(make, edition, organiser):
    stored = [registered(make, edition, name, -number) for number, name in enumerate(NAMES)]

    rows = as_xlsx(with_names(organiser, "/organisatie/aanmeldingen.xlsx"))

    own = ["Naam", "E-mailadres", "Rol", "Werkveld", "Buurt", "Status", "Aangemeld op"]
    assert rows[0] == [*own, "Taal", "Gekozen sessies", "Opgehaald door"]
    assert [row[:7] for row in rows[1:]] == [
        [person.name, person.email, "Bewoner", None, "Sterrenhof", "bevestigd",
         local(registration.registered_at).replace(tzinfo=None)]
        for registration, person in stored
    ]  # fmt: skip
    from_csv = as_csv(with_names(organiser, "/organisatie/aanmeldingen.csv"))
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

    rows = as_xlsx(with_names(organiser, "/organisatie/aanwezigheid.xlsx"))

    assert [(row[0], row[1], row[2], row[4], row[7]) for row in rows[1:]] == [
        ("Samen groen", "Gast", None, True, 3),
        ("Samen groen", "Noor", person.email, False, 20),
    ]
    assert [row[7] for row in as_csv(with_names(organiser, "/organisatie/aanwezigheid.csv"))[1:]] == [
        "3",
        "20",
    ]


@pytest.mark.parametrize(
    "path", ["/organisatie", "/organisatie/aanmeldingen.csv", "/organisatie/aanwezigheid.xlsx"]
)
def test_only_organisers_export_names(make, edition, organiser, path):
    registered(make, edition, "Noor", 0)

    assert organiser.get(path).status_code == 200
    for roles in ([], ["moderator"], ["editor"]):
        assert make.browser(make.person("Iemand", roles=roles)).get(path).status_code == 403
    assert make.browser().get(path).status_code == 401


def test_small_groups_are_suppressed(make, edition, organiser):
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


def test_answers_choices_and_language_are_in_both_exports(make, edition, organiser):
    _registration, person = registered(make, edition, "Noor", 1)
    session = make.session("Samen groen", round=make.round(edition))
    asked = make.store(
        CustomQuestion(
            edition_id=edition.id, position=1, kind="choices", label="Wat eet je?", options=["=1+1", "Soep"],
            is_required=False, keep_days=30,
        )
    )  # fmt: skip
    make.store(
        RegistrationAnswer(person_id=person.id, question_id=asked.id, text=None, chosen=["=1+1", "Soep"]),
        SessionChoice(
            session_id=session.id, person_id=person.id, status=PlaceStatus.CONFIRMED, chosen_at=edition.starts_at
        ),
    )  # fmt: skip

    header, row = as_csv(with_names(organiser, "/organisatie/aanmeldingen.csv"))

    assert header[-4:-1] == ["Taal", "Gekozen sessies", "Wat eet je?"]
    assert row[-4:-1] == ["nl", "Samen groen", "'=1+1, Soep"]
    mine = make.browser(person)
    told = mine.get("/mijn/gegevens.json").json
    assert told["registration_answer"] == [{"question": "Wat eet je?", "answer": "=1+1, Soep"}]
    assert told["session_choice"][0]["session"] == "Samen groen"
    page = mine.get("/mijn/gegevens").text
    assert all(words in page for words in ("Wat eet je?", "Samen groen", "Taal"))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_exports_do_not_identify_anonymous_askers(make, edition, organiser, form):
    session = make.session("=Samen groen", round=make.round(edition))
    noor = make.identity("Noor", role=ParticipantRole.RESEARCHER, neighbourhood="Sterrenhof")
    ask = {"status": QuestionStatus.ANSWERED, "answer": "=Ja", "answered_by": "Jo"}
    make.question(session, noor, text="=HYPERLINK(1)", appearance=Appearance.NAME, shown_name="Noor", **ask)
    make.question(session, noor, text="Ik ben bang", appearance=Appearance.ANONYMOUS, **ask)
    hidden = make.question(session, noor, text="Scheldwoord", status=QuestionStatus.HIDDEN)
    make.store(
        Poll(
            session_id=session.id, title="Vind je dit?", kind=PollKind.SINGLE_CHOICE, status=PollStatus.CLOSED,
            options=[PollOption(position=1, label="Ja", ballots=3), PollOption(position=2, label="Nee")],
        )
    )  # fmt: skip
    make.store(
        Report(
            session_id=session.id, revision=1, question_id=hidden.id, reporter_id=noor.id, reason="other",
            note="Geheim", sent_at=edition.starts_at,
        )
    )  # fmt: skip
    read = as_csv if form == "csv" else as_xlsx
    files = {
        what: read(organiser.get(f"/organisatie/meenemen/{what}.{form}"))
        for what in ("vragen", "peilingen", "meldingen")
    }

    by_text = {str(row[1]).removeprefix("'"): row for row in files["vragen"][1:]}
    assert set(by_text) == {"=HYPERLINK(1)", "Ik ben bang"}
    named, anonymous = by_text["=HYPERLINK(1)"], by_text["Ik ben bang"]
    assert named[2] == "Noor"
    assert [cell or "" for cell in anonymous[2:5]] == ["anoniem", "", ""]
    assert [row[2:] for row in files["peilingen"][1:]] in (
        [["Ja", "3"], ["Nee", "0"]],
        [["Ja", 3], ["Nee", 0]],
    )
    assert len(files["meldingen"]) == 2
    everything = str(files)
    assert "Geheim" not in everything
    assert "Scheldwoord" not in everything
    if form == "csv":  # a spreadsheet evaluates nothing
        assert not any(cell[:1] in "=+@" and cell for rows in files.values() for row in rows for cell in row)


@pytest.mark.parametrize("what", ["vragen", "peilingen", "meldingen"])
def test_only_organisers_export(make, edition, what):
    assert make.browser(make.person()).get(f"/organisatie/meenemen/{what}.csv").status_code == 403
    assert make.browser().get(f"/organisatie/meenemen/{what}.csv").status_code in (302, 303, 401)


LISTS = ("aanmeldingen", "aanwezigheid", "aanwezigheid/mensen", "sessies/groen/aanwezigheid")


@pytest.fixture
def attended(make, edition):
    """Somebody who registered, answered, and was there; (the words that tell who it is, by list)."""
    _registration, noor = registered(make, edition, "Noor Verhoef", 1)
    session = make.session(
        "Samen groen",
        slug="groen",
        round=make.round(edition),
        starts_at=edition.starts_at,
        ends_at=edition.starts_at + timedelta(hours=1),
    )
    asked = make.store(
        CustomQuestion(
            edition_id=edition.id, position=1, kind="text", label="Wat eet je?", options=[], is_required=False,
            keep_days=30,
        )
    )  # fmt: skip
    make.store(
        RegistrationAnswer(person_id=noor.id, question_id=asked.id, text="Van tante Truus", chosen=[]),
        Visit(
            session_id=session.id, person_id=noor.id, first_seen_at=session.starts_at,
            last_seen_at=session.starts_at + timedelta(minutes=10),
        ),
    )  # fmt: skip
    return ("Noor Verhoef", noor.email, "Sterrenhof", "tante Truus")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("path", LISTS)
def test_i11_an_export_names_people_only_to_who_says_why(app, organiser, attended, path, form):
    read = as_csv if form == "csv" else as_xlsx
    file = f"/organisatie/{path}.{form}"

    without = read(organiser.get(file))
    named = with_names(organiser, file)

    assert len(without) == 2  # the person counts
    assert not any(words in str(without) for words in attended)
    assert "Noor Verhoef" in str(read(named))
    assert str(read(named)[1][-1]).startswith("Roos, ")  # each row says who made it
    assert "-met-namen." in named.headers["Content-Disposition"]
    with app.app_context():
        (logged,) = db.session.scalars(select(NamedExport)).all()
    assert logged.reason == "Naamkaartjes"
    page = organiser.get("/organisatie/bestanden").text
    assert "Naamkaartjes" in page
    assert logged.file in page


@pytest.mark.parametrize("path", LISTS)
def test_i11_without_a_tick_or_a_reason_no_names_leave_and_the_typed_words_stay(
    app, organiser, attended, path
):
    file = f"/organisatie/{path}.csv"

    unticked = organiser.post(file, data={"reason": "Naamkaartjes <b>"})
    unsaid = with_names(organiser, file, reason="  ")

    for refused in (unticked, unsaid):
        assert refused.status_code == 422
        assert not any(words in refused.text for words in attended)
    assert "Naamkaartjes &lt;b&gt;" in unticked.text
    assert "Zet een vinkje" in unticked.text
    assert "waar je de namen voor nodig hebt" in unsaid.text
    with app.app_context():
        assert db.session.scalars(select(NamedExport)).all() == []


def test_i11_the_same_form_twice_is_logged_once_and_the_log_only_grows(app, organiser, attended):
    for _ in range(2):
        with_names(organiser, "/organisatie/aanmeldingen.csv", op="a" * 32)
    with_names(organiser, "/organisatie/aanwezigheid.csv", op="a" * 32)

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(NamedExport)) == 2
        with pytest.raises(DBAPIError, match="only grows"):
            db.session.execute(update(NamedExport).values(reason="Niets"))
        db.session.rollback()


def test_i11_an_export_that_ignores_the_tick_is_caught(app, organiser, attended, monkeypatch):
    monkeypatch.setattr(exports, "_person", lambda person, numbers, named: [person.name, person.email])
    with pytest.raises(AssertionError):
        test_i11_an_export_names_people_only_to_who_says_why(app, organiser, attended, "aanwezigheid", "csv")
