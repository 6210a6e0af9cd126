"""Readers without a name: who keeps a room open counts as present, by browser, and nothing else is known of them."""

import re
from datetime import timedelta

import pytest
from flask import Request
from sqlalchemy import func, select
from werkzeug.test import EnvironBuilder

from dagvandebuurt.attendance.models import CountedVisit, Inside, Visit
from dagvandebuurt.attendance.queries import present_in
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.people.access import login

FEW = "Let op: er zijn nu weinig mensen in deze zaal."


@pytest.fixture
def room(session):
    return f"/sessies/{session.slug}/live"


@pytest.fixture
def later(monkeypatch, now):
    return lambda **passed: monkeypatch.setattr(
        "dagvandebuurt.core.clock.now", lambda: now + timedelta(**passed)
    )


@pytest.fixture
def present(app, room):
    """Look at the room with these browsers, and return how many the next visitor reads are in."""

    def look(*browsers):
        for browser in browsers:
            assert browser.get(room).status_code == 200
        app.extensions["live"].presence.flush()
        page = app.test_client(use_cookies=False).get(room).text
        return int(re.search(r"data-present-number>(\d+)<", page)[1])

    return look


def test_who_looks_again_without_scripts_is_present(make, present):
    noor, bas = make.browser(), make.browser()

    assert present(noor) == 0  # a first look may be a robot's: it shows no cookie
    assert present(noor) == present(noor) == 1
    assert (present(bas), present(bas)) == (1, 2)


def test_who_keeps_no_cookie_is_not_counted_however_often(app, present):
    robot = app.test_client(use_cookies=False)
    assert present(robot, robot, robot) == present(robot) == 0


def test_who_follows_by_a_detour_is_present(make, room, present):
    reader = make.browser()
    assert present(reader) == 0
    assert reader.get(f"{room}/state").status_code == 200

    assert present() == 1


def test_a_reader_who_gives_a_name_counts_once(make, session, room, present):
    reader = make.browser()
    assert present(reader, reader) == 1

    reader.post("/gast", data={"name": "Sjaan", "verder": room})

    assert present(reader) == 1


def test_who_left_is_not_present_and_leaves_nothing(app, make, present, later):
    reader, other = make.browser(), make.browser()
    assert present(reader, reader) == 1
    later(seconds=91)
    assert present() == 0

    later(minutes=11)
    assert present(other, other) == 1
    with app.app_context():
        for table, rows in ((Inside, 1), (Visit, 0), (CountedVisit, 0)):
            assert db.session.scalar(select(func.count()).select_from(table)) == rows


def test_the_database_does_not_tell_which_browser(app, make, present):
    reader = make.browser()
    assert present(reader, reader) == 1
    with reader.session_transaction() as cookie:
        browser = cookie["browser"]
    with app.app_context():
        key = db.session.scalars(select(Inside.visitor_key)).one()

    assert len(key) == 22
    assert browser[:8] not in key


def test_who_is_logged_in_counts_by_name_in_every_browser(make, present):
    noor = make.guest("Noor")
    phone, laptop, reader = make.browser(noor), make.browser(noor), make.browser()

    assert present(phone, laptop, reader, phone, laptop, reader) == 2


def test_readers_do_not_hide_who_asks_anonymously(app, make, room, session, present):
    """Who has no name to ask with can't be the one who asked."""
    asker = make.browser(make.guest("Noor"))
    readers = [make.browser() for _ in range(9)]

    assert present(asker, *readers, *readers) == 10
    assert FEW in asker.get(room).text
    with app.app_context():
        assert present_in([session.id], since=clock.now(), named=True) == {session.id: 1}
    assert present(*(make.browser(make.guest(f"Gast {number}")) for number in range(7))) == 17
    assert FEW not in asker.get(room).text


def connect(app, browser, page):
    """Authenticate a socket of this page as the server does, and return its actor."""
    token = re.search(r'name="live-token" content="([^"]+)"', browser.get(page).text)[1]
    cookies = "; ".join(f"{each.key}={each.value}" for each in browser._cookies.values())
    with app.app_context():
        return login.authenticate_socket(
            Request(EnvironBuilder(headers={"Cookie": cookies}).get_environ()), token
        )


def test_an_open_page_counts_by_its_socket_and_a_screen_does_not(app, make, room):
    reader = make.browser()
    reading = connect(app, reader, room)
    watching = connect(app, reader, room.replace("/live", "/podium"))

    assert reading.reader is not None
    assert connect(app, reader, room).reader == reading.reader
    assert connect(app, make.browser(), room).reader != reading.reader
    assert watching.reader is None
