"""The next edition is made while visitors see this one, and taken for nothing else."""

import pytest
from sqlalchemy import select

from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.live.admission import admit
from dagvandebuurt.programme.models import Edition, ProgrammeSession, Round, Venue
from tests.programme.pages import send

DESK = "/organisatie/programma"
EDITIONS = f"{DESK}/edities"


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Roos", roles=["organiser"]))


def text_of(answer):
    return answer.get_data(as_text=True)


def begin(browser, **typed):
    return send(browser, browser.get(EDITIONS), "edities", **typed)


def newest(app):
    with app.app_context():
        edition = db.session.scalars(select(Edition).order_by(Edition.starts_at.desc()).limit(1)).one()
        parts = list(db.session.scalars(select(Round).where(Round.edition_id == edition.id)))
        venues = list(db.session.scalars(select(Venue.name).where(Venue.edition_id == edition.id)))
        db.session.expunge_all()
    return edition, parts, venues


def test_the_next_edition_is_made_and_filled_unseen_and_seen_when_it_is_opened(app, make, organiser, session):
    make.store(Venue(edition_id=session.edition_id, name="Zaal 1"))
    visitor = make.browser()
    assert begin(organiser, title="Dag van de Toekomst", day="2027-07-08").status_code == 303
    edition, parts, venues = newest(app)
    assert (edition.slug, edition.year, edition.is_open) == ("dag-van-de-toekomst-2027", 2027, False)
    # Thirteen hours in January is thirteen hours in July.
    assert [(local(part.starts_at).isoformat(), part.code) for part in parts] == [
        ("2027-07-08T13:00:00+02:00", parts[0].code)
    ]
    assert venues == ["Zaal 1"]

    page = text_of(organiser.get(DESK))
    assert "Dag van de Toekomst" in page
    assert "Samen groen" not in page  # of this year
    send(organiser, organiser.get(f"{DESK}/sessies/nieuw"), title="Morgen is anders", round=str(parts[0].id))
    answer = send(organiser, organiser.get(f"{DESK}/publiceren"), "publiceren", note="Alvast")
    assert answer.headers["Location"] == DESK
    for path in ("/programma", "/", "/programma/wijzigingen", "/programma.ics"):
        seen = text_of(visitor.get(path))
        assert "Toekomst" not in seen, path
        assert "Morgen is anders" not in seen, path
    assert visitor.get("/sessies/morgen-is-anders").status_code == 404
    assert organiser.get("/sessies/morgen-is-anders").status_code == 200

    assert organiser.post(f"{EDITIONS}/{edition.id}/openen").status_code == 303

    assert "Morgen is anders" in text_of(visitor.get("/programma"))
    assert "Alvast" in text_of(visitor.get("/programma/wijzigingen"))
    assert visitor.get(f"/sessies/{session.slug}").status_code == 200  # what was, stays to be read


def test_an_organiser_goes_back_and_forth_between_editions(app, organiser, session):
    begin(organiser, title="Volgend jaar", copies=[])
    edition, parts, _venues = newest(app)
    assert parts == []
    assert "Nog niets in het programma" in text_of(organiser.get(DESK))

    organiser.post(f"{EDITIONS}/{session.edition_id}/kiezen")
    assert "Samen groen" in text_of(organiser.get(DESK))
    organiser.post(f"{EDITIONS}/{edition.id}/kiezen")
    assert "Samen groen" not in text_of(organiser.get(DESK))


def test_two_editions_of_one_name_and_year_have_two_addresses(app, organiser, session):
    for _ in range(2):
        assert begin(organiser, title="Dag", day="2028-01-27").status_code == 303
    with app.app_context():
        slugs = set(db.session.scalars(select(Edition.slug).where(Edition.year == 2028)))
    assert slugs == {"dag-2028", "dag-2028-2"}


def test_an_edition_that_ends_before_it_begins_is_none(app, organiser, session):
    answer = begin(organiser, title="Dag", starts="17:00", ends="13:00")
    assert answer.status_code == 422
    assert "Het einde moet na het begin liggen." in text_of(answer)
    assert newest(app)[0].id == session.edition_id


def test_the_first_edition_of_an_empty_house(app, make, organiser):
    assert begin(organiser, title="De eerste").status_code == 303
    assert newest(app)[0].title == "De eerste"
    assert organiser.get(DESK).status_code == 200
    with app.app_context():
        assert list(db.session.scalars(select(ProgrammeSession))) == []


def test_nobody_comes_into_a_live_room_of_an_edition_that_is_not_open(app, make, session):
    noor = make.identity("Noor")
    with app.app_context():
        assert admit(noor, session.id).room_id == session.id

        db.session.get_one(Edition, session.edition_id).is_open = False
        db.session.commit()

        with pytest.raises(NotFound):
            admit(noor, session.id)
