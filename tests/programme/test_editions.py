"""Editions: the next one is prepared while visitors see the current one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.live.admission import admit
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import Edition, ProgrammeSession, Round, Venue
from dagvandebuurt.registration.models import Registration
from tests.organisation.files import with_names
from tests.programme.pages import decide, send

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


def db_slug(app, edition_id):
    with app.app_context():
        return db.session.get_one(Edition, edition_id).slug


def test_next_edition_is_hidden_until_it_is_opened(app, make, organiser, session, monkeypatch):
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

    assert decide(organiser, edition, "openen").status_code == 303

    assert "Morgen is anders" in text_of(visitor.get("/programma/2027"))
    assert "Samen groen" in text_of(visitor.get("/programma"))  # whose day is not over
    first = db_slug(app, session.edition_id)
    assert "Samen groen" in text_of(visitor.get(f"/programma/2027?editie={first}"))
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at + timedelta(days=1))
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


def test_edition_that_ends_before_it_begins_is_refused(app, organiser, session):
    answer = begin(organiser, title="Dag", starts="17:00", ends="13:00")
    assert answer.status_code == 422
    assert "Het einde moet na het begin liggen." in text_of(answer)
    assert newest(app)[0].id == session.edition_id


def test_first_edition_of_an_empty_installation(app, make, organiser):
    assert begin(organiser, title="De eerste").status_code == 303
    assert newest(app)[0].title == "De eerste"
    assert organiser.get(DESK).status_code == 200
    with app.app_context():
        assert list(db.session.scalars(select(ProgrammeSession))) == []


def test_live_rooms_of_a_closed_edition_admit_nobody(app, make, session):
    noor = make.identity("Noor")
    with app.app_context():
        assert admit(noor, session.id).room_id == session.id

        db.session.get_one(Edition, session.edition_id).status = EditionStatus.CLOSED
        db.session.commit()

        with pytest.raises(NotFound):
            admit(noor, session.id)


# --- opening the next one ends nothing ---


def is_of(page, title):
    return title in text_of(page)


@pytest.fixture
def next_year(make, session):
    return make.edition(
        title="Dag van de Toekomst", year=2028, slug="dag-2028", status=EditionStatus.DRAFT,
        starts_at=session.starts_at + timedelta(days=365), ends_at=session.ends_at + timedelta(days=365),
    )  # fmt: skip


def test_opening_an_edition_is_confirmed_explained_and_reversible(app, organiser, session, next_year):
    asked = organiser.post(f"{EDITIONS}/{next_year.id}/openen")
    assert "Dit verandert er" in text_of(asked)
    assert "/programma/2028" in text_of(asked)
    with app.app_context():
        assert not db.session.get_one(Edition, next_year.id).is_open

    decide(organiser, next_year, "openen")
    assert organiser.get("/programma/2028").status_code == 200

    decide(organiser, next_year, "sluiten")
    assert organiser.get("/programma/2028").status_code == 404


def test_opening_the_next_edition_does_not_affect_a_running_one(
    app, make, organiser, session, next_year, monkeypatch
):
    moderator = make.browser(make.person("Jo", roles=[("moderator", session.id)]))
    visitor = make.browser()
    noor = make.person("Noor")
    make.store(
        Registration(
            edition_id=session.edition_id, person_id=noor.id, status="confirmed", registered_at=session.starts_at
        )
    )  # fmt: skip

    decide(organiser, next_year, "openen")

    assert is_of(visitor.get("/programma"), session.title)  # until its day is over
    assert visitor.get(f"/sessies/{session.slug}/live").status_code == 200
    assert is_of(moderator.get("/regie"), session.title)
    assert is_of(with_names(organiser, "/organisatie/aanmeldingen.csv"), "Noor")
    later = session.ends_at + timedelta(days=30)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: later)
    assert not is_of(visitor.get("/programma"), session.title)
    assert is_of(visitor.get("/programma/2027"), session.title)  # under its year, for good
    assert is_of(visitor.get("/programma"), "/programma/2027")
    assert is_of(moderator.get("/regie"), session.title)
    # And its figures and lists, for who chooses to work on it.
    assert not is_of(with_names(organiser, "/organisatie/aanmeldingen.csv"), "Noor")
    organiser.post(f"{EDITIONS}/{session.edition_id}/kiezen")
    assert is_of(with_names(organiser, "/organisatie/aanmeldingen.csv"), "Noor")


def test_chosen_edition_survives_logout(app, make, session, next_year):
    roos = make.person("Roos", roles=["organiser"])
    make.browser(roos).post(f"{EDITIONS}/{next_year.id}/kiezen")

    assert is_of(make.browser(roos).get(DESK), "Dag van de Toekomst")
    other = make.browser(make.person("Ali", roles=["organiser"]))
    assert not is_of(other.get(DESK), "Dag van de Toekomst")


def test_unopened_edition_is_found_by_any_organiser(make, next_year):
    """The first edition: not public yet, and its editors log in again."""
    with_another = make.browser(make.person("Ali", roles=["organiser"]))
    make.browser().get("/")

    page = with_another.get(EDITIONS)

    assert page.status_code == 200
    assert is_of(page, "Dag van de Toekomst")
