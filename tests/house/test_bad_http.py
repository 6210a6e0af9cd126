"""Hostile HTTP input (group A): the response is a helpful page, and nothing leaks."""

import json
import random
import re
from urllib.parse import urlencode

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Person
from dagvandebuurt.registration.models import Registration
from tests.house.test_permissions import Knocking, knocking, routes_of  # noqa: F401 - a fixture
from tests.registration.test_doors import edition, form  # noqa: F401 - a fixture

STRANGE = [
    "\x00", "\ud800", "\x0b\x1b[31m", "\u202egnirts", "\ufeff", "A" * 5000, "🏳️‍🌈" * 300, "Z" + "\u0301" * 200,
    "'; DROP TABLE person; --", "{{7*7}}", "%0d%0aSet-Cookie: x=1", "=1+1", "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "-1", "1e9", "٣", "true", "9" * 400,
]  # fmt: skip


def pages(app):
    """Every GET address without parameters."""
    return [path for path, method in routes_of(app) if method == "GET" and "<" not in path]


def filled(path, value):
    return re.sub(r"<[^>]+>", value, path)


def test_a1_an_unknown_method_gets_an_error_page(app, make, edition):  # noqa: F811
    answer = make.browser().delete("/aanmelden")

    assert (answer.status_code, 'href="/"' in answer.text) == (405, True)


def test_a2_oversized_requests_are_refused(make, edition):  # noqa: F811
    answer = make.browser().post("/aanmelden", data=form(neighbourhood="x" * 1_100_000))

    assert answer.status_code == 413
    assert "Traceback" not in answer.text


def test_a3_seventeen_thousand_form_parts_are_refused(make, edition):  # noqa: F811
    part = b'--grens\r\nContent-Disposition: form-data; name="x"\r\n\r\nx\r\n'
    answer = make.browser().post(
        "/aanmelden", data=part * 17_000 + b"--grens--", content_type="multipart/form-data; boundary=grens"
    )

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b"NaN", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}", b'{"a":1,"a":2}'],
)  # fmt: skip
def test_a5_malformed_json_is_refused(make, session, body):
    noor = make.browser(make.identity("Noor"))

    answer = noor.post(f"/sessies/{session.slug}/live/op", data=body, content_type="application/json")

    assert 400 <= answer.status_code < 500


def test_a6_no_field_breaks_on_hostile_characters(app, make, edition):  # noqa: F811
    for strange in STRANGE:
        fields = form(name=f"Noor{strange}", neighbourhood=strange)
        body = urlencode(fields, errors="surrogatepass").encode()
        answer = make.browser().post(
            "/aanmelden", data=body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code in (303, 422), repr(strange)
    with app.app_context():
        for name in db.session.scalars(db.select(Person.name)):
            assert name.isprintable(), repr(name)


def test_a7_malformed_ids_give_404_like_unknown_ids(app, make, knocking):  # noqa: F811
    browser = make.browser(knocking.people["adm"])
    for path, method in routes_of(app):
        if "<uuid:" in path and not path.startswith("/static"):
            for strange in ("-1", "2147483648", "9223372036854775808", "1e9", "٣", "true"):
                answer = browser.open(filled(path, strange), method=method)
                assert answer.status_code == 404, (path, strange)


def test_a8_unknown_form_fields_are_ignored(app, make, edition):  # noqa: F811
    make.browser().post(
        "/aanmelden",
        data=form(role="admin", is_admin="1", confirmed="1", email_confirmed_at="2027-01-01", status="confirmed", user_id="1"),
    )  # fmt: skip

    with app.app_context():
        [person] = db.session.scalars(db.select(Person)).all()
        assert (person.grants, person.email_confirmed_at) == ([], None)
        assert db.session.scalar(db.select(Registration.status)).value == "requested"


def test_a8_mass_assignment_is_caught(app, make, edition, monkeypatch):  # noqa: F811
    from dagvandebuurt.people.rules import new_person
    from dagvandebuurt.registration import rules

    def copy_all(**details):
        from flask import request

        person = new_person(**details)
        for name in request.form:
            if name == "domain" or not hasattr(person, name):
                continue
            if name == "email_confirmed_at":
                person.email_confirmed_at = details["now"]
        return person

    monkeypatch.setattr(rules, "new_person", copy_all)
    with pytest.raises(AssertionError):
        test_a8_unknown_form_fields_are_ignored(app, make, edition)


def test_a9_mail_links_ignore_a_forged_host_header(app, make, edition):  # noqa: F811
    from dagvandebuurt.parts.mail.models import Mail

    make.browser().post("/aanmelden", data=form(), headers={"Host": "localhost:666"})

    with app.app_context():
        assert not any(":666" in mail.text + mail.html for mail in db.session.scalars(db.select(Mail)))


def test_a11_newlines_in_a_name_inject_no_header(app, make, edition):  # noqa: F811
    organiser = make.browser(make.identity("Org\r\nBcc: x@y.example", roles=["organiser"]))
    for path in ("/organisatie/aanmeldingen.csv", "/mijn/programma.ics", "/mijn/gegevens.json"):
        answer = organiser.get(path)
        assert answer.status_code == 200
        assert not any("Bcc" in f"{name}{value}" for name, value in answer.headers)


def test_a16_get_requests_change_nothing(app, make, knocking):  # noqa: F811
    """Every page is requested by an admin: afterwards the database is unchanged."""
    from dagvandebuurt.core.models import Base
    from dagvandebuurt.people.models import SecondFactor

    def everything():
        with app.app_context():
            return {
                table.name: sorted(map(str, db.session.execute(db.select(table))))
                for table in Base.metadata.sorted_tables
                # The page to set up a phone generates a secret.
                if table is not SecondFactor.__table__
            }

    browser = make.browser(knocking.people["adm"])
    before = everything()
    for path in pages(app):
        browser.get(path).close()
    assert everything() == before
    browser.post("/mijn/nodig")  # and a POST does
    browser.post("/taal", data={"taal": "en"})
    assert everything() != before


@pytest.mark.parametrize("cookie", ["x" * 4000, "\x7f\x00", "eyJ.e30.x", "{}", '"', "a=b; c"])
def test_a19_a_tampered_session_cookie_is_anonymous(app, make, edition, cookie):  # noqa: F811
    answer = app.test_client().get(
        "/mijn", headers={"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}"}
    )

    assert answer.status_code in (302, 303, 401)


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../../config.py", "/static/x/%2e%2e/%2e%2e/config.py", "/static/x/..\\config.py",
        "/static/x/css/base.css%00.png", "/static/x/CON", "/debug", "/console", "/.git/config", "/.env",
        "/dagvandebuurt.db", "/config.py.bak",
    ],
)  # fmt: skip
def test_a20_a21_private_paths_are_not_served(make, edition, path):  # noqa: F811
    assert make.browser().get(path).status_code in (400, 404)


