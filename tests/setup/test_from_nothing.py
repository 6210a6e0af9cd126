"""Everything that organisers prepare, on what `dagvandebuurt setup` makes and nothing else: no demo, another name,
no mail server, pictures in a folder of their own, and a second edition afterwards."""

import html
import io
import re
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import select

from dagvandebuurt import cli
from dagvandebuurt.core.db import db
from dagvandebuurt.hosting.models import ShowPart
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.settings import known_settings, load_installed
from tests.branding.test_look import typed as look_of
from tests.branding.test_words import typed as words_of
from tests.houses import house
from tests.programme.pages import decide, send
from tests.setup.test_begin_in_browser import prove

NAME = "Buurtdag Rivierenwijk"
OLD = re.compile(r"dag.van.de.buurt|28 januari 2021|1\.600|hallo@dagvandebuurt", re.IGNORECASE)
DESK = "/organisatie/programma"
# Not of the event: the mailbox of the demo, the style guide, metrics, and what ends a login.
NOT_WALKED = {"/dev/mail", "/stijl", "/metrics", "/uitloggen", "/healthz", "/readyz", "/tijd"}


def picture():
    file = io.BytesIO()
    Image.new("RGB", (640, 640), (160, 58, 44)).save(file, "PNG")
    return io.BytesIO(file.getvalue()), "beeld.png"


def words(page):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """An installation with its first administrator and a day with one session, open for visitors."""
    folder = tmp_path_factory.mktemp("een lege machine")
    with pytest.MonkeyPatch.context() as patch:
        for name in (*known_settings(), "DVB_ENV"):
            patch.delenv(name, raising=False)
        patch.chdir(folder)
        done = CliRunner().invoke(cli.main, ["setup", "--no-input", "--browser"])
        assert done.exit_code == 0, done.output
        code = re.search(r"^\w{4}-\w{4}-\w{4}$", done.output, re.M)[0]
        settings = load_installed({"FILES_URL": f"file://{folder}/beelden"})
    with house(settings | {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False}) as app:
        anna = app.test_client()
        day = date.today() + timedelta(days=30)
        begun = send(
            anna, anna.get("/begin"), "/begin", code=code, name="Anna", email="anna@buurt.example",
            title=NAME, day=day.isoformat(), starts="13:00", ends="17:00",
        )  # fmt: skip
        assert begun.status_code == 303, words(begun)
        prove(anna, anna.get("/mijn/beveiliging"))
        made = SimpleNamespace(app=app, anna=anna, visitor=app.test_client, folder=folder, day=day)
        prepare(made)
        yield made


def prepare(site):
    """Name the event, plan a session with a speaker, publish it, and open the day."""
    anna = site.anna
    look = anna.post("/organisatie/uiterlijk", data=look_of(anna, name=NAME))
    assert look.status_code == 303, words(look)
    with site.app.app_context():
        site.edition = db.session.scalars(select(Edition)).one()
        db.session.expunge_all()
    part = {"label": "Middag", "code": "m", "day": site.day.isoformat(), "starts": "13:00", "ends": "17:00"}
    for address, typed in (
        (f"dag/{site.edition.id}", {"intro": "Kom kijken.", "contact_email": "dag@buurt.example"}),
        ("ronden/nieuw", part),
        ("sessies/nieuw", {"title": "Samen groen", "summary": "Over tegels.", "new_speaker": "Sara Okafor"}),
        ("publiceren", {"note": "Dit is het programma."}),
    ):
        page = anna.get(f"{DESK}/{address}")
        done = send(anna, page, "publiceren" if address == "publiceren" else "data-edit", **typed)
        assert done.status_code == 303, words(done)
    assert decide(anna, site.edition, "openen").status_code == 303
    page = site.visitor().get("/programma").get_data(as_text=True)
    site.slug = re.search(r'href="/sessies/([\w-]+)"', page)[1]
    site.speaker = re.search(r'href="/sprekers/([\w-]+)"', site.visitor().get("/sprekers").text)[1]


def test_partner_and_photo_are_shown_from_the_store_that_was_set(site):
    partner = {"name": "Wijkfonds", "url": "https://wijkfonds.example", "alt": "Brug", "picture": picture()}
    assert site.anna.post("/organisatie/partners", data=partner).status_code == 303
    photo = {"alt": "Lachend", "agrees": "y", "op": uuid4().hex, "picture": picture()}
    assert site.anna.post(f"/sprekers/{site.speaker}/foto", data=photo).status_code == 303

    front = site.visitor().get("/").text
    address = re.search(r'src="(/beeld/[0-9a-f]{32}\.webp)"\s+alt="Brug"', front)[1]
    assert (site.folder / "beelden" / address.removeprefix("/beeld/")).exists()
    assert site.visitor().get(address).content_type == "image/webp"
    face = re.search(r'src="(/foto/[0-9a-f-]{36}\.webp)"', site.visitor().get("/sprekers").text)
    assert site.visitor().get(face[1]).content_type == "image/webp"


