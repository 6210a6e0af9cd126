"""Roles by invitation, the second factor that staff must have, and suspended accounts."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.access import second_factor
from dagvandebuurt.people.errors import CodeWrong
from dagvandebuurt.people.models import AccessChange, LoginSession, Person, Role, RoleGrant, SecondFactor
from dagvandebuurt.people.queries import identity_of_login


@pytest.fixture
def edition(make, now):
    return make.edition(starts_at=now)


@pytest.fixture
def desk(make, edition):
    return make.browser(make.identity("Organisator", roles=["organiser"]))


@pytest.fixture
def admin(make, edition):
    return make.browser(make.identity("Beheerder", roles=["admin"]))


def link_in(app, kind):
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.made_at.desc())).first()
        return re.search(r"/(?:link|uitnodiging)/[\w-]+", mail.text).group()


def code_of(app, person, now):
    with app.app_context(), transaction():
        secret = second_factor.secret_of(second_factor.begin(person.id))
    return pyotp.TOTP(secret).at(now)


def invite(app, desk, email="jolien@buurt.example", role="moderator", session=""):
    answer = desk.post("/organisatie/rollen", data={"email": email, "role": role, "session": session})
    assert answer.status_code == 303, answer.text
    return link_in(app, "invited")


# --- invitations ---


def test_an_accepted_role_is_active_after_second_factor_setup(app, make, desk, now):
    link = invite(app, desk)
    jolien = make.browser()

    assert "Je leest vragen, laat ze zien" in jolien.get(link).text
    asked = jolien.post(link, data={"name": ""})
    assert (asked.status_code, "Vul een naam in" in asked.text) == (422, True)
    page = jolien.post(link, data={"name": "Jolien"}, follow_redirects=True).text

    assert "Je taken wachten op een code" in page
    with app.app_context():
        person = db.session.scalar(select(Person).where(Person.email == "jolien@buurt.example"))
        [login] = db.session.scalars(select(LoginSession).where(LoginSession.person_id == person.id)).all()
        assert not identity_of_login(login.id).holds("moderator")  # not yet, here
    assert "<svg" in jolien.get("/mijn/beveiliging").text

    done = jolien.post("/mijn/beveiliging", data={"code": code_of(app, person, now)})

    assert "Het staat aan" in done.text
    assert len(re.findall(r"<code>\w{4}-\w{4}-\w{4}</code>", done.text)) == 10
    with app.app_context():
        assert identity_of_login(login.id).holds("moderator")
        assert db.session.scalars(select(AccessChange.what)).all() == ["+moderator"]


def test_invitations_are_single_use_and_invalid_ones_look_alike(app, make, desk, now, monkeypatch):
    used, withdrawn, late = (invite(app, desk, f"{n}@buurt.example") for n in ("een", "twee", "drie"))
    make.browser().post(used, data={"name": "Een"})
    page = desk.get("/organisatie/rollen").text
    for each in re.findall(r"/organisatie/rollen/uitnodiging/[\w-]+/intrekken", page):
        if "twee" in page.split(each)[0].rpartition("<li")[2]:
            desk.post(each)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(days=15))

    said = {
        (answer.status_code, "Deze uitnodiging werkt niet meer" in answer.text)
        for link in (used, withdrawn, late, "/uitnodiging/verzonnen")
        for answer in (make.browser().get(link), make.browser().post(link, data={"name": "X"}))
    }

    assert said == {(410, True)}


def test_an_organiser_gives_every_role_but_those_above(app, desk, admin):
    for role in ("organiser", "admin"):
        assert desk.post("/organisatie/rollen", data={"email": "x@buurt.example", "role": role, "session": ""}).status_code == 422  # fmt: skip
    assert invite(app, admin, "y@buurt.example", "organiser")


def test_roles_can_be_revoked_except_from_the_last_admin(app, make, desk, admin):
    make.identity("Mo", roles=["editor"])
    with app.app_context():
        grants = {grant.role: grant.id for grant in db.session.scalars(select(RoleGrant))}

    desk.post(f"/organisatie/rollen/{grants[Role.EDITOR]}/afnemen")
    last = admin.post(f"/organisatie/rollen/{grants[Role.ADMIN]}/afnemen")

    assert "Er moet minstens één beheerder blijven" in last.text
    with app.app_context():
        assert set(db.session.scalars(select(RoleGrant.role))) == {Role.ORGANISER, Role.ADMIN}
    assert desk.post(f"/organisatie/rollen/{grants[Role.ADMIN]}/afnemen").status_code == 403


# --- the second factor ---


@pytest.fixture
def jolien(app, make, edition, now):
    """A moderator with an authenticator and recovery codes: (person, codes)."""
    person = make.person("Jolien", email="jolien@buurt.example", roles=["moderator"])
    with app.app_context(), transaction():
        here = db.session.get(Person, person.id)
        login = LoginSession(person_id=person.id, began_at=now, seen_at=now)
        db.session.add(login)
        db.session.flush()
        code = pyotp.TOTP(second_factor.secret_of(second_factor.begin(person.id))).at(now)
        codes = second_factor.confirm(here, login.id, code, now=now)
    return person, codes


def half_in(app, make, jolien):
    browser = make.browser()
    browser.post("/inloggen", data={"email": jolien.email})
    answer = browser.post(link_in(app, "login"))
    assert answer.headers["Location"] == "/inloggen/tweede-stap"
    return browser


def test_a_login_link_still_requires_the_second_factor(app, make, jolien, now, monkeypatch):
    person, _ = jolien
    browser = half_in(app, make, person)
    assert browser.get("/mijn").status_code != 200

    later = now + timedelta(minutes=2)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: later)
    wrong = browser.post("/inloggen/tweede-stap", data={"code": "000000"})
    assert (wrong.status_code, "Deze code klopt niet" in wrong.text) == (422, True)

    browser.post("/inloggen/tweede-stap", data={"code": code_of(app, person, later)})
    page = browser.get("/mijn")
    assert "Dag Jolien" in page.text
    assert "Je taken wachten" not in page.text


def test_totp_codes_are_single_use_and_the_secret_is_not_stored(app, jolien, now):
    person, _ = jolien
    with app.app_context():
        factor = db.session.get(SecondFactor, person.id)
        secret = second_factor.secret_of(factor)
        row = str(db.session.execute(select(SecondFactor.__table__)).one())
        assert secret not in row
        code = pyotp.TOTP(secret).at(now + timedelta(minutes=5))
        with transaction():
            second_factor.check(person.id, code, now=now + timedelta(minutes=5))
        with pytest.raises(CodeWrong), transaction():
            second_factor.check(person.id, code, now=now + timedelta(minutes=5))


def test_recovery_codes_are_single_use(app, make, jolien, now):
    person, codes = jolien
    written = f"{codes[0][:4]}-{codes[0][4:8]} {codes[0][8:]}".lower()

    first = half_in(app, make, person).post("/inloggen/tweede-stap", data={"code": written})
    assert first.status_code == 303
    with app.app_context(), pytest.raises(CodeWrong), transaction():
        second_factor.check(person.id, written, now=now)


def test_a_password_still_requires_the_second_factor(app, make, jolien):
    from dagvandebuurt.people.rules import hash_password

    person, _ = jolien
    with app.app_context():
        hashed = hash_password("een lang wachtwoord")
        with transaction():
            db.session.get(Person, person.id).password_hash = hashed
    browser = make.browser()

    answer = browser.post(
        "/inloggen/wachtwoord", data={"email": person.email, "password": "een lang wachtwoord"}
    )

    assert answer.headers["Location"] == "/inloggen/tweede-stap"
    assert browser.get("/mijn").status_code != 200


def test_roles_are_inactive_without_a_second_factor(app, make, edition, now):
    make.person("Ruben", email="ruben@buurt.example", roles=["organiser"])
    browser = make.browser()
    browser.post("/inloggen", data={"email": "ruben@buurt.example"})
    browser.post(link_in(app, "login"))

    assert "Je taken wachten op een code" in browser.get("/mijn").text
    assert browser.get("/organisatie").status_code == 403


def test_resetting_the_second_factor_logs_out_every_browser(app, make, admin, jolien):
    person, _ = jolien
    browser = make.browser(person)

    admin.post("/organisatie/accounts/telefoon-kwijt", data={"email": person.email})

    assert browser.get("/mijn").status_code != 200
    with app.app_context():
        assert db.session.get(SecondFactor, person.id) is None


# --- suspension (C6) ---


def test_c6_a_suspended_account_is_logged_out_and_cannot_log_in(app, make, admin, now):
    noor = make.person("Noor", email="noor@buurt.example")
    browser = make.browser(noor)
    make.browser().post("/inloggen", data={"email": noor.email})
    link = link_in(app, "login")
    assert browser.get("/mijn").status_code == 200

    done = admin.post(
        "/organisatie/accounts/stilzetten",
        data={"email": "NOOR@buurt.example", "reason": "Scheldt anderen uit."},
        follow_redirects=True,
    )

    assert "Dit account staat stil" in done.text
    assert browser.get("/mijn").status_code != 200
    refused = make.browser().post(link)
    assert (refused.status_code, "Je account staat stil" in refused.text) == (403, True)
    with app.app_context():
        told = db.session.scalar(select(Mail).where(Mail.kind == "suspended"))
        assert "Scheldt anderen uit." in told.text
        assert db.session.get(Person, noor.id).rights_revision > 0  # what closes open sockets

    admin.post(f"/organisatie/accounts/{noor.id}/weer-toelaten")
    make.browser().post("/inloggen", data={"email": noor.email})
    with app.app_context():
        assert db.session.get(Person, noor.id).suspended_at is None


def test_suspending_an_unknown_account_keeps_the_typed_text(admin):
    answer = admin.post(
        "/organisatie/accounts/stilzetten", data={"email": "wie@buurt.example", "reason": "Daarom"}
    )

    assert answer.status_code == 422
    assert "Er is geen account met dit e-mailadres" in answer.text
    assert "Daarom" in answer.text


def test_only_admins_suspend_accounts(desk):
    assert desk.post("/organisatie/accounts/stilzetten", data={"email": "x@y.example"}).status_code == 403
