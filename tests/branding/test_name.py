"""The name of the event: what organisers call it is what every page, mail and file says, and nothing else."""

import html
import io
import json
import re
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from pypdf import PdfReader
from sqlalchemy.exc import OperationalError

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail import compose, rules, sender, transports
from dagvandebuurt.people.access import second_factor
from dagvandebuurt.people.models import Person
from tests.branding.conftest import NAME, SHORT

ROOT = Path(__file__).parents[2]
OLD = re.compile(r"dag.van.de.buurt|28 januari 2021|1\.600|hallo@dagvandebuurt", re.IGNORECASE)
# Not pages of the event: the style guide and the mailbox of the demo, metrics, and what ends a login.
NOT_WALKED = {"/dev/mail", "/stijl", "/metrics", "/uitloggen", "/healthz", "/readyz", "/tijd"}


@pytest.fixture
def extra_settings():
    return {"MAIL_FROM": "post@rivierenwijk.example"}


@pytest.fixture
def day(make, now):
    """A session that is live, of an edition with a title of its own."""
    edition = make.edition(
        title="Zomer in de wijk", tagline="", intro="Kom ook.", promise="Wij antwoorden.",
        contact_email="", starts_at=now - timedelta(hours=1), expected_participants=200,
    )  # fmt: skip
    start = now - timedelta(minutes=15)
    return make.session(round=make.round(edition, starts_at=start), starts_at=start)


def walk(app, browser, session):
    """`(address, answer)` of every page without arguments, and those of a session."""
    plain = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule not in NOT_WALKED
    }
    here = f"/sessies/{session.slug}"
    for address in sorted(plain | {here, f"{here}.ics", f"{here}/live", "/programma/2027", "/bestaat-niet"}):
        answer = browser.get(address)
        if answer.status_code in (200, 404):
            yield address, answer
        answer.close()


def said(answer):
    """All that an answer says, as somebody reads it."""
    headers = " ".join(f"{name}: {value}" for name, value in answer.headers if name != "Set-Cookie")
    return html.unescape(f"{answer.text} {unquote(headers)}")


def read(app, browser, session):
    """What each page of text says. A workbook is no text."""
    return {
        address: said(answer)
        for address, answer in walk(app, browser, session)
        if answer.mimetype.startswith(("text/", "application/json", "application/atom", "application/open"))
    }


@pytest.mark.parametrize("role", ["stranger", "admin"])
def test_every_page_says_the_name_and_none_the_old_one(app, make, day, call_it, role):
    call_it(contact_email="post@rivierenwijk.example")
    browser = make.browser(None if role == "stranger" else make.person("Bea", roles=["admin"]))

    found = read(app, browser, day)
    pages = {address: text for address, text in found.items() if "<title>" in text and "<!doctype" in text}

    assert len(pages) > (20 if role == "stranger" else 40)
    assert {address for address, text in found.items() if OLD.search(text)} == set()
    assert {a for a, text in pages.items() if not re.search(rf"<title>[^<]*{NAME}</title>", text)} == set()
    shared = 'property="og:title"'
    assert {a for a, text in pages.items() if shared in text and f'{NAME}">' not in text} == set()


def test_the_search_finds_an_old_name_that_is_there(app, make, day, call_it):
    """A twin: the event is called what every page used to say."""
    call_it(name="Dag van de Buurt", short_name="")

    found = read(app, make.browser(), day)

    pages = {address for address, text in found.items() if "<title>" in text and "<!doctype" in text}
    assert len(pages) > 20
    assert {address for address in pages if not OLD.search(found[address])} == set()


def test_no_source_says_the_name_or_a_fact_of_one_event():
    sources = [
        path
        for folder in ("templates", "dagvandebuurt", "static/js", "static/css")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".html", ".txt", ".xml", ".typ", ".py", ".js", ".css", ".po"}
    ]
    assert len(sources) > 700

    saying = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"dag van de buurt|28 januari 2021|1\.600", line, re.IGNORECASE)
    }

    assert saying == set()


def test_without_a_name_it_is_called_as_its_edition_and_without_one_in_general(app, make):
    assert "<title>Welkom · Buurtdag</title>" in make.browser().get("/").text
    make.edition(title="Buurtdag Kanaleneiland", tagline="")
    app.extensions.pop("brand")

    assert "· Buurtdag Kanaleneiland</title>" in make.browser().get("/").text


def test_in_english_it_has_its_own_name(make, day, call_it):
    call_it(name_en="Rivers Fair")
    browser = make.browser()
    browser.post("/taal", data={"taal": "en"})

    assert "· Rivers Fair</title>" in browser.get("/over").text
    assert f"· {NAME}</title>" in make.browser().get("/over").text


