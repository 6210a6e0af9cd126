"""The emergency page: the buttons of the sessions that are on, for who may press them, and they do it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.stage.models import Purpose
from dagvandebuurt.qanda.queries import asking_rules


def forms(page):
    """Each form on the page: where it goes, and its fields."""
    for action, body in re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.S):
        yield action, dict(re.findall(r'name="(\w+)" value="([^"]*)"', body)), body


def press(browser, label):
    """Press the button with this label, as its form is."""
    page = browser.get("/noodknoppen").get_data(as_text=True)
    [(action, fields)] = [(action, fields) for action, fields, body in forms(page) if label in body]
    return browser.post(action, data=fields)


def asking(make, session):
    with make.context():
        rules = asking_rules(session.id)
        return (rules.is_open, rules.shows_first, rules.minutes_between, rules.registered_only)


def test_a_moderator_stops_a_flood_and_opens_again(make, session):
    jolien = make.browser(make.person("Jolien", roles=[("moderator", session.id)]))
    assert asking(make, session) == (True, False, 0, False)
    for label in ("Rustig aan: 10 minuten", "Alleen wie zich aanmeldde", "Sluit de vragen"):
        assert press(jolien, label).status_code == 303
    assert asking(make, session) == (False, False, 10, True)
    for label in ("Geen pauze meer", "Iedereen steunt", "Open de vragen"):
        assert press(jolien, label).status_code == 303

    assert asking(make, session) == (True, False, 0, False)


def test_where_the_hall_reads_first_one_press_turns_it_around(make, session):
    jolien = make.browser(make.person("Jolien", roles=["moderator"]))
    path = f"/sessies/{session.slug}/regie/vragenregels"
    jolien.post(path, data={"shows_first": "yes", "op": uuid4().hex})
    assert asking(make, session)[1] is True

    assert press(jolien, "Eerst lezen, dan de zaal").status_code == 303
    assert asking(make, session)[1] is False
    assert "Jij leest eerst" in jolien.get("/noodknoppen").text


def test_an_organiser_puts_on_another_picture_and_the_alternatives_stay(make, session):
    roos = make.browser(make.person("Roos", roles=["organiser"]))
    path = f"/organisatie/sessies/{session.slug}/beeld"
    signs = "https://www.youtube.com/watch?v=aaaaaaaaaaa"
    roos.post(path, data={"main": "https://www.youtube.com/watch?v=bbbbbbbbbbb", "sign_language": signs})
    page = roos.get("/noodknoppen").get_data(as_text=True)
    [fields] = [fields for action, fields, _ in forms(page) if action == path]
    spare = "https://www.youtube.com/watch?v=ccccccccccc"
    assert roos.post(path, data={**fields, "main": spare}).status_code == 303

    with make.context():
        here = db.session.get_one(ProgrammeSession, session.id)
        assert here.stage_url == spare
        assert [(each.purpose, each.address) for each in here.sources] == [(Purpose.SIGN_LANGUAGE, signs)]


def test_an_administrator_steps_in_at_once(make, session):
    admin = make.browser(make.person("Beheer", roles=["admin"]))

    assert press(admin, "Val in als moderator").headers["Location"] == f"/sessies/{session.slug}/regie"
    assert "Jij modereert hier." in admin.get("/noodknoppen").text


@pytest.mark.parametrize(
    ("roles", "sees", "not_there"),
    [
        (["organiser"], "Zet dit beeld aan", "Sluit de vragen"),
        (["organiser"], "Een beheerder kan meteen invallen", "Val in als moderator"),
        (["moderator"], "Sluit de vragen", "Zet dit beeld aan"),
    ],
)
def test_nobody_sees_a_button_that_is_not_theirs(make, session, roles, sees, not_there):
    page = make.browser(make.person("Iemand", roles=roles)).get("/noodknoppen").text

    assert sees in page
    assert not_there not in page


def test_only_sessions_that_are_on_or_soon_and_of_whoever_looks(make, session, monkeypatch):
    other = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    jolien = make.browser(make.person("Jolien", roles=[("moderator", session.id)]))
    page = jolien.get("/noodknoppen").text
    assert session.title in page
    assert "Nu bezig" in page
    assert other.title not in page
    for moment in (session.starts_at - timedelta(hours=3), session.ends_at):
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda moment=moment: moment)
        page = jolien.get("/noodknoppen").text
        assert session.title not in page
        assert "Er is nu geen sessie van jou" in page
    assert "dagvandebuurt status" in page
    assert make.browser(make.person("Noor")).get("/noodknoppen").status_code == 403
