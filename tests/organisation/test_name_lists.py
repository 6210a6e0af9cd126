"""Long lists of names: fifty a page, by letter, by search; and no heavier for 700 than for 70."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, insert

from dagvandebuurt.attendance.models import CountedVisit, Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.organisation.name_pages import PER_PAGE, Asked, name_page
from dagvandebuurt.people.models import ParticipantRole, Person
from tests.factories import START

FIRST = ["Noor", "Özlem", "Bram", "李", "007", "Åsa", "Zoë", "'t Hoen", "bo", "Ida"]


@pytest.fixture
def crowd(app, make, session):
    """Put 700 people on the list of a session, and three who are on no list."""
    with app.app_context():
        people = [
            {
                "id": uuid4(), "name": f"{FIRST[n % 10]} Buur {n:03}",
                "participant_role": ParticipantRole.RESIDENT, "created_at": START,
            }
            for n in range(700)
        ]  # fmt: skip
        db.session.execute(insert(Person), people)
        seen = {"session_id": session.id, "first_seen_at": session.starts_at}
        db.session.execute(
            insert(Visit),
            [
                {
                    "id": each["id"],
                    "person_id": each["id"],
                    "last_seen_at": session.starts_at + timedelta(minutes=5),
                    **seen,
                }
                for each in people
            ],
        )
        db.session.commit()
    make.store(*(CountedVisit(visitor_key=f"k{n}", last_seen_at=session.starts_at, **seen) for n in range(3)))
    return session


@pytest.fixture
def read(make):
    browser = make.browser(make.person("Roos", roles=["organiser"]))
    return lambda path: browser.get(path).text


def names_on(page):
    return re.findall(r'<th scope="row"><bdi>([^<]+)</bdi>', page)


@pytest.mark.parametrize(
    "where", ["/organisatie/sessies/{slug}/aanwezigheid", "/organisatie/aanwezigheid/mensen"]
)
def test_seven_hundred_names_are_fourteen_pages(read, crowd, where):
    path = where.format(slug=crowd.slug)

    first = read(path)
    assert len(names_on(first)) == PER_PAGE
    assert "Pagina 1 van 14" in first
    assert len(first) < 60_000

    seen = [name for number in range(1, 15) for name in names_on(read(f"{path}?pagina={number}"))]
    assert len(set(seen)) == len(seen) == 700
    assert "3 mensen tellen alleen mee, zonder naam." in read(
        f"/organisatie/sessies/{crowd.slug}/aanwezigheid"
    )


def test_letter_and_search_find_a_name_as_it_is_said(read, crowd):
    path = f"/organisatie/sessies/{crowd.slug}/aanwezigheid"

    with_b = [name for n in (1, 2, 3) for name in names_on(read(f"{path}?letter=b&pagina={n}"))]
    assert ({name.split()[0] for name in with_b}, len(with_b)) == ({"Bram", "bo"}, 140)
    assert {name.split()[0] for name in names_on(read(f"{path}?letter=O"))} == {"Özlem"}
    others = [name for n in range(1, 6) for name in names_on(read(f"{path}?letter=%23&pagina={n}"))]
    assert {name.split()[0] for name in others} == {"李", "007"}
    assert {name.split()[0] for name in names_on(read(f"{path}?letter=T"))} == {"&#39;t"}
    assert names_on(read(f"{path}?zoek=ozlem+buur+041")) == ["Özlem Buur 041"]
    nobody = read(f"{path}?zoek=%3Cscript%3E")
    assert names_on(nobody) == []
    assert "0 namen gevonden." in nobody
    assert "&lt;script&gt;" in nobody
    assert 'href="' + path + '"' in nobody  # the way back to everybody
    assert "letter=B&amp;pagina=2" in read(f"{path}?letter=B")


@pytest.mark.parametrize(
    "asked", ["pagina=0", "pagina=-3", "pagina=²", "pagina=999999999", "letter=!!", "zoek=" + "x" * 5000]
)
def test_an_address_that_makes_no_sense_shows_a_page(read, crowd, asked):
    answer = read(f"/organisatie/sessies/{crowd.slug}/aanwezigheid?{asked}")

    assert "Pagina" in answer or "0 namen gevonden." in answer


def test_a_page_asks_for_no_more_than_its_names(app, read, crowd):
    rows = []
    with app.app_context():
        engine = db.engine

    def note(_conn, _cursor, statement, parameters, *_more):
        if "FROM visit JOIN person" in statement.replace("\n", " ") or "visit.person_id IN" in statement:
            rows.append(len(parameters))

    event.listen(engine, "before_cursor_execute", note)
    read("/organisatie/aanwezigheid/mensen")
    event.remove(engine, "before_cursor_execute", note)

    assert rows
    assert max(rows) <= PER_PAGE + 2


def test_a_short_list_has_no_letters_and_pages_end_where_names_end():
    few = name_page([("Bo", 1), ("Åsa", 2), ("an", 3)], Asked())
    assert (few.things, few.pages) == ([3, 2, 1], 1)
    assert name_page([], Asked(page=3)).page == 1
    assert name_page([(f"n{n:02}", n) for n in range(51)], Asked(page=9)).things == [50]
