"""Key rotation: `SECRET_KEY` changes, and what the earlier key signed stays good while it is listed."""

import re
from uuid import uuid4

import pytest
from flask import session

from config import Contradiction, settings
from dagvandebuurt.moderation import report_link
from dagvandebuurt.people.access import login, trusted_devices

OLD, NEW = "an-old-key-that-only-tests-use-01", "a-new-key-that-only-tests-use-02"


@pytest.fixture
def extra_settings():
    return {"SECRET_KEY": OLD, "WTF_CSRF_ENABLED": True, "WTF_CSRF_SECRET_KEY": [OLD]}


def change_the_key(app, *, listed):
    """Give the app the new key, as a restart would."""
    fallbacks = {"SECRET_KEY_FALLBACKS": OLD} if listed else {}
    chosen = settings({"SECRET_KEY": NEW, "DATA_FOLDER": app.config["DATA_FOLDER"], **fallbacks})
    for name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "WTF_CSRF_SECRET_KEY"):
        app.config[name] = chosen[name]
    app.extensions.pop("cookie_reader", None)


@pytest.mark.parametrize("listed", [True, False])
def test_c12_a_listed_earlier_key_keeps_logins_and_open_forms(app, make, listed):
    browser = make.browser(make.person())
    form = browser.get("/mijn/instellingen")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)[1]

    change_the_key(app, listed=listed)

    assert (browser.get("/mijn/gegevens").status_code == 200) is listed
    answer = browser.post("/uitloggen", data={"csrf_token": token})
    assert (answer.status_code == 303) is listed


@pytest.mark.parametrize("listed", [True, False])
def test_c12_a_listed_earlier_key_keeps_links_live_tokens_and_trusted_devices(app, make, listed):
    person, report = make.person(), uuid4()
    with app.test_request_context():
        path, serializer = report_link.path_to(report), login._serializer()
        live = serializer.dumps("a login")
        trusted_devices.remember(person.id, [])
        marks = session[trusted_devices.MARKS]

    change_the_key(app, listed=listed)

    with app.test_request_context():
        session[trusted_devices.MARKS] = marks
        assert (trusted_devices.known_device(person.id) is not None) is listed
        assert (login._serializer().loads_unsafe(live)[0]) is listed
        token = path.rsplit("/", 1)[1]
        assert (report_link._serializer().loads_unsafe(token)[0]) is listed
        assert report_link.path_to(report) != path  # new ones are signed with the new key


def test_a_fallback_that_is_too_short_does_not_start(tmp_path):
    with pytest.raises(Contradiction, match="SECRET_KEY_FALLBACKS"):
        settings({"SECRET_KEY": NEW, "SECRET_KEY_FALLBACKS": "x", "DATA_FOLDER": str(tmp_path)})