# The browser may keep these, and revalidates: 304 where nothing changed. All others it may not keep.
KEPT_PAGES = {"/programma", "/sprekers", "/organisaties"}
# The same for everybody, to be embedded in a page of another site.
FRAMED_PAGES = {"/embed/programma", "/embed/lessen"}


PAGES_WITH_LINKS_TO_LOG_IN = {"/organisatie/repetitie"}


def test_a22_every_page_has_security_headers(app, make, knocking):  # noqa: F811
    browser = make.browser(knocking.people["adm"])
    for path in [*pages(app), "/bestaat-niet"]:
        answer = browser.get(path)
        if answer.content_type.startswith("text/html"):
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy, path
            framed_by = "*" if path in FRAMED_PAGES else "'none'"
            assert f"frame-ancestors {framed_by};" in policy, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            referrer = "no-referrer" if path in PAGES_WITH_LINKS_TO_LOG_IN else "same-origin"
            assert answer.headers["Referrer-Policy"] == referrer, path
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            cache = "private, no-cache" if path in KEPT_PAGES else "private, no-store"
            cache = "public, max-age=60" if path in FRAMED_PAGES else cache
            cache = "no-store" if path in PAGES_WITH_LINKS_TO_LOG_IN else cache
            assert answer.headers["Cache-Control"] == cache, path
        answer.close()


def test_a24_user_input_is_escaped_on_every_page(app, make, knocking):  # noqa: F811
    """Names and texts with markup in them, on each page of each role: never markup."""
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    with app.app_context():
        for person in db.session.scalars(db.select(Person)):
            person.name = bad
        db.session.commit()
    seen = 0
    for who in ("par", "org", "adm"):
        browser = make.browser(knocking.people[who])
        for path in pages(app):
            answer = browser.get(path)
            if answer.content_type.startswith("text/html"):
                assert "<script>alert" not in answer.text, path
                assert "<img src=x" not in answer.text, path
                seen += "&lt;script&gt;alert" in answer.text
            answer.close()
    assert seen >= 3  # it was shown, as text


def test_a_thousand_fuzzed_requests_cause_no_server_error(app, make, knocking):  # noqa: F811
    """The promise of group A, small: no request gives a 5xx or shows a trace. `make chaos` sends 10,000."""
    import os

    dice = random.Random(4)
    routes = routes_of(app)
    browsers = [make.browser(), *(make.browser(knocking.people[who]) for who in ("gue", "par", "org", "adm"))]
    for _ in range(int(os.environ.get("DVB_REQUESTS", "600"))):
        path, method = dice.choice(routes)
        if path.startswith(("/static", "/uitloggen", "/mijn/gegevens/wissen")):
            continue
        known = {"slug": knocking.here.slug, "token": "x"}
        address = re.sub(
            r"<(?:[^:>]+:)?(\w+)>",
            lambda blank, known=known: known.get(blank[1], dice.choice(["x", "00000000-0000-4000-8000-000000000000"])),
            path,
        )  # fmt: skip
        fields = {
            dice.choice(["name", "email", "text", "code", "role", "kind", "day", "starts", "op", "id", "to", "verder", "nodig", "label"]): dice.choice(STRANGE)
            for _ in range(dice.randint(0, 5))
        }  # fmt: skip
        how = {"query_string": {k: v.encode("utf-8", "replace") for k, v in fields.items()}}
        if method == "POST":
            how = dice.choice([{"data": {k: v.encode("utf-8", "replace") for k, v in fields.items()}}, {"data": json.dumps(fields), "content_type": "application/json"}])  # fmt: skip
        answer = dice.choice(browsers).open(address, method=method, **how)
        assert answer.status_code < 500 or path in ("/readyz",), (method, address, fields)
        if answer.content_type.startswith("text/html"):
            assert "Traceback" not in answer.text
        answer.close()


def test_the_registration_page_is_light_on_a_first_view(app, make, edition):  # noqa: F811
    """Everything a browser fetches for it besides the two fonts, not even compressed: under 60 KB."""
    browser = make.browser()
    page = browser.get("/aanmelden")
    linked = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    assert len(linked) > 5
    weight = len(page.data)
    for address in linked:
        if not address.endswith(".woff2"):
            answer = browser.get(address)
            weight += len(answer.data)
            answer.close()

    assert weight < 60_000
