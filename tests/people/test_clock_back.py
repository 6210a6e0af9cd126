"""A clock that is put back logs nobody out, and makes nothing live longer than it should (NTP step, F10)."""

from datetime import timedelta

import pytest
import time_machine
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from dagvandebuurt.core.signing import AHEAD, PatientSigner
from dagvandebuurt.people.access import login
from tests.conftest import ONE_O_CLOCK

TWO_HOURS = timedelta(hours=2)


def signed(signer=PatientSigner):
    return URLSafeTimedSerializer("a key", signer=signer)


def test_e36_a_clock_two_hours_back_logs_nobody_out_of_pages_or_rooms(make):
    with time_machine.travel(ONE_O_CLOCK + TWO_HOURS, tick=False):
        noor = make.browser(make.identity("Noor"))
        with noor.session_transaction() as kept:
            kept["browser"] = "hers"
        with noor.application.app_context():
            token = login._serializer().dumps("hers")

    with time_machine.travel(ONE_O_CLOCK, tick=False):
        assert noor.get("/mijn").status_code == 200
        with noor.application.app_context():
            request = noor.application.request_class(
                {"HTTP_COOKIE": "; ".join(f"{c.key}={c.value}" for c in noor._cookies.values())}
            )
            assert login.behind_the_handshake(request, token).is_known


def test_e36_the_signer_of_the_library_would_log_them_out_is_red(make, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.core.security.PatientSigner", TimestampSigner)
    with pytest.raises(AssertionError):
        test_e36_a_clock_two_hours_back_logs_nobody_out_of_pages_or_rooms(make)


def test_e36_what_is_signed_expires_as_before_and_nothing_comes_from_a_far_future():
    with time_machine.travel(ONE_O_CLOCK, tick=False):
        token = signed().dumps("x")
    for moment in (timedelta(), timedelta(seconds=-AHEAD), timedelta(seconds=60)):
        with time_machine.travel(ONE_O_CLOCK + moment, tick=False):
            assert signed().loads(token, max_age=60) == "x"
    for moment in (timedelta(seconds=61), timedelta(days=400), timedelta(seconds=-AHEAD - 1)):
        with time_machine.travel(ONE_O_CLOCK + moment, tick=False), pytest.raises(SignatureExpired):
            signed().loads(token, max_age=60)
