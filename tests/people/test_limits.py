import shutil
import time

import pytest

from dagvandebuurt.attendance.models import Certificate
from dagvandebuurt.extensions import limiter
from tests.conftest import test_settings as settings_of
from tests.factories import Factory
from tests.houses import house
from tests.servers import running_redis


@pytest.fixture
def app(tables, tmp_path):
    """A house with its limits on, as outside the tests."""
    shutil.copy(tables, tmp_path)
    with house(settings_of(tmp_path) | {"RATELIMIT_ENABLED": True}) as app:
        with app.app_context():
            limiter.reset()
        yield app
        with app.app_context():
            limiter.reset()


def guess(make, email):
    return (
        make.browser().post("/inloggen/wachtwoord", data={"email": email, "password": "geraden"}).status_code
    )


def test_guessing_one_password_is_slowed_and_the_neighbour_is_not(make):
    noor, ali = make.person("Noor"), make.person("Ali")

    guesses = [guess(make, noor.email) for _ in range(12)]

    assert guesses == [422] * 10 + [429] * 2
    assert guess(make, ali.email) == 422


def test_a_community_centre_gets_in_from_one_address(make):
    people = [make.person(f"Buur {number}") for number in range(80)]

    answers = {
        make.browser().post("/inloggen", data={"email": person.email}).status_code for person in people
    }

    assert answers == {200}


def test_guessing_codes_of_certificates_is_slowed_and_checking_a_pile_of_them_is_not(make, session):
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


@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_e7_without_redis_people_come_in_and_guessing_is_slowed_all_the_same(tables, tmp_path, how):
    shutil.copy(tables, tmp_path)
    with (
        running_redis() as server,
        house(settings_of(tmp_path, REDIS_URL=server.url) | {"RATELIMIT_ENABLED": True}) as app,
    ):
        make = Factory(app)
        noor = make.person("Noor")
        assert make.browser().post("/inloggen", data={"email": noor.email}).status_code == 200

        getattr(server, how)()
        began = time.monotonic()
        assert make.browser().post("/inloggen", data={"email": noor.email}).status_code == 200
        guesses = [guess(make, noor.email) for _ in range(12)]

        assert time.monotonic() - began < 10
        assert set(guesses) == {422, 429}
