"""Denial of service by lockout: throttling of failed attempts never refuses a correct one."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people import rules
from dagvandebuurt.people.access import login_throttle, second_factor
from dagvandebuurt.people.access.login_throttle import GuessThrottle
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import LoginSession, ParticipantRole, Person
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.registration import entry_cards
from dagvandebuurt.registration.desk_routes import NUMBERS

RIGHT = "een hele lange zin"
ATTACKER, OWNER = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def extra_settings():
    return {"RATELIMIT_ENABLED": True}


@pytest.fixture
def app(app):
    """An app with its rate limits on, as outside the tests."""
    with app.app_context():
        limiter.reset()
    yield app
    with app.app_context():
        limiter.reset()


@pytest.fixture
def noor(make):
    return make.person("Noor", email="noor@buurt.example", password_hash=rules.hash_password(RIGHT))


def post(browser, path, address, **data):
    return browser.post(path, data=data, environ_overrides={"REMOTE_ADDR": address})


def guess(make, address, password="geraden"):
    return post(
        make.browser(), "/inloggen/wachtwoord", address, email="noor@buurt.example", password=password
    )


def mails(app):
    with app.app_context():
        return db.session.scalars(select(Mail).order_by(Mail.made_at, Mail.id)).all()


def at(monkeypatch, moment):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)


def ask_link(make, address=ATTACKER, browser=None):
    return post(browser or make.browser(), "/inloggen", address, email="noor@buurt.example")


# --- passwords ---


def test_failed_attempts_of_a_stranger_do_not_block_the_owner(make, noor):
    wrong = [guess(make, ATTACKER).status_code for _ in range(70)]

    assert wrong[9:12] == [422, 429, 429]
    assert guess(make, OWNER, RIGHT).status_code == 303
    assert guess(make, ATTACKER, RIGHT).status_code == 429  # guessing ends here: 60 an hour


def test_an_attacker_on_the_same_network_does_not_block_the_owner(make, noor):
    assert {guess(make, OWNER).status_code for _ in range(15)} == {422, 429}

    assert guess(make, OWNER, RIGHT).status_code == 303


def test_trusted_devices_are_throttled_separately(make, noor):
    known = make.browser()
    post(known, "/inloggen/wachtwoord", OWNER, email=noor.email, password=RIGHT)
    known.post("/uitloggen")
    for _ in range(65):
        guess(make, OWNER)

    assert guess(make, OWNER, RIGHT).status_code == 429
    answer = post(known, "/inloggen/wachtwoord", OWNER, email=noor.email, password=RIGHT)
    assert answer.status_code == 303


def test_device_cookies_are_bound_to_the_account(app, make, noor):
    ali = make.person("Ali", password_hash=rules.hash_password(RIGHT))
    forger = make.browser()
    post(forger, "/inloggen/wachtwoord", OWNER, email=ali.email, password=RIGHT)
    for _ in range(65):
        guess(make, OWNER)

    assert post(forger, "/inloggen/wachtwoord", OWNER, email=noor.email, password=RIGHT).status_code == 429


def test_a_distributed_attack_is_blocked_without_blocking_the_owner(make, noor, monkeypatch):
    """A distributed attack (credential stuffing)."""
    quick = GuessThrottle("x", slow="10 per minute", shut="60 per hour", crowd="40 per day", shut_in_crowd="5 per hour")  # fmt: skip
    monkeypatch.setattr("dagvandebuurt.people.access.credential_checks.PASSWORDS", quick)
    for number in range(10):
        for _ in range(5):
            guess(make, f"198.51.100.{number}")

    assert guess(make, "198.51.100.3", RIGHT).status_code == 429
    assert guess(make, OWNER, RIGHT).status_code == 303


def test_without_redis_attempts_are_still_counted(app, make, noor, monkeypatch):
    def away():
        raise ConnectionError

    monkeypatch.setattr(login_throttle, "_strategy", away)

    assert [guess(make, ATTACKER).status_code for _ in range(12)] == [422] * 10 + [429] * 2


# --- card numbers ---


@pytest.fixture
def card_number(app, make, now):
    edition, helper = make.edition(), make.person("Mila")
    with app.app_context(), transaction():
        card = entry_cards.register_other(
            Identity.of(db.session.get_one(Person, helper.id)), db.session.get_one(Edition, edition.id),
            name="Olena", participant_role=ParticipantRole.RESIDENT, neighbourhood=None, now=now,
        )  # fmt: skip
        return entry_cards.number_of(card)


def test_wrong_card_numbers_do_not_lock_out_others(make, card_number):
    line = "2001:db8:1:1::"  # one network, another address each time
    wrong = [post(make.browser(), "/kom", f"{line}{n:x}", code=f"{n:010d}").status_code for n in range(300)]

    assert set(wrong) == {422, 429}
    for address in (OWNER, "2001:db8:2::1", f"{line}ffff"):
        assert post(make.browser(), "/kom", address, code=card_number).status_code == 303


def test_guessing_card_numbers_is_throttled_per_network(app, make, card_number, monkeypatch):
    tight = GuessThrottle("y", slow="3 per minute", shut="9 per hour", crowd="99 per hour", shut_in_crowd="9 per hour")  # fmt: skip
    monkeypatch.setattr("dagvandebuurt.registration.desk_routes.NUMBERS", tight)
    for number in range(9):
        post(make.browser(), "/kom", ATTACKER, code=f"{number:010d}")

    assert post(make.browser(), "/kom", ATTACKER, code=card_number).status_code == 429
    assert post(make.browser(), "/kom", OWNER, code=card_number).status_code == 303
    assert NUMBERS.shut == "600 per hour"


# --- links ---


def test_link_requests_of_strangers_do_not_block_the_owner(app, make, noor, now, monkeypatch):
    for number in range(30):  # every ten minutes, for five hours
        at(monkeypatch, now + timedelta(minutes=10 * number))
        ask_link(make)
    flood = len(mails(app))
    later = now + timedelta(minutes=301)
    at(monkeypatch, later)

    own = make.browser(noor)
    own.post("/uitloggen")
    known = make.browser()
    post(known, "/inloggen/wachtwoord", OWNER, email=noor.email, password=RIGHT)
    known.post("/uitloggen")
    ask_link(make, OWNER, browser=known)
    assert len(mails(app)) == flood + 1  # from a trusted browser
    assert mails(app)[-1].due_at == later

    assert 6 <= flood <= 6 + 9  # a mailbox is not flooded: six, and one each half hour
    at(monkeypatch, later + timedelta(minutes=2))
    ask_link(make, OWNER)
    latest = mails(app)[-1]
    assert latest.due_at <= later + timedelta(minutes=32)  # and from an untrusted one it is delayed


def test_a_link_asked_again_is_sent_again_after_a_minute_and_at_once_when_used(app, make, noor, now, monkeypatch):  # fmt: skip
    def ask():
        ask_link(make, OWNER)
        return len(mails(app))

    def use_last():
        return make.browser().post(re.search(r"/link/\S+", mails(app)[-1].text).group()).status_code

    assert (ask(), ask()) == (1, 1)  # pressed twice
    at(monkeypatch, now + timedelta(seconds=61))
    assert ask() == 2
    assert use_last() == 303
    at(monkeypatch, now + timedelta(seconds=62))
    assert ask() == 3  # logged in on the phone, now on the laptop
    at(monkeypatch, now + timedelta(seconds=70))
    assert use_last() == 303
    assert ask() == 4


def test_using_links_resets_the_limit(app, make, noor, now, monkeypatch):
    for number in range(20):
        at(monkeypatch, now + timedelta(minutes=number))
        ask_link(make, OWNER)
        mail = mails(app)[-1]
        assert mail.due_at == now + timedelta(minutes=number)
        make.browser().post(re.search(r"/link/\S+", mail.text).group())

    assert len(mails(app)) == 20


def test_the_page_promises_only_what_is_sent(make, noor):
    said = [ask_link(make).text for _ in range(3)]

    assert "een half uur" in said[0]
    assert said[0] == said[2] or len({re.sub(r'value="[^"]*"', "", page) for page in said}) == 1


# --- a second way to log in for staff ---


@pytest.fixture
def phone(app, make, noor, now):
    """Noor's authenticator and recovery codes: (secret, codes)."""
    with app.app_context(), transaction():
        person = db.session.get_one(Person, noor.id)
        login = LoginSession(person_id=noor.id, began_at=now, seen_at=now)
        db.session.add(login)
        db.session.flush()
        secret = second_factor.secret_of(second_factor.begin(noor.id))
        codes = second_factor.confirm(person, login.id, pyotp.TOTP(secret).at(now), now=now)
    return secret, codes


