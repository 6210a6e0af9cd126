"""Guests are asked their role once, in one press on the way in; it is never required."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import select

from dagvandebuurt.breakouts.queries import guests_of
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.people.lifecycle import data_export, erasure
from dagvandebuurt.people.models import ParticipantRole, Person
from dagvandebuurt.people.queries import rights_changed_since
from dagvandebuurt.qanda.models import Appearance, Question
from tests.branding.test_words import typed

NAME = "Gerda Oost"


@pytest.fixture
def room(session):
    return f"/sessies/{session.slug}/live"


@pytest.fixture
def enter(room):
    """Give a name in the room with this browser; return where it is sent."""
    return lambda browser: browser.post("/gast", data={"name": NAME, "verder": room}).location


@pytest.fixture
def gerda(make, enter):
    browser = make.browser()
    enter(browser)
    return browser


@pytest.fixture
def person(app):
    def found():
        with app.app_context():
            return db.session.scalar(select(Person).where(Person.name == NAME))

    return found


def say(browser, role, back="/programma"):
    return browser.post("/gast/rol", data={"participant_role": role, "verder": back})


def test_a_guest_is_asked_and_comes_into_the_room_by_one_press(make, enter, room, person):
    gerda = make.browser()
    asked = enter(gerda)
    page = gerda.get(asked).text
    answer = say(gerda, "resident", room)

    assert (urlsplit(asked).path, parse_qs(urlsplit(asked).query)) == ("/gast/rol", {"verder": [room]})
    assert len(re.findall(r'<button[^>]+name="participant_role"', page)) == 8
    assert (answer.status_code, answer.location) == (303, room)
    assert person().participant_role is ParticipantRole.RESIDENT


def test_a_link_leads_past_it_and_nothing_is_stored(gerda, room, person):
    page = gerda.get(f"/gast/rol?verder={room}").text

    [past] = re.findall(r'<a class="button button--text" href="([^"]+)">Zeg ik liever niet</a>', page)
    assert past == room
    assert "Jouw vraag" in gerda.get(past).text
    assert person().participant_role is ParticipantRole.UNDISCLOSED


def test_who_did_not_answer_is_not_asked_again_that_day(make, enter, gerda, room, app, monkeypatch, now):
    asked = gerda.get("/gast/rol", query_string={"verder": room})
    assert asked.status_code == 200
    with app.app_context():  # the organisation took the guest away; the browser is the same
        who = db.session.scalar(select(Person.id))
        erasure.erase(who, now=clock.now())
        db.session.commit()

    assert enter(gerda) == room
    assert urlsplit(enter(make.browser())).path == "/gast/rol"  # another browser was not asked yet

    with app.app_context():
        for who in db.session.scalars(select(Person.id).where(Person.forgotten_at.is_(None))):
            erasure.erase(who, now=clock.now())
        db.session.commit()
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(days=1))
    assert urlsplit(enter(gerda)).path == "/gast/rol"


def test_after_logging_out_the_next_one_at_this_computer_is_asked(gerda, enter, room):
    gerda.get("/gast/rol", query_string={"verder": room})
    gerda.post("/uitloggen", data={"zeker": "ja"})

    assert urlsplit(enter(gerda)).path == "/gast/rol"


def test_pressed_twice_is_once_and_another_press_changes_it(gerda, person):
    for role in ("resident", "resident", "social_worker"):
        assert say(gerda, role).status_code == 303
    page = gerda.get("/gast/rol").text
    assert person().participant_role is ParticipantRole.SOCIAL_WORKER
    assert "Je koos: <strong>Sociaal werker</strong>" in page

    assert 'value="undisclosed">Zeg ik liever niet</button>' in page
    say(gerda, "undisclosed")
    assert person().participant_role is ParticipantRole.UNDISCLOSED


def test_the_first_answer_leaves_no_order_of_arrival_and_open_pages_follow_a_change(app, gerda, person):
    say(gerda, "resident")
    assert person().rights_revision == 0

    say(gerda, "researcher")
    with app.app_context():
        assert rights_changed_since(0) == {person().id}


@pytest.mark.parametrize("role", ["", "admin", "own_1", "burgemeester"])
def test_a_role_that_is_not_offered_is_refused_and_leads_on(gerda, person, role, room):
    answer = say(gerda, role, room)

    assert answer.status_code == 422
    assert "Kijk nog even" in answer.text
    assert f'href="{room}">Zeg ik liever niet' in answer.text
    assert person().participant_role is ParticipantRole.UNDISCLOSED


def test_buttons_are_what_the_organiser_offers(make, gerda):
    organiser = make.browser(make.person("Roos", roles=["organiser"]))
    form = typed(organiser, "participant_role/entrepreneur/toon")
    form |= {"participant_role/own_1/nl": "Wijkagent", "participant_role/own_1/en": "Police officer"}
    assert organiser.post("/organisatie/woorden", data=form).status_code == 303

    page = gerda.get("/gast/rol").text

    assert 'value="own_1">Wijkagent</button>' in page
    assert "Ondernemer" not in page
    assert say(gerda, "own_1").status_code == 303


def test_a_browser_without_cookies_reads_along(make, room):
    stranger = make.browser()

    assert stranger.get("/gast/rol", query_string={"verder": room}).location == room
    assert stranger.get("/gast/rol", query_string={"verder": "https://elders.example/"}).location == "/"


def test_the_role_counts_in_the_fair_order_and_stands_beside_no_anonymous_question(app, make, gerda, session):
    say(gerda, "resident")
    for appear in ("role", "anonymous"):
        form = {"op": f"vraag-{appear}", "id": str(uuid4()), "text": f"Hoe {appear}?", "kind": "question",
                "appear": appear}  # fmt: skip
        gerda.post(f"/sessies/{session.slug}/vragen", data=form)

    with app.app_context():
        asked = {each.appearance: each.asker_role for each in db.session.scalars(select(Question))}
    assert asked == {  # the order of turns is made from this (`qanda.fair_order`)
        Appearance.ROLE: ParticipantRole.RESIDENT,
        Appearance.ANONYMOUS: ParticipantRole.UNDISCLOSED,
    }


def test_the_role_mixes_tables(app, gerda, person, room, session, now):
    say(gerda, "resident")
    gerda.get(room)
    app.extensions["live"].presence.flush()

    with app.app_context():
        placed = {each.key: each.role for each in guests_of(session, now)}
    assert placed == {person().id: "resident"}


def test_the_role_is_in_ones_own_data_and_goes_with_it(app, gerda, person):
    say(gerda, "resident")
    who = person().id
    with app.app_context():
        assert data_export.my_data(who)["person"][0]["participant_role"] == "resident"
        erasure.erase(who, now=clock.now())
        db.session.commit()
        assert (
            db.session.get_one(Person, who).participant_role is ParticipantRole.UNDISCLOSED
        )  # the tombstone