VALUES = {
    "path": "/link/abc", "whose": "N…", "has_form": True, "text": "Wanneer?", "answer": "Morgen.", "by": "Wij",
    "said": "Je bijdrage staat er.", "label": "", "reason": "Daarom.", "note": "Dag.", "subject": "Nieuws",
    "role": "moderator", "about": "Kom.", "title": "De haag", "lines": ["Een regel."], "button": "Kijk",
    "is_theirs": True, "until": None, "begins": None, "edition": SimpleNamespace(title="Zomerdag"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_kind_of_mail_is_signed_by_it(app, inside, call_it, now, language):
    call_it(name="Feest & Buurt")
    kinds = sorted(path.name for path in (ROOT / "templates" / "email").iterdir() if path.is_dir())
    assert len(kinds) >= 10
    say_it = set()

    for kind in kinds:
        letter = compose.write(
            kind, to="noor@buurt.example", to_name="Noor", language=language, **VALUES | {"begins": now}
        )
        assert (SHORT in letter.text, SHORT in letter.html) == (True, True), kind
        assert not OLD.search(letter.subject + letter.text + letter.html), kind
        assert "&amp;" not in letter.subject + letter.text, kind
        if "Feest & Buurt" in letter.subject + letter.text:
            say_it.add(kind)

    assert say_it >= {"confirm", "invited", "login"}


class Wire:
    """A transport that keeps what it is given."""

    is_open = False

    def __init__(self):
        self.sent = []

    def send(self, _sender, _to, message):
        self.sent.append(message)

    def close(self):
        pass


def sent_by(app, now, monkeypatch):
    """The sender that the recipient of a mail sees."""
    wire = Wire()
    for module in (sender, transports):
        monkeypatch.setattr(module, "transport_of", lambda _settings: wire)
    with app.app_context():
        letter = compose.write("note", to="noor@buurt.example", to_name="Noor", language="nl", **VALUES)
        with transaction():
            rules.post(letter, dedupe_key="once", now=now)
    assert sender.send_due(app) == 1
    return str(make_header(decode_header(message_from_bytes(wire.sent[0])["From"])))


def test_a_mail_comes_from_it(app, call_it, now, monkeypatch):
    call_it()

    assert sent_by(app, now, monkeypatch) == f'"{SHORT}" <post@rivierenwijk.example>'


def test_until_it_has_a_name_the_servers_own_sender_goes(app, now, monkeypatch):
    app.config["MAIL_FROM"] = "Wijkbureau <post@wijk.example>"

    assert sent_by(app, now, monkeypatch) == '"Wijkbureau" <post@wijk.example>'


def test_a_certificate_says_it(app, make, day, call_it, monkeypatch):
    call_it(accent="#5b2a86")
    person = make.person("Noor Bakker")
    make.store(
        Visit(session_id=day.id, person_id=person.id, first_seen_at=day.starts_at, last_seen_at=day.ends_at)
    )
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: day.ends_at)
    hers = make.browser(person)
    page = hers.post("/mijn/bewijs", follow_redirects=True).text
    answer = hers.get(re.search(r"/mijn/bewijs/[0-9a-f-]+\.pdf", page)[0])

    pdf = PdfReader(io.BytesIO(answer.data))
    text = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())

    assert NAME in text
    assert "deelnam aan Zomer in de wijk" in text
    assert pdf.metadata.author == NAME
    assert not OLD.search(text + str(pdf.metadata))


def test_calendars_feeds_the_search_and_the_api_say_it(make, day, call_it):
    call_it()
    browser = make.browser()

    for address, what in {
        "/programma.ics": f"X-WR-CALNAME:{NAME}",
        "/lessen.atom": f"<title>Lessen van {NAME}</title>",
        "/agenda.atom": f"<title>Actiepunten van {NAME}</title>",
        "/opensearch.xml": f"<ShortName>{SHORT}</ShortName>",
        "/embed/programma": f"{NAME}</title>",
    }.items():
        assert what in browser.get(address).text.replace("\r\n ", ""), address
    assert f"CN={SHORT}:mailto" in browser.get(f"/sessies/{day.slug}.ics").text.replace("\r\n ", "")
    assert json.loads(browser.get("/api/v1/openapi.json").text)["info"]["title"] == NAME


def test_a_new_name_replaces_cached_pages_and_files_at_once(make, day, call_it):
    call_it()
    browser = make.browser()
    before = [browser.get(address) for address in ("/programma", "/programma.ics", "/api/v1/openapi.json")]
    call_it(name="Winterfeest")

    for first in before:
        address, etag = first.request.path, first.headers["ETag"]
        again = browser.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, "Winterfeest" in again.text, NAME in again.text) == (200, True, False)


def test_a_phone_shows_it_beside_its_codes(make, call_it, inside):
    call_it(name="Feest: Rivierenwijk")
    person = db.session.get(Person, make.person("Noor").id)
    with transaction():
        address = second_factor.address_of(second_factor.begin(person.id), person)

    assert "issuer=Feest%20%20Rivierenwijk" in address
    assert not OLD.search(unquote(address))


def test_nobody_can_be_called_like_it(make, call_it):
    call_it()

    for typed in ("Buurtfeest Rivierenwijk", "rivierenfeest", "Team Buurtfeest Rivierenwijk"):
        assert "lijkt op" in make.browser().post("/gast", data={"name": typed}).text, typed


def test_while_the_database_is_away_the_page_still_has_a_name(app, make, day, call_it, monkeypatch):
    call_it()
    assert NAME in make.browser().get("/over").text
    monkeypatch.setattr("dagvandebuurt.parts.branding.queries.FRESH_SECONDS", -1)
    monkeypatch.setattr("dagvandebuurt.parts.branding.queries.newest", _away)

    assert NAME in make.browser().get("/over").text


def _away():
    raise OperationalError("SELECT", {}, Exception("away"))