def test_totp_and_recovery_code_log_in_without_mail(make, noor, phone, now, monkeypatch):
    secret, codes = phone
    later = now + timedelta(minutes=5)
    at(monkeypatch, later)

    def enter(code, paper):
        browser = make.browser()
        answer = post(browser, "/inloggen/telefoon", OWNER, email=noor.email, code=code, paper=paper)
        return answer.status_code, browser.get("/mijn").status_code

    right = pyotp.TOTP(secret).at(later)
    assert make.browser().get("/inloggen/telefoon").status_code == 200
    assert enter("000000", codes[0]) == (422, 401)
    assert enter(right, "AAAA-AAAA-AAAA") == (422, 401)
    assert enter(right, codes[0]) == (303, 200)  # a valid half is not used up
    assert enter(right, codes[1]) == (422, 401)  # a replay


def test_failed_codes_of_a_stranger_do_not_block_the_owner(app, make, noor, phone, now, monkeypatch):
    secret, codes = phone
    later = now + timedelta(minutes=5)
    at(monkeypatch, later)

    def half_in(address):
        browser = make.browser()
        answer = post(browser, "/inloggen/wachtwoord", address, email=noor.email, password=RIGHT)
        assert answer.headers["Location"] == "/inloggen/tweede-stap"
        return browser

    thief = half_in(ATTACKER)
    wrong = [post(thief, "/inloggen/tweede-stap", ATTACKER, code=f"{n:06d}").status_code for n in range(40)]
    assert wrong[5:8] == [422, 429, 429]
    right = pyotp.TOTP(secret).at(later)
    assert post(thief, "/inloggen/tweede-stap", ATTACKER, code=right).status_code == 429

    assert post(half_in(ATTACKER), "/inloggen/tweede-stap", ATTACKER, code=codes[0]).status_code == 303
    assert post(half_in(OWNER), "/inloggen/tweede-stap", OWNER, code=right).status_code == 303
