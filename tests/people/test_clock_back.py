"""Clock set back (NTP step): nobody is logged out, and nothing lives longer than it should (F10)."""

from datetime import timedelta

import pytest
import time_machine
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from dagvandebuurt.core.signing import AHEAD, TolerantSigner
from dagvandebuurt.people.access import login
from tests.conftest import ONE_O_CLOCK

TWO_HOURS = timedelta(hours=2)


def signed(signer=TolerantSigner):
    return URLSafeTimedSerializer("a key", signer=signer)


def test_e36_setting_the_clock_back_logs_nobody_out(make):
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
            assert login.authenticate_socket(request, token).is_known


def test_e36_the_signer_of_the_library_would_log_them_out_is_caught(make, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.core.security.TolerantSigner", TimestampSigner)
    with pytest.raises(AssertionError):
        test_e36_setting_the_clock_back_logs_nobody_out(make)


def test_e36_signatures_still_expire_and_far_future_ones_are_refused():
    with time_machine.travel(ONE_O_CLOCK, tick=False):
        token = signed().dumps("x")
    for moment in (timedelta(), timedelta(seconds=-AHEAD), timedelta(seconds=60)):
        with time_machine.travel(ONE_O_CLOCK + moment, tick=False):
            assert signed().loads(token, max_age=60) == "x"
    for moment in (timedelta(seconds=61), timedelta(days=400), timedelta(seconds=-AHEAD - 1)):
        with time_machine.travel(ONE_O_CLOCK + moment, tick=False), pytest.raises(SignatureExpired):
            signed().loads(token, max_age=60)
