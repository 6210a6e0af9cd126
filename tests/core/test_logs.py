"""Logs: one event a record, with a request id, and nobody in it."""

import json
import logging
import subprocess
import sys

import pytest

from config import Contradiction, settings
from dagvandebuurt.core.logs import Json, OnceAMinute, Text
from tests.conftest import TEST_KEY

OURS = {"SECRET_KEY": TEST_KEY}


def record_of(message, *args, failure=None):
    info = (type(failure), failure, failure.__traceback__) if failure else None
    return logging.LogRecord("dagvandebuurt.x", logging.WARNING, __file__, 1, message, args, info)


def raised():
    try:
        raise KeyError("een\ntwee")
    except KeyError as failure:
        return failure


def test_a_json_record_is_one_line_with_its_traceback():
    said = Json().format(record_of("%s misging\nen nog een regel", "iets", failure=raised()))

    assert "\n" not in said
    read = json.loads(said)
    assert set(read) == {"time", "level", "logger", "message", "traceback"}
    assert (read["level"], read["logger"]) == ("warning", "dagvandebuurt.x")
    assert read["message"] == "iets misging\nen nog een regel"
    assert read["traceback"].startswith("Traceback (most recent call last):\n")
    assert read["time"].endswith("Z")


def test_a_text_record_has_time_and_level_and_no_message_makes_a_second_one():
    said = Text().format(record_of("weg\n2026-01-01T00:00:00.000Z ERROR verzonnen"))

    assert "\n" not in said
    assert " WARNING dagvandebuurt.x weg\\n2026" in said
    assert Text().format(record_of("weg", failure=raised())).count("\n") > 2


def test_records_of_a_request_bear_the_id_that_its_response_gives_back(make, app):
    browser = make.browser()
    answer = browser.get("/inloggen")
    with app.test_request_context("/inloggen"):
        app.preprocess_request()
        said = json.loads(Json().format(record_of("x")))
        about = Text().format(record_of("x"))

    assert len(answer.headers["X-Request-Id"]) == 32
    assert browser.get("/inloggen").headers["X-Request-Id"] != answer.headers["X-Request-Id"]
    assert len(said["request_id"]) == 32
    assert f"[{said['request_id']}] x" in about


@pytest.mark.parametrize(
    ("proxies", "told", "is_kept"),
    [(1, "abc-DEF_123.4", True), (0, "abc-DEF_123.4", False), (1, "kort", False), (1, "x" * 65, False), (1, "a b<c>d efgh", False)],
)  # fmt: skip
def test_a_request_id_is_believed_from_a_counted_proxy_alone(make, app, proxies, told, is_kept):
    app.config["TRUSTED_PROXIES"] = proxies
    answer = make.browser().get("/inloggen", headers={"X-Request-Id": told})

    assert (answer.headers["X-Request-Id"] == told) is is_kept
    app.config["TRUSTED_PROXIES"] = 0


def test_a_response_for_everybody_bears_no_id_of_one_request(make):
    assert "X-Request-Id" not in make.browser().get("/api/v1/openapi.json").headers


def test_a_refused_request_has_an_id_as_well(make):
    assert make.browser().get("/bestaat-niet").headers["X-Request-Id"]
    assert make.browser().post("/inloggen/wachtwoord", data={}).headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("name", "value"), [("LOG_FORMAT", "xml"), ("LOG_LEVEL", "loud"), ("METRICS_TOKEN", "short")]
)
def test_a_wrong_setting_is_a_sentence(name, value):
    with pytest.raises(Contradiction, match=name):
        settings({**OURS, name: value})


def test_the_same_warning_is_said_once_a_minute_and_then_how_often():
    only = OnceAMinute()

    def passes(seconds, message="weg", **more):
        record = record_of(message, **more)
        record.created = 1_000_000 + seconds
        return record.getMessage() if only.filter(record) else None

    assert [passes(second) for second in range(5)] == ["weg", None, None, None, None]
    assert passes(5, "iets anders") == "iets anders"
    assert passes(61) == "weg (and 4 times since the last time this was said)"
    assert passes(62, failure=raised()) == "weg"  # with a traceback, each is said
    assert passes(125) == "weg"


LOUD = """
import logging, sys
import socketio
from dagvandebuurt.core import logs
{before}
logs.configure({{"LOG_FORMAT": "text", "LOG_LEVEL": "debug"}})
socketio.Server(logger=True, engineio_logger=True, async_mode="threading")
logs.silence_libraries()
for name in ("engineio.server", "socketio.server", "sqlalchemy.engine.Engine", "some.library"):
    logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger(name).info("a packet with %s", "a question of Sjaan")
logging.getLogger("dagvandebuurt.live").debug("our own, without people")
logging.getLogger("engineio.server").warning("a socket closed badly")
"""


def said_with(before=""):
    done = subprocess.run(
        [sys.executable, "-c", LOUD.format(before=before)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stderr


def test_i5_libraries_that_print_what_people_send_are_refused_at_every_level_below_a_warning():
    said = said_with()

    assert "our own, without people" in said
    assert "a socket closed badly" in said
    assert "Sjaan" not in said


def test_i5_a_log_without_that_filter_is_caught():
    assert "Sjaan" in said_with("logs.OnlyOurs.filter = lambda self, record: True")
