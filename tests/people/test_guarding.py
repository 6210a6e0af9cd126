"""Account security: its owner is notified of changes, sees the logged-in browsers, and can log them out."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people import rules
from dagvandebuurt.people.access import second_factor
from dagvandebuurt.people.access.trusted_devices import browser_description
from dagvandebuurt.people.models import Invitation, LoginSession, Person, Role, RoleGrant

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
LONG = "een hele lange nieuwe zin"
OLD = "een hele lange oude zin"


@pytest.fixture
def noor(make):
    return make.person("Noor", email="noor@buurt.example", password_hash=rules.hash_password(OLD))


def at(monkeypatch, moment):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)


def told(app, to="noor@buurt.example"):
    with app.app_context():
        mails = db.session.scalars(
            select(Mail).where(Mail.to == to, Mail.kind == "note").order_by(Mail.made_at)
        )
        return " ".join(mail.text for mail in mails)


def come_in(make, **more):
    browser = make.browser()
    browser.post(
        "/inloggen/wachtwoord",
        data={"email": "noor@buurt.example", "password": OLD} | more,
        headers={"User-Agent": FIREFOX},
    )
    return browser


# --- recent authentication ---


def test_setting_a_password_needs_recent_authentication(app, make, noor, now, monkeypatch):
    """A browser that was left open, or a stolen session."""
    browser = come_in(make)
    at(monkeypatch, now + timedelta(minutes=16))

    def choose(**more):
        return browser.post("/mijn/wachtwoord", data={"password": LONG} | more).status_code

    assert choose() == 422
    assert choose(current="geraden") == 422
    assert "nieuw wachtwoord" not in told(app)
    assert choose(current=OLD) == 303
    assert "Er is een nieuw wachtwoord gekozen" in told(app)


def test_a_recent_login_counts_as_authentication(make, noor):
    assert come_in(make).post("/mijn/wachtwoord", data={"password": LONG}).status_code == 303


# --- notifications to the owner ---


def test_the_owner_is_notified_of_second_factor_changes(app, make, noor, now):
    browser = come_in(make)
    with app.app_context(), transaction():
        code = pyotp.TOTP(second_factor.secret_of(second_factor.begin(noor.id))).at(now)
    browser.post("/mijn/beveiliging", data={"code": code})
    assert "Er is een telefoon ingesteld" in told(app)

    make.browser(make.identity("Baas", roles=["admin"])).post(
        "/organisatie/accounts/telefoon-kwijt", data={"email": noor.email}
    )
    assert "heeft de telefoon weggehaald" in told(app)


def test_the_owner_is_notified_of_failed_codes_once_a_day(app, make, noor, now, monkeypatch):
    with app.app_context(), transaction():
        person = db.session.get_one(Person, noor.id)
        login = LoginSession(person_id=noor.id, began_at=now, seen_at=now)
        db.session.add(login)
        db.session.flush()
        code = pyotp.TOTP(second_factor.secret_of(second_factor.begin(noor.id))).at(now)
        second_factor.confirm(person, login.id, code, now=now)
    thief = come_in(make)

    def mails():
        with app.app_context():
            return len(db.session.scalars(select(Mail.id).where(Mail.kind == "note")).all())

    for _ in range(2):
        thief.post("/inloggen/tweede-stap", data={"code": "000000"})
    assert mails() == 0
    for _ in range(4):
        thief.post("/inloggen/tweede-stap", data={"code": "000000"})
    assert mails() == 1
    assert "typte daar verkeerde codes" in told(app)


def test_the_owner_is_notified_of_role_changes(app, make, noor):
    make.edition()
    desk = make.browser(make.identity("Baas", roles=["admin"]))
    desk.post("/organisatie/rollen", data={"email": noor.email, "role": "editor", "session": ""})
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "invited")).one()
    make.browser().post(re.search(r"/uitnodiging/\S+", mail.text).group())
    assert "heeft nu een taak erbij" in told(app)

    with app.app_context():
        grant = db.session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == noor.id)).one()
    desk.post(f"/organisatie/rollen/{grant}/afnemen")
    assert "heeft deze taak niet meer" in told(app)


# --- browsers ---


def test_logged_in_browsers_are_listed_and_can_be_logged_out(app, make, noor):
    phone, laptop, library = (come_in(make) for _ in range(3))
    page = laptop.get("/mijn/browsers").text
    assert page.count("Firefox, Windows") >= 3
    assert "deze browser" in page
    with app.app_context():
        first = db.session.scalars(
            select(LoginSession.id).order_by(LoginSession.began_at, LoginSession.id)
        ).all()

    others = re.findall(r"/mijn/browsers/([0-9a-f-]{36})/uit", page)
    assert len(others) == len(first) - 1
    laptop.post(f"/mijn/browsers/{others[0]}/uit")
    assert sorted(b.get("/mijn").status_code for b in (phone, laptop, library)) == [200, 200, 401]

    laptop.post("/mijn/browsers/uit")
    assert [b.get("/mijn").status_code for b in (phone, laptop, library)] == [401, 200, 401]


def test_a_login_of_another_person_cannot_be_ended(app, make, noor):
    """IDOR."""
    victim, attacker = come_in(make), make.browser(make.person("Ali"))
    with app.app_context():
        login_id = db.session.scalars(select(LoginSession.id).where(LoginSession.person_id == noor.id)).one()

    attacker.post(f"/mijn/browsers/{login_id}/uit")

    assert victim.get("/mijn").status_code == 200


@pytest.mark.parametrize("said", [{}, {"gedeeld": "ja"}], ids=["own", "not mine"])
def test_shared_computer_logins_expire(make, noor, now, monkeypatch, said):
    browser = come_in(make, **said)
    cookie = browser.get_cookie("dvb")

    assert (cookie.expires is None) is bool(said)  # a session cookie goes with the browser
    at(monkeypatch, now + timedelta(hours=2, minutes=59))
    assert browser.get("/mijn").status_code == 200
    at(monkeypatch, now + timedelta(hours=4, minutes=1))
    assert browser.get("/mijn").status_code == (401 if said else 200)


def test_logout_sends_clear_site_data(make, noor):
    assert come_in(make).post("/uitloggen").headers["Clear-Site-Data"] == '"storage"'


def test_browsers_are_described_by_name_and_system():
    assert browser_description(FIREFOX) == "Firefox, Windows"
    assert browser_description("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1") == "Safari, iPhone"  # fmt: skip
    assert (
        browser_description("Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Safari/537.36 Edg/120.0")
        == "Edge, Android"
    )
    assert browser_description("curl/8") == ""


# --- invitations ---


def test_withdrawing_an_invitation_needs_the_right_to_give_the_role(app, make, now):
    for role, status in ((Role.ADMIN, 403), (Role.EDITOR, 303)):
        invitation = make.store(
            Invitation(token_hash=role.value, email="x@buurt.example", role=role, made_at=now,
                       expires_at=now + timedelta(days=1))
        )  # fmt: skip
        desk = make.browser(make.identity(f"Roos {role}", roles=["organiser"]))

        answer = desk.post(f"/organisatie/rollen/uitnodiging/{invitation.id}/intrekken")

        assert answer.status_code == status
        with app.app_context():
            assert (db.session.get(Invitation, invitation.id).withdrawn_at is None) is (status == 403)
