"""The page of all exports: each dataset with its rows, its files, and a dictionary that fits the columns."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from dagvandebuurt.mailings.models import Mailing
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.polls.models import Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.qanda.models import Appearance, QuestionStatus
from dagvandebuurt.registration.models import PlaceStatus, Registration, SessionChoice
from tests.organisation.files import as_csv, with_names

PAGE = "/organisatie/meenemen"
FILES = {
    "aanmeldingen": "/organisatie/aanmeldingen",
    "sessiekeuzes": "/organisatie/meenemen/sessiekeuzes",
    "aanwezigheid": "/organisatie/aanwezigheid",
    "aanwezigheid-mensen": "/organisatie/aanwezigheid/mensen",
    "vragen": "/organisatie/meenemen/vragen",
    "peilingen": "/organisatie/meenemen/peilingen",
    "meldingen": "/organisatie/meenemen/meldingen",
    "berichten": "/organisatie/meenemen/berichten",
}


@pytest.fixture
def edition(make, now):
    return make.edition(starts_at=now - timedelta(minutes=15), ends_at=now + timedelta(hours=4))


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Roos", roles=["organiser"]))


@pytest.fixture
def day(make, edition, now):
    """A day on which Noor registered, chose a session and asked, in it, by name and anonymously."""
    session = make.session("Samen groen", slug="groen", round=make.round(edition), starts_at=now)
    noor = make.identity("Noor Verhoef", role=ParticipantRole.RESEARCHER, neighbourhood="Sterrenhof")
    make.question(
        session,
        noor,
        text="Mag dit?",
        appearance=Appearance.ANONYMOUS,
        status=QuestionStatus.ANSWERED,
        answer="Ja",
    )
    make.store(
        Registration(
            edition_id=edition.id, person_id=noor.id, status=PlaceStatus.CONFIRMED, registered_at=edition.starts_at
        ),
        SessionChoice(session_id=session.id, person_id=noor.id, status=PlaceStatus.WAITLISTED, chosen_at=now),
        Poll(
            session_id=session.id, title="Vind je dit?", kind=PollKind.SINGLE_CHOICE, status=PollStatus.CLOSED,
            options=[PollOption(position=1, label="Ja", ballots=3), PollOption(position=2, label="Nee", ballots=1)],
        ),
        Mailing(
            edition_id=edition.id, subject="=Tot zaterdag", text="Neem een kopje mee.", audience={}, made_at=now
        ),
    )  # fmt: skip
    return session


def test_each_dataset_has_both_files_and_its_columns_are_explained(organiser, day):
    page = organiser.get(PAGE)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]

    for path in FILES.values():
        assert f'href="{path}.csv"' in page.text
        assert f'href="{path}.xlsx"' in page.text
        file = organiser.get(f"{path}.xlsx")
        assert "no-store" in file.headers["Cache-Control"]
        first, second = load_workbook(io.BytesIO(file.data)).worksheets
        headers = [cell.value for cell in first[1]]
        explained = list(second.iter_rows(values_only=True))
        assert explained[0] == ("Kolom", "Betekenis")
        assert [row[0] for row in explained[1:]] == headers
        for name, meaning in explained[1:]:
            assert f"<dt><bdi>{name}</bdi></dt><dd>{meaning}</dd>" in page.text


def test_every_column_of_ours_has_a_meaning_of_its_own(organiser, day):
    for code, path in FILES.items():
        book = load_workbook(io.BytesIO(organiser.get(f"{path}.xlsx").data))
        told = dict(book["Kolommen"].iter_rows(min_row=2, values_only=True))
        general = {
            name
            for name, meaning in told.items()
            if meaning.startswith(("Het antwoord op deze", "Minuten in"))
        }
        expected = 1 if code == "aanwezigheid-mensen" else 0  # the session of the day
        assert len(general) == expected, code


def test_places_chosen_and_mailings_are_counts_that_name_nobody(organiser, day):
    chosen = as_csv(organiser.get(FILES["sessiekeuzes"] + ".csv"))
    mailed = as_csv(organiser.get(FILES["berichten"] + ".csv"))

    assert [chosen[1][0], *chosen[1][2:]] == ["Samen groen", "0", "1", "0", "0"]
    assert mailed[1][:3] == ["'=Tot zaterdag", "Neem een kopje mee.", "concept"]


def test_no_file_of_the_page_names_who_stayed_anonymous(organiser, day):
    assert "Noor Verhoef" in with_names(organiser, FILES["aanmeldingen"] + ".csv").get_data(as_text=True)
    for path in FILES.values():
        text = organiser.get(f"{path}.csv").get_data(as_text=True)
        assert "Noor Verhoef" not in text
        assert "noor" not in text.casefold()


def test_the_number_on_the_page_is_the_number_of_rows(organiser, day):
    text = organiser.get(PAGE).text
    for path in FILES.values():
        rows = len(as_csv(organiser.get(f"{path}.csv"))) - 1
        line = next(row for row in text.split("<tr>") if f'href="{path}.csv"' in row)
        assert f'<td data-label="Regels">{rows}</td>' in line, path


def test_a_dictionary_goes_along_with_a_large_workbook_too(organiser, edition, make, now):
    make.store(
        *(
            Mailing(edition_id=edition.id, subject=f"Brief {n}", text="Hallo", audience={}, made_at=now)
            for n in range(201)
        )
    )
    book = load_workbook(io.BytesIO(organiser.get(FILES["berichten"] + ".xlsx").data))

    assert book.worksheets[0].max_row == 202
    assert book["Kolommen"]["A2"].value == "Onderwerp"


def test_only_organisers_see_the_page(make, edition, organiser):
    assert organiser.get(PAGE).status_code == 200
    for roles in ([], ["moderator"], ["editor"]):
        assert make.browser(make.person("Iemand", roles=roles)).get(PAGE).status_code == 403
    assert make.browser().get(PAGE).status_code in (302, 303, 401)
