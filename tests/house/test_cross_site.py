"""CSRF: another site can make a browser send a form. It changes nothing, and it logs nobody out."""

import re

import pytest

from dagvandebuurt.core import security
from tests.house.test_permissions import routes_of

EVIL = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
OLD_BROWSER = {"Origin": "https://evil.example"}
NO_WORD = {}


@pytest.fixture
def protected(app, make):
    make.edition()
    app.config["WTF_CSRF_ENABLED"] = True
    return app


def addresses(app):
    """Every route that changes something, and two that do not exist."""
    for path, method in routes_of(app):
        if method == "POST":
            yield re.sub(r"<uuid:[^>]+>", "00000000-0000-4000-8000-000000000000",
                         re.sub(r"<int:[^>]+>", "1", path)).replace("<", "").replace(">", "")  # fmt: skip
    yield from ("/bestaat-niet", "/programma")


@pytest.mark.parametrize("headers", [EVIL, OLD_BROWSER, NO_WORD], ids=["today", "old browser", "no word"])
def test_no_refused_request_sets_a_cookie_on_any_route_that_changes_something(protected, make, headers):
    """Cross-site, SameSite=Lax: the browser sends no cookie along and would keep the new one."""
    asked = 0
    for address in addresses(protected):
        answer = make.browser().post(address, data={"text": "x", "name": "x"}, headers=headers)
        if answer.status_code >= 400:
            asked += 1
            assert "Set-Cookie" not in answer.headers, address
        answer.close()
    assert asked > 150


def test_a_server_that_sets_one_is_caught(protected, make, monkeypatch):
    """The sabotaged twin: without the protection the refusal replaces the session."""
    monkeypatch.setattr(security, "_is_cross_site_post", lambda _status: False)

    assert "Set-Cookie" in make.browser().post("/uitloggen", headers=EVIL).headers


def test_a_cross_site_form_gets_no_resubmit_button(protected, make):
    """Self-submission: what another site typed is not put in a form that one press would send."""
    noor = make.browser(make.person("Noor"))

    answer = noor.post("/gast", data={"name": "Stomme Eikel"}, headers=EVIL)

    assert answer.status_code == 403
    assert "Stomme Eikel" not in answer.text
    assert "vanaf een andere site" in answer.text


def test_a_form_with_an_expired_session_can_be_resubmitted(protected, make):
    browser = make.browser()
    here = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

    refused = browser.post(
        "/inloggen", data={"email": "noor@buurt.example", "csrf_token": "oud"}, headers=here
    )
    token = re.search(r'name="csrf_token" value="([^"]+)"', refused.text)[1]
    again = browser.post("/inloggen", data={"email": "noor@buurt.example", "csrf_token": token}, headers=here)

    assert (refused.status_code, again.status_code) == (403, 200)
