"""Checklists: due by the day, ticked by whom, late first, and what the site sees by itself."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Person, RoleGrant, SecondFactor
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.readiness import rules
from dagvandebuurt.readiness.models import ChecklistTick
from dagvandebuurt.readiness.queries import item_by_code
from dagvandebuurt.readiness.standard_items import STANDARD
from tests.factories import START

DIVIDE = "organiser-divide"


@pytest.fixture
def edition(make, session):
    with make.context():
        found = db.session.get_one(Edition, session.edition_id)
        db.session.expunge(found)
    return found


@pytest.fixture
def days_before(monkeypatch):
    """Set the clock so many days before (or, negative, after) the day."""

    def at(days):
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: START - timedelta(days=days))

    return at


def tick(browser, edition, code, *, done="ja", op=None):
    return browser.post(
        f"/mijn/lijst/{edition.slug}/vink/{code}", data={"klaar": done, "op": op or uuid4().hex}
    )


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def row(browser, code, path="/mijn/lijst"):
    """The words of one item on the page."""
    page = browser.get(path).get_data(as_text=True)
    found = re.search(rf'<li class="todo" id="punt-{code}">.*?\n</li>', page, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else None


def test_the_standard_items_have_a_page_a_day_and_a_code_of_their_own(app):
    codes = [item.code for item in STANDARD]

    assert len(codes) == len(set(codes)) > 40
    assert {item.due_days for item in STANDARD} >= {-14, 0, 90}
    assert [item.code for item in STANDARD if item.endpoint not in app.view_functions] == []


def test_a_tick_says_by_whom_and_when_and_can_be_taken_away(make, edition, days_before):
    days_before(12)
    roos = make.browser(make.person("Roos Kramer", roles=["organiser"]))
    sam = make.browser(make.person("Sam de Wit", roles=["organiser"]))
    assert "Door" not in row(sam, DIVIDE)

    assert tick(roos, edition, DIVIDE).status_code == 303
    assert "Klaar" in row(sam, DIVIDE)
    assert "Door Roos Kramer." in row(sam, DIVIDE)
    tick(sam, edition, DIVIDE, done="nee")

    told = row(roos, DIVIDE)
    assert "Toch niet klaar" not in told
    assert told.index("Roos Kramer vinkte dit af") < told.index("Sam de Wit haalde het vinkje weg")
    assert "16 januari 2027" in told


def test_the_same_tick_twice_is_one_and_the_second_reads_that_somebody_was_first(make, edition, days_before):
    days_before(12)
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    sam = make.browser(make.person("Sam", roles=["organiser"]))
    op = uuid4().hex
    tick(roos, edition, DIVIDE, op=op)
    tick(roos, edition, DIVIDE, op=op)
    tick(sam, edition, DIVIDE)

    with make.context():
        assert db.session.scalar(select(func.count()).select_from(ChecklistTick)) == 1
    assert "iemand was je voor" in words(sam.get("/mijn/lijst"))


def test_two_at_once_make_one_tick(app, make, edition, now):
    from tests.live.test_races import at_once

    people = [make.identity(f"Organisator {number}", roles=["organiser"]) for number in range(4)]

    def act(person):
        from dagvandebuurt.core.transaction import transaction

        with app.app_context(), transaction():
            here = db.session.get_one(Edition, edition.id)
            made = rules.tick(person, item_by_code(here, DIVIDE), edition=here, is_done=True, now=now)
            return made is not None

    assert sorted(at_once(*(lambda person=person: act(person) for person in people))) == [
        False, False, False, True,
    ]  # fmt: skip
    with app.app_context():
        assert db.session.scalars(select(ChecklistTick.number)).all() == [1]


def test_what_is_late_stands_at_the_top_and_what_is_done_at_the_end(make, edition, days_before):
    days_before(9)
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    tick(roos, edition, "organiser-stand-in")
    page = roos.get("/mijn/lijst").get_data(as_text=True)
    order = re.findall(r'id="punt-([\w-]+)"', page)

    assert "Te laat" in row(roos, DIVIDE)
    assert order.index(DIVIDE) < order.index("organiser-needs") < order.index("organiser-roles-off")
    assert order.index("organiser-stand-in") > order.index("organiser-roles-off")
    assert "Deze week" in row(roos, "organiser-needs")
    assert "Uiterlijk 18 januari 2027" in row(roos, DIVIDE)


def test_a_day_that_moves_takes_its_items_along(make, edition, days_before):
    days_before(9)
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    with make.context():
        moved = db.session.get_one(Edition, edition.id)
        moved.starts_at += timedelta(days=7)
        moved.ends_at += timedelta(days=7)
        db.session.commit()

    assert "Uiterlijk 25 januari 2027" in row(roos, DIVIDE)
    assert "Te laat" not in row(roos, DIVIDE)


def test_the_site_sees_by_itself_what_it_can(make, session, edition, days_before):
    days_before(12)
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    code = "organiser-moderators"
    assert "De site kijkt dit zelf na." in row(roos, code)
    assert "Klaar" not in row(roos, code)
    assert tick(roos, edition, code).status_code == 409

    make.person("Jolien", roles=[("moderator", session.id)])

    assert "Klaar" in row(roos, code)
    assert "Publiceer het programma." in row(roos, "organiser-sessions")
    assert "Gepubliceerd: 1" in row(roos, "organiser-sessions")


def test_who_does_it_for_themselves_is_counted_by_name(make, session, edition, days_before):
    days_before(9)
    jolien = make.person("Jolien", roles=[("moderator", session.id)])
    pim = make.person("Pim", roles=["moderator"])
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    mine, code = make.browser(jolien), "moderator-practise"
    tick(mine, edition, code)
    with make.context():
        make.store(SecondFactor(person_id=pim.id, confirmed_at=START))

    assert "Klaar" in row(mine, code)
    assert "Toch niet klaar" in row(mine, code)
    assert "Toch niet klaar" not in row(make.browser(pim), code)
    told = row(roos, code, "/mijn/lijst?rol=moderator")
    assert "Klaar: Jolien." in told
    assert "Nog niet: Pim." in told
    assert "Klaar: Pim. Nog niet: Jolien." in row(roos, "moderator-phone", "/mijn/lijst?rol=moderator")
    assert tick(roos, edition, code).status_code == 403  # nobody does it for somebody else


def test_each_role_reads_its_own_list_and_an_organiser_all(make, session, edition, days_before):
    days_before(9)
    captioner = make.browser(make.person("Mara", roles=["captioner"]))
    roos = make.browser(make.person("Roos", roles=["organiser"]))

    assert row(captioner, "captioner-words")
    assert row(captioner, DIVIDE) is None
    assert row(captioner, DIVIDE, "/mijn/lijst?rol=organiser") is None
    assert tick(captioner, edition, DIVIDE).status_code == 403
    everything = roos.get("/mijn/lijst?rol=alle").get_data(as_text=True)
    assert all(f'id="punt-{item.code}"' in everything for item in STANDARD)
    assert make.browser(make.person("Noor")).get("/mijn/lijst").status_code == 403


def test_an_organiser_adds_items_and_takes_them_off(make, edition, days_before):
    days_before(9)
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    host = make.browser(make.person("Hanne", roles=["host"]))
    path = f"/mijn/lijst/{edition.slug}/eigen"
    form = {"sentence": "Haal de sleutel bij de buren.", "role": "host", "due_on": "2027-01-27"}

    refused = roos.post(path, data={**form, "due_on": "gisteren", "op": uuid4().hex})
    assert refused.status_code == 422
    assert "Haal de sleutel bij de buren." in refused.text
    assert roos.post(path, data={**form, "op": uuid4().hex}).status_code == 303
    page = host.get("/mijn/lijst").get_data(as_text=True)
    assert "Haal de sleutel bij de buren." in page
    item_id = re.search(r'id="punt-([0-9a-f-]{36})"', page)[1]
    assert tick(host, edition, item_id).status_code == 303
    assert roos.post(f"{path}/{item_id}/weg", data={"op": uuid4().hex}).status_code == 303

    assert row(host, item_id) is None
    assert tick(host, edition, item_id).status_code == 404
    assert tick(host, edition, "verzonnen").status_code == 404


def test_the_next_edition_begins_anew_and_the_last_stays_readable(make, edition, days_before):
    days_before(9)
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    host = make.browser(make.person("Hanne", roles=["host"]))
    tick(roos, edition, DIVIDE)
    own = {"sentence": "Vlaggen ophangen.", "role": "host", "due_on": "2027-01-20", "op": uuid4().hex}
    roos.post(f"/mijn/lijst/{edition.slug}/eigen", data=own)
    later = make.edition(
        title="Dag van 2028",
        year=2028,
        starts_at=START + timedelta(days=365),
        ends_at=START + timedelta(days=366),
    )
    days_before(-330)

    assert "Dag van 2028" in words(host.get("/mijn/lijst"))
    assert "Vlaggen" not in words(host.get("/mijn/lijst"))
    assert "Vlaggen" in words(host.get(f"/mijn/lijst/{edition.slug}"))
    assert "Door" not in row(roos, DIVIDE, f"/mijn/lijst/{later.slug}")
    assert "Door Roos." in row(roos, DIVIDE, f"/mijn/lijst/{edition.slug}")


def test_the_history_only_grows_and_outlives_its_person(app, make, edition, days_before):
    from dagvandebuurt.people.lifecycle.erasure import erase

    days_before(9)
    person = make.person("Roos", roles=["organiser"])
    sam = make.browser(make.person("Sam", roles=["organiser"]))
    tick(make.browser(person), edition, DIVIDE)
    with app.app_context():
        for statement in ("DELETE FROM checklist_tick", "UPDATE checklist_tick SET is_done = NOT is_done"):
            with pytest.raises(DatabaseError, match="only grows"):
                db.session.execute(db.text(statement))
            db.session.rollback()
        from dagvandebuurt.core import clock
        from dagvandebuurt.core.transaction import transaction

        with transaction():
            erase(person.id, now=clock.now())

    told = row(sam, DIVIDE)
    assert "Door iemand die hier niet meer is." in told
    assert "Roos" not in told


def test_without_a_day_the_page_says_so(make, now):
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    with make.context():
        assert db.session.scalar(select(func.count()).select_from(Edition)) == 0
        assert db.session.scalar(select(func.count()).select_from(RoleGrant)) == 1
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1

    assert "Er is nog geen dag" in words(roos.get("/mijn/lijst"))
