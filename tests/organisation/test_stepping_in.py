"""An administrator steps in for a moderator who is not there."""

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import AccessChange, RoleGrant
from dagvandebuurt.qanda.models import BackstageLine
from tests.programme.pages import form_on, send


@pytest.fixture
def ali(make):
    return make.browser(make.person("Ali", roles=["admin"]))


def kept(app):
    with app.app_context():
        changes = [(each.what, each.scope_id, each.by_id == each.person_id) for each in
                   db.session.scalars(select(AccessChange))]  # fmt: skip
        return changes, list(db.session.scalars(select(BackstageLine.text)))


def test_from_the_closed_desk_they_are_in_with_one_press_and_everybody_there_knows(app, make, ali, session):
    jolien = make.browser(make.person("Jolien", roles=[("moderator", session.id)]))
    desk = f"/sessies/{session.slug}/regie"
    refused = ali.get(desk)
    assert refused.status_code == 403

    answer = send(ali, refused, "/inval")

    assert (answer.status_code, answer.headers["Location"]) == (303, desk)
    assert ali.get(desk).status_code == 200
    assert "Ali valt hier in als moderator." in jolien.get(desk).text
    assert kept(app)[0] == [("+moderator", session.id, True)]


def test_pressed_twice_or_again_it_is_one_role_and_one_line(app, ali, session):
    page = ali.get(f"/organisatie/sessies/{session.slug}")
    action, fields = form_on(page, "/inval")

    answers = [ali.post(action, data=fields).status_code for _ in range(2)]
    answers.append(ali.post(action).status_code)

    assert answers == [303, 303, 303]
    changes, lines = kept(app)
    assert (len(changes), len(lines)) == (1, 1)
    with app.app_context():
        assert len(db.session.scalars(select(RoleGrant).where(RoleGrant.role == "moderator")).all()) == 1
    assert "/inval" not in ali.get(f"/organisatie/sessies/{session.slug}").text


@pytest.mark.parametrize("roles", [["organiser"], ["moderator"], []])
def test_nobody_else_steps_in(app, make, session, roles):
    browser = make.browser(make.person("Iemand", roles=roles))

    assert browser.post(f"/organisatie/sessies/{session.slug}/inval").status_code == 403
    assert "/inval" not in browser.get(f"/organisatie/sessies/{session.slug}").text
    assert kept(app) == ([], [])


def test_no_other_session_is_opened_by_it(make, ali, session):
    other = make.session("Een andere zaal")
    ali.post(f"/organisatie/sessies/{session.slug}/inval")

    assert ali.get(f"/sessies/{other.slug}/regie").status_code == 403