def test_own_entries_of_lists_are_chosen_and_read(site):
    form = words_of(site.anna)
    own = {"participant_role/own_1/nl": "Straatcoach", "session_kind/own_1/nl": "Wandeling"}
    shown = {name.rpartition("/")[0] + "/toon": "ja" for name in own}
    assert site.anna.post("/organisatie/woorden", data=form | own | shown).status_code == 303

    assert "Wandeling" in site.anna.get(f"{DESK}/sessies/nieuw").text
    assert "Straatcoach" in site.anna.get("/organisatie/woorden").text


def test_the_run_of_show_is_planned_by_form(site):
    address = f"/sessies/{site.slug}/draaiboek"
    for kind, minutes in (("welcome", 5), ("talk", 20)):
        page = site.anna.get(address)
        assert page.status_code == 200, words(page)
        fields = {"part": str(uuid4()), "kind": kind, "minutes": str(minutes), "title": "", "speaker": ""}
        seen = re.search(r'name="seen" value="(\d*)"', page.text)[1]
        assert site.anna.post(address, data=fields | {"seen": seen, "op": uuid4().hex}).status_code == 303

    assert "Samen 25 minuten." in words(site.anna.get(address))
    with site.app.app_context():
        assert len(db.session.scalars(select(ShowPart)).all()) == 2


def test_a_checklist_is_ticked_and_a_speaker_tries_the_technique(site):
    ticked = site.anna.post(
        f"/mijn/lijst/{site.edition.slug}/vink/organiser-divide", data={"klaar": "ja", "op": uuid4().hex}
    )
    assert ticked.status_code == 303
    assert "Anna" in words(site.anna.get("/mijn/lijst"))
    proofs = site.anna.get("/proeven")
    link = re.search(r'value="[^"]*(/proef/[^"]+)"', proofs.text)[1]
    said = site.visitor().post(link, data={"outcome": "works", "note": "", "op": uuid4().hex})

    assert said.status_code == 303
    assert "Het werkt bij 1 van 1." in words(site.anna.get("/proeven"))


def test_a_broadcast_stands_on_every_page_until_it_is_withdrawn(site):
    said = {"text": "De opening begint later.", "text_en": "", "where": "everybody", "lasts": "30"}
    assert site.anna.post("/organisatie/omroep", data=said).status_code == 303
    assert "De opening begint later." in site.visitor().get(f"/sessies/{site.slug}").text

    away = re.search(
        r'action="(/organisatie/omroep/[0-9a-f-]+/weg)"', site.anna.get("/organisatie/omroep").text
    )
    site.anna.post(away[1], data={"op": uuid4().hex})

    assert "De opening begint later." not in site.visitor().get("/").text


def test_a_rehearsal_is_offered_on_this_very_machine(site):
    page = words(site.anna.get("/organisatie/repetitie"))

    assert "Begin de repetitie" in page
    assert NAME in page


def test_without_mail_a_visitor_comes_in_and_nobody_is_promised_a_mail_that_never_comes(site):
    browser = site.visitor()
    page = browser.get("/aanmelden")
    assert "mail" in words(page).lower()
    with site.app.app_context():
        before = len(db.session.scalars(select(Mail)).all())
    invited = site.anna.post(
        "/organisatie/rollen", data={"email": "bea@buurt.example", "role": "moderator", "op": uuid4().hex}
    )
    assert invited.status_code == 303
    with site.app.app_context():
        assert len(db.session.scalars(select(Mail)).all()) == before + 1
    assert "Er is geen mailserver" in words(site.anna.get("/organisatie/post"))


def test_no_page_fails_or_says_another_name(site):
    addresses = sorted(
        rule.rule
        for rule in site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule not in NOT_WALKED
    )
    here = f"/sessies/{site.slug}"
    found = {}
    for browser in (site.anna, site.visitor()):
        for address in (*addresses, here, f"{here}/live", f"{here}/regie", f"{here}/draaiboek", "/weg"):
            answer = browser.get(address)
            said = answer.get_data()
            answer.close()
            if answer.status_code >= 500:
                found[address] = answer.status_code
            elif answer.mimetype.startswith("text/") and (old := OLD.search(said.decode())):
                found[address] = old[0]

    assert found == {}


def test_the_next_edition_begins_anew_and_the_first_stays_readable(site):
    made = send(
        site.anna, site.anna.get(f"{DESK}/edities"), "edities", title="Buurtdag volgend jaar",
        day=(site.day + timedelta(days=365)).isoformat(),
    )  # fmt: skip
    assert made.status_code == 303, words(made)
    with site.app.app_context():
        later = db.session.scalars(select(Edition).where(Edition.title == "Buurtdag volgend jaar")).one()
        assert later.id != site.edition.id

    assert "Middag" in words(site.anna.get(f"{DESK}/ronden"))  # taken over
    assert "Samen groen" not in words(site.anna.get(DESK))
    assert "Samen groen" in words(site.visitor().get("/programma"))  # the public sees the first one still
    assert words(site.anna.get("/organisatie/omroep"))
    assert site.anna.get("/proeven").status_code == 200
    assert site.anna.get("/organisatie/repetitie").status_code == 200
