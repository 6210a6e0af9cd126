from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotAllowed
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import admission
from dagvandebuurt.people import rules
from dagvandebuurt.people.errors import LinkDoesNotWork
from dagvandebuurt.people.models import LinkPurpose, LoginSession, Person, PersonalLink


def test_logout_invalidates_the_cookie(app, make):
    browser = make.browser(make.person("Noor"))
    copy = app.test_client()
    with browser.session_transaction() as here, copy.session_transaction() as there:
        there.update(here)
    assert copy.get("/mijn").status_code == 200

    browser.post("/uitloggen")

    assert copy.get("/mijn").status_code == 401
    with app.app_context():
        assert db.session.scalars(select(LoginSession)).one().ended_at is not None


def test_login_links_are_single_use_and_expire(app, make, now):
    noor = make.person("Noor")

    def link(made):
        with app.app_context(), transaction():
            return rules.make_link(db.session.get(Person, noor.id), LinkPurpose.LOGIN, now=made)

    def use(token):
        with app.app_context(), transaction():
            return rules.use_link(token, now=now).person_id

    fresh, old = link(now), link(now - timedelta(hours=1, seconds=1))

    assert use(fresh) == noor.id
    for token in (fresh, old, "invented"):
        with pytest.raises(LinkDoesNotWork):
            use(token)


def test_the_database_holds_no_token(app, make, now):
    noor = make.person("Noor")
    with app.app_context(), transaction():
        token = rules.make_link(db.session.get(Person, noor.id), LinkPurpose.LOGIN, now=now)

    with app.app_context():
        link = db.session.scalars(select(PersonalLink)).one()
    assert token not in {str(getattr(link, column.name)) for column in PersonalLink.__table__.columns}


def test_login_errors_do_not_reveal_accounts(make):
    with_password = make.person("Noor", password_hash=rules.hash_password("een hele lange zin"))
    without = make.person("Ali")

    pages = [
        make.browser().post("/inloggen/wachtwoord", data={"email": email, "password": "fout"})
        for email in (with_password.email, without.email, "nooit@buurt.example")
    ]

    assert {page.status_code for page in pages} == {422}
    assert all("horen niet bij elkaar" in page.get_data(as_text=True) for page in pages)
    right = make.browser().post(
        "/inloggen/wachtwoord", data={"email": with_password.email, "password": "een hele lange zin"}
    )
    assert right.headers["Location"] == "/mijn"


def test_one_click_logins_and_readable_mail_exist_in_the_demo_only(app, make):
    noor = make.person("Noor")
    assert make.browser().post(f"/inloggen/demo/{noor.id}").status_code == 404
    assert make.browser().get("/dev/mail").status_code == 404
    assert "Noor" not in make.browser().get("/inloggen").get_data(as_text=True)

    app.config["DEMO"] = True

    assert make.browser().post(f"/inloggen/demo/{noor.id}").status_code == 303
    assert make.browser().get("/dev/mail").status_code == 200
    assert "Noor" in make.browser().get("/inloggen").get_data(as_text=True)


def test_a_guest_needs_a_name_and_nothing_else(app, make, session):
    browser = make.browser()

    refused = browser.post("/gast", data={"name": "  "})
    answer = browser.post("/gast", data={"name": "Gerda", "verder": f"/sessies/{session.slug}/live"})

    assert refused.status_code == 422
    assert answer.status_code == 303
    page = browser.get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    assert "Met mijn naam: <bdi>Gerda</bdi>" in page


def test_a_socket_is_authenticated_by_cookie_and_page_token(app, make, session):
    browser = make.browser(make.person("Noor"))
    page = browser.get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    token = page.split('name="live-token" content="')[1].split('"')[0]

    with (
        browser,
        app.test_request_context(headers={"Cookie": f"dvb={browser.get_cookie('dvb').value}"}) as here,
    ):
        assert admission.who_is(here.request, token).name == "Noor"
        for wrong in ("", "x", token[:-2]):
            with pytest.raises(NotAllowed):
                admission.who_is(here.request, wrong)


def test_a_stale_form_gives_back_what_was_typed(app, make, session):
    app.config["WTF_CSRF_ENABLED"] = True
    browser = make.browser(make.person("Noor"))

    answer = browser.post(
        f"/sessies/{session.slug}/vragen", data={"text": "Veertig minuten getypt", "csrf_token": "oud"}
    )

    assert answer.status_code == 403
    assert "Veertig minuten getypt" in answer.get_data(as_text=True)


def test_an_unexpected_failure_is_a_page_that_says_sorry(app, make, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.frontdoor.routes.figures_of", lambda _edition: 1 / 0)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    make.edition()

    answer = make.browser().get("/")

    assert answer.status_code == 500
    assert "Er ging bij ons iets mis." in answer.get_data(as_text=True)
    assert "ZeroDivisionError" not in answer.get_data(as_text=True)


def test_a_password_is_kept_as_the_library_advises():
    """Outside the test apps, which make it cheap."""
    assert rules.hash_password("een lang wachtwoord").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
