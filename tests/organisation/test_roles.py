"""The page of roles: one table, a question before a role is taken away, and a way back for an hour."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import AccessChange, Role, RoleGrant

ROLES = "/organisatie/rollen"


@pytest.fixture
def roos(make, session):
    return make.browser(make.person("Roos", roles=["organiser"]))


@pytest.fixture
def wessel(app, make, session):
    """Somebody who moderates one session; returns the id of that grant."""
    person = make.person("Wessel", roles=[("moderator", session.id)])
    with app.app_context():
        return db.session.scalar(select(RoleGrant.id).where(RoleGrant.person_id == person.id))


def held(app):
    with app.app_context():
        return {(grant.role, grant.scope_id) for grant in db.session.scalars(select(RoleGrant))}


def log_of(app):
    with app.app_context():
        return list(db.session.scalars(select(AccessChange.what).order_by(AccessChange.at, AccessChange.id)))


def shown(answer):
    return re.sub(r"\s+", " ", html.unescape(answer.text))


def take(browser, grant):
    answer = browser.post(f"{ROLES}/{grant}/afnemen")
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.headers["Location"])
    return page, re.search(rf'action="({ROLES}/teruggeven/[\w-]+)"', page.text)


def test_it_asks_first_and_changes_nothing_until_the_answer(app, roos, session, wessel):
    before = held(app)
    page = shown(roos.get(ROLES))
    assert f'href="{ROLES}/{wessel}/afnemen"' in page
    assert f'action="{ROLES}/{wessel}/afnemen"' not in page

    asked = shown(roos.get(f"{ROLES}/{wessel}/afnemen"))

    assert "Rol weghalen?" in asked
    assert "Wessel" in asked
    assert session.title in asked
    assert held(app) == before


def test_what_was_taken_away_comes_back_with_one_press(app, roos, session, wessel):
    page, undo = take(roos, wessel)
    assert (Role.MODERATOR, session.id) not in held(app)
    assert "Je haalde de rol Moderator weg bij <bdi>Wessel</bdi>" in shown(page)

    assert roos.post(undo[1]).status_code == 303
    again = roos.post(undo[1])

    assert (Role.MODERATOR, session.id) in held(app)
    assert again.status_code == 409
    assert sorted(log_of(app)) == ["+moderator", "-moderator"]
    assert undo[1] not in roos.get(ROLES).text


def test_only_who_took_it_away_gives_it_back_and_only_for_an_hour(
    app, make, now, monkeypatch, roos, session, wessel
):
    _page, undo = take(roos, wessel)
    other = make.browser(make.person("Bas", roles=["admin"]))

    assert other.post(undo[1]).status_code == 409
    assert undo[1] not in other.get(f"{ROLES}?weg={undo[1].rpartition('/')[2]}").text
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(hours=1))
    assert roos.post(undo[1]).status_code == 409
    assert (Role.MODERATOR, session.id) not in held(app)


def test_nobody_gives_back_what_they_may_not_give(app, make, roos, session):
    make.person("Eerste", roles=["admin"])
    bas = make.person("Bas", roles=["admin"])
    desk = make.browser(bas)
    with app.app_context():
        grant = db.session.scalar(select(RoleGrant.id).where(RoleGrant.person_id == bas.id))

    assert roos.get(f"{ROLES}/{grant}/afnemen").status_code == 403
    assert desk.get(f"{ROLES}/{grant}/afnemen").status_code == 200
    assert desk.post(f"{ROLES}/{grant}/afnemen").status_code == 303
    with app.app_context():
        change = db.session.scalar(select(AccessChange.id))
    assert desk.post(f"{ROLES}/teruggeven/{change}").status_code == 403
    assert roos.post(f"{ROLES}/teruggeven/{change}").status_code == 403


@pytest.mark.parametrize(
    "asked", ["weg=x", "weg=0f8fad5b-d9cb-469f-a165-70867728950e", "rol=verzonnen", "sessie=%00"]
)
def test_an_address_that_makes_no_sense_shows_the_page(roos, session, asked):
    assert roos.get(f"{ROLES}?{asked}").status_code == 200


def test_the_address_fills_in_whom_to_ask(make, roos, session):
    organisation = make.organisation()

    page = shown(roos.get(f"{ROLES}?rol=org_contact&organisatie={organisation.id}&sessie={session.id}"))

    chosen = re.findall(r'<option selected value="([^"]*)"', page)
    assert chosen == ["org_contact", str(session.id), str(organisation.id)]
    refused = shown(roos.post(f"{ROLES}?rol=org_contact", data={"email": "geen adres", "role": "editor"}))
    assert '<option selected value="editor"' in refused  # what was typed wins


def test_many_roles_are_pages_and_a_tab_for_each_role(make, roos, session):
    for number in range(60):
        make.person(f"Buur {number:02}", roles=["moderator" if number < 55 else "editor"])

    everybody, moderators, editors = (
        roos.get(ROLES + asked).text for asked in ("", "?rol=moderator", "?rol=editor")
    )

    rows = [len(re.findall(r'<th scope="row"><bdi>', page)) for page in (everybody, moderators, editors)]
    assert rows == [50, 50, 5]
    assert "rol=moderator&amp;pagina=2" in moderators
    assert len(re.findall(r'<th scope="row"><bdi>', roos.get(f"{ROLES}?rol=moderator&pagina=2").text)) == 5
    assert "Buur 57" in roos.get(f"{ROLES}?zoek=57").text
