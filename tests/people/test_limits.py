import shutil
import time

import pytest

from dagvandebuurt.attendance.models import Certificate
from dagvandebuurt.core.network import network
from dagvandebuurt.extensions import limiter, rate_limit_key
from tests.conftest import test_settings as settings_of
from tests.factories import Factory
from tests.houses import house
from tests.registration.test_doors import edition  # noqa: F401 - a fixture
from tests.servers import running_redis


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


def guess(make, email):
    return (
        make.browser().post("/inloggen/wachtwoord", data={"email": email, "password": "geraden"}).status_code
    )


def _seconds_of(call):
    began = time.monotonic()
    call()
    return time.monotonic() - began


def test_password_guessing_is_throttled_per_account(make):
    noor, ali = make.person("Noor"), make.person("Ali")

    guesses = [guess(make, noor.email) for _ in range(12)]

    assert guesses == [422] * 10 + [429] * 2
    assert guess(make, ali.email) == 422


def test_many_people_log_in_from_one_address(make):
    people = [make.person(f"Buur {number}") for number in range(80)]

    answers = {
        make.browser().post("/inloggen", data={"email": person.email}).status_code for person in people
    }

    assert answers == {200}


def test_guessing_certificate_codes_is_throttled_but_bulk_checks_are_not(make, session):
    person = make.person("Noor")
    says = {
        "name": "Noor",
        "edition": "Dag",
        "starts_at": session.starts_at.isoformat(),
        "minutes": 0,
        "sessions": [],
    }
    paper = make.store(
        Certificate(
            code="7K2MXQ4T90BD", person_id=person.id, edition_id=session.edition_id, made_at=session.starts_at, says=says
        )
    )  # fmt: skip
    stranger = make.browser()

    right = [stranger.get(f"/bewijs/{paper.code}").status_code for _ in range(25)]
    wrong = [stranger.get(f"/bewijs/{number:012d}").status_code for number in range(22)]

    assert right == [200] * 25
    assert wrong == [404] * 20 + [429] * 2


def ask_to_learn(browser, address="192.0.2.1"):
    return browser.post(
        "/wijkwijzer/leervragen/stel", data={}, environ_base={"REMOTE_ADDR": address}
    ).status_code


def test_a25_logged_in_people_are_limited_individually(make):
    noor, ali = (make.browser(make.identity(name)) for name in ("Noor", "Ali"))

    assert [ask_to_learn(noor) for _ in range(31)] == [422] * 30 + [429]
    assert ask_to_learn(noor, "192.0.2.99") == 429  # another address is the same person
    assert ask_to_learn(ali) == 422


def test_a25_limiting_by_address_alone_is_caught(make, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.extensions.rate_limit_key", network)
    for limits in limiter.limit_manager._decorated_limits.values():
        for limit in limits:
            if limit.key_function is rate_limit_key:
                monkeypatch.setattr(limit, "key_function", network)

    with pytest.raises(AssertionError):
        test_a25_logged_in_people_are_limited_individually(make)


def test_a26_guessing_from_one_ipv6_network_is_throttled_as_one(make):
    stranger = make.browser()

    answers = [
        stranger.get(
            f"/bewijs/{number:012d}", environ_base={"REMOTE_ADDR": f"2001:db8:0:7::{number:x}"}
        ).status_code
        for number in range(1, 23)
    ]

    assert answers == [404] * 20 + [429] * 2
    elsewhere = {"REMOTE_ADDR": "2001:db8:0:8::1"}
    assert stranger.get("/bewijs/000000000000", environ_base=elsewhere).status_code == 404


def test_a26_making_guests_does_not_evade_the_limit(make):
    answers = [
        make.browser(make.identity(f"Gast {number}")).get(f"/bewijs/{number:012d}").status_code
        for number in range(22)
    ]

    assert answers == [404] * 20 + [429] * 2


def test_a27_every_form_has_a_default_rate_limit(make, session):
    address = f"/sessies/{session.slug}/kiezen"
    noor, ali = (make.browser(make.identity(name)) for name in ("Noor", "Ali"))

    answers = [noor.post(address).status_code for _ in range(241)]

    assert 429 not in answers[:240]
    assert answers[240] == 429
    assert ali.post(address).status_code != 429
    assert noor.get(f"/sessies/{session.slug}").status_code == 200  # a GET is not counted


def test_a27_a_rate_limited_form_gives_retry_after_and_the_typed_text(make):
    noor = make.browser(make.identity("Noor"))
    for _ in range(31):
        answer = noor.post("/wijkwijzer/leervragen/stel", data={"text": "Hoe repareer ik een fiets?"})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3601
    assert "Hoe repareer ik een fiets?</textarea>" in answer.text


def test_a28_an_undeclared_proxy_is_reported(make, edition):  # noqa: F811
    organiser = make.browser(make.identity("Org", roles=["organiser"]))
    passed_on = {"X-Forwarded-For": "198.51.100.7"}

    # Anybody can send the header: that is no proxy of ours.
    organiser.get("/healthz", headers=passed_on, environ_base={"REMOTE_ADDR": "8.8.8.8"})
    assert "TRUSTED_PROXIES" not in organiser.get("/readyz").text
    assert "TRUSTED_PROXIES" not in organiser.get("/organisatie").text

    organiser.get("/healthz", headers=passed_on)
    assert "warning: X-Forwarded-For arrives and TRUSTED_PROXIES is 0" in organiser.get("/readyz").text
    assert "TRUSTED_PROXIES" in organiser.get("/organisatie").text


# Last: the one limiter of this process keeps counting in memory for a while after this.
@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_e7_without_redis_login_works_and_guessing_is_throttled(tables, tmp_path, how):
    shutil.copy(tables, tmp_path)
    with (
        running_redis() as server,
        house(settings_of(tmp_path, REDIS_URL=server.url) | {"RATELIMIT_ENABLED": True}) as app,
    ):
        make = Factory(app)
        noor = make.person("Noor")
        assert make.browser().post("/inloggen", data={"email": noor.email}).status_code == 200

        quiet = max(_seconds_of(lambda: guess(make, "niemand@buurt.example")) for _ in range(3))
        getattr(server, how)()
        began = time.monotonic()
        assert make.browser().post("/inloggen", data={"email": noor.email}).status_code == 200
        guesses = [guess(make, noor.email) for _ in range(12)]

        # It waits for Redis now and then, not at each of the thirteen requests.
        assert time.monotonic() - began < 13 * 5 * quiet + 8
        assert set(guesses) == {422, 429}
