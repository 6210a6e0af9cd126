"""Registration and login: old phone, without e-mail, waiting list; and logout without traces."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.browser.pages import come_in_as, violations, wrong_markup
from tests.browser.test_walk import ROOM, Person

pytestmark = pytest.mark.browser
PHONE, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def open_mail(person, subject):
    """Open the newest mail with this subject in the demo's mailbox, and press its button."""
    person.go("/dev/mail").get_by_role("link", name=subject).first.click()
    person.page.locator("a[href*='/link/']").first.click()
    return person.page


def test_resident_registers_chooses_sessions_and_recovers_a_lost_link(browser, demo_house, kept):
    annie = Person(browser, demo_house, kept, viewport=PHONE)
    page = annie.go("/aanmelden")
    page.get_by_label("Hoe mogen we je noemen?").fill("Annie")
    page.get_by_label("E-mailadres").fill("annie@buurt.example")
    page.get_by_label("Bewoner", exact=True).check()
    page.get_by_text("Heb je iets nodig om mee te kunnen doen?").click()
    page.get_by_label("Ondertiteling of een schrijftolk").check()
    page.get_by_label("Ik houd me aan de spelregels").check()
    page.get_by_label("Ik heb gelezen").check()
    page.get_by_role("button", name="Meld mij aan").click()
    page.get_by_text("Zet ook het vinkje dat we dit mogen bewaren").first.wait_for()
    assert violations(page) == []
    assert page.get_by_label("Hoe mogen we je noemen?").input_value() == "Annie"  # nothing typed is lost
    page.get_by_label("Jullie mogen dit bewaren").check()
    page.get_by_role("button", name="Meld mij aan").click()
    page.get_by_role("heading", name="Nog één stap").wait_for()

    page = open_mail(annie, "Bevestig je aanmelding, dan is je plek zeker")
    page.get_by_role("button", name="Ja, dat ben ik").click()
    page.get_by_text("Je plek op de dag is zeker.").wait_for()
    for slug in ("buurtbudget", "studio-buurt"):
        annie.go(f"/sessies/{slug}").get_by_role("button", name="Zet in mijn programma").click()
        page.get_by_role("button", name="Haal uit mijn programma").wait_for()
    page = annie.go("/mijn")
    assert page.locator("#programma .session").count() == 2
    annie.check("mine")
    page.get_by_role("button", name="Log uit").click()
    page.get_by_text("Je bent uitgelogd.").first.wait_for()

    page = annie.go("/inloggen")
    page.get_by_label("E-mailadres").first.fill("ANNIE@buurt.example")
    page.get_by_role("button", name="Stuur mij een link").click()
    page = open_mail(annie, "Jouw link naar Dag van de Buurt")
    page.get_by_role("button").filter(has_text=re.compile("binnen|dat ben ik")).first.click()
    page.wait_for_url("**/mijn")
    assert page.locator("#programma .session").count() == 2
    assert wrong_markup(list(kept.glob("*.html"))) == []
    assert annie.complaints == []


def test_helper_registers_residents_who_log_in_by_card_and_number(browser, demo_house, kept):
    bart = Person(browser, demo_house, kept, viewport=WIDE)
    bart.demo_login("Bart Overdijk")
    page = bart.go("/mijn/anderen")
    page.get_by_label("Wie meld je aan?").fill("Toos\nHamid\nOma Jo")
    page.get_by_label("Ik heb het gevraagd").check()
    bart.check("others")
    page.get_by_role("button", name="Meld hen aan").click()
    page.get_by_role("link", name="Oma Jo").wait_for()
    page.get_by_role("link", name="Hamid").click()
    number = page.locator("strong.number").inner_text()
    bart.check("other")
    page = bart.go("/mijn/anderen/kaarten")
    assert page.locator(".entry-card svg").count() == 3
    bart.check("cards")

    hamid = Person(browser, demo_house, kept, viewport=PHONE)
    page = hamid.go("/inloggen")
    page.get_by_role("link", name="Kom daarmee binnen").click()
    page.get_by_label("Jouw nummer").fill(number)
    hamid.check("code")
    page.get_by_role("button", name="Ga naar binnen").click()
    page.get_by_role("heading", name="Dag Hamid").wait_for()
    assert wrong_markup(list(kept.glob("*.html"))) == []
    assert bart.complaints + hamid.complaints == []


def test_free_place_is_offered_to_the_waiting_list(browser, served, kept):
    slug = "werk-om-de-hoek"
    organiser = Person(browser, served, kept, viewport=WIDE)
    organiser.demo_login("Roos Wildervank")
    page = organiser.go(f"/organisatie/sessies/{slug}")
    page.get_by_label("Dag", exact=True).fill(f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}")
    page.get_by_label("Begin").fill("15:00")
    page.get_by_label("Einde").fill("16:00")
    organiser.check("arrange")
    page.get_by_role("button", name="Verzet de sessie").click()
    page.get_by_text("De sessie is verzet").first.wait_for()
    taken = int(re.search(r"(\d+) plek(ken zijn| is) gekozen", page.inner_text("main"))[1])
    page.get_by_role("spinbutton", name="Plekken").fill(str(taken + 1))
    page.get_by_role("button", name="Bewaar het aantal").click()
    page.get_by_text("Wie wachtte, hoort het").first.wait_for()

    first, second = (Person(browser, served, kept, viewport=PHONE) for _ in range(2))
    first.demo_login("Ellen Bosvelt")
    second.demo_login("Mila Roovers")
    first.go(f"/sessies/{slug}").get_by_role("button", name="Zet in mijn programma").click()
    second.go(f"/sessies/{slug}").get_by_role("button", name="Zet in mijn programma").click()
    second.page.get_by_text("Je staat op de wachtlijst").first.wait_for()
    first.page.get_by_role("button", name="Haal uit mijn programma").click()
    first.page.get_by_role("button", name="Zet in mijn programma").wait_for()

    page = second.go("/mijn")
    page.get_by_text("Er is een plek voor je vrij").first.wait_for()
    second.check("offered")
    page.get_by_role("button", name="Ja, ik neem deze plek").click()
    page.get_by_text("Deze sessie staat in je programma.").first.wait_for()
    second.go("/dev/mail").get_by_role("link", name="Er is een plek voor je vrij").first.wait_for()
    assert wrong_markup(list(kept.glob("*.html"))) == []
    assert organiser.complaints + first.complaints + second.complaints == []


def test_account_is_exported_and_deleted(browser, served, kept):
    joop = Person(browser, served, kept, viewport=PHONE)
    page = joop.go("/aanmelden")
    page.get_by_label("Hoe mogen we je noemen?").fill("Joop de Kanarie")
    page.get_by_label("E-mailadres").fill("joop@buurt.example")
    page.get_by_label("Bewoner", exact=True).check()
    page.get_by_label("Ik houd me aan de spelregels").check()
    page.get_by_label("Ik heb gelezen").check()
    page.get_by_role("button", name="Meld mij aan").click()
    page = open_mail(joop, "Bevestig je aanmelding, dan is je plek zeker")
    page.get_by_role("button", name="Ja, dat ben ik").click()
    page.wait_for_url("**/mijn")
    page.goto("/mijn/instellingen/gegevens")
    page.get_by_role("link", name="Naar mijn gegevens").click()
    joop.check("my_data")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download al mijn gegevens").click()
    mine = json.loads(Path(download.value.path()).read_text())
    assert mine["person"][0]["email"] == "joop@buurt.example"
    assert mine["registration"][0]["status"] == "confirmed"

    page.get_by_label("Ik weet het zeker").check()
    page.get_by_role("button", name="Wis mijn gegevens").click()
    page.get_by_role("heading", name="Je gegevens zijn gewist").wait_for()
    assert violations(page) == []
    page = joop.go("/inloggen")
    page.get_by_label("E-mailadres").first.fill("joop@buurt.example")
    page.get_by_role("button", name="Stuur mij een link").click()
    assert joop.go("/dev/mail").get_by_text("joop@buurt.example").count() == 0
    assert wrong_markup(list(kept.glob("*.html"))) == []


def test_cross_site_post_does_not_log_out(browser, served, kept):
    """CSRF in a real browser: a top-level cross-site POST, without the cookie (SameSite=Lax)."""
    piet = Person(browser, served, kept, viewport=PHONE)
    page = piet.go("/inloggen")
    come_in_as(page, "Ellen Bosvelt")
    page.wait_for_url("**/mijn")
    before = page.context.cookies(served.url)

    page.route(
        "https://evil.example/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{served.url}/uitloggen"><button>Win</button></form>',
        ),
    )
    page.goto("https://evil.example/")
    page.get_by_role("button", name="Win").click()
    page.get_by_text("vanaf een andere site").wait_for()

    assert page.context.cookies(served.url) == before
    piet.go("/mijn").get_by_role("button", name="Log uit").wait_for()


def test_logout_in_another_tab_clears_storage_and_stops_sending(browser, served, kept):
    """Unsent text stays in no storage of a shared device, and nothing is sent by itself."""
    bart = Person(browser, served, kept, viewport=WIDE)
    bart.demo_login("Bart Overdijk")
    page = bart.go(f"{ROOM}/live")
    page.locator("[data-script=ready]").wait_for()
    page.get_by_label("Schrijf hier je vraag, idee of signaal").fill("Half getypt.")
    other = bart.context.new_page()
    other.goto(f"{served.url}/mijn")
    other.get_by_role("button", name="Log uit").click()
    other.get_by_text("Je bent uitgelogd.").first.wait_for()

    # An open socket hears of it within seconds; what is sent before that still counts as theirs.
    page.get_by_text("Je bent uitgelogd.").locator("visible=true").first.wait_for(timeout=15000)

    page.get_by_role("button", name="Stuur mijn vraag").click()
    said = page.get_by_text("Dit is niet verstuurd.").locator("visible=true")
    said.first.wait_for(timeout=20000)

    assert page.get_by_text("We sturen het vanzelf").locator("visible=true").count() == 0
    kept_here = """async () => {
      const open = indexedDB.open("dagvandebuurt", 1);
      const base = await new Promise((done) => { open.onsuccess = () => done(open.result); open.onerror = () => done(null); });
      if (!base || !base.objectStoreNames.contains("outbox")) return 0;
      return await new Promise((done) => { const all = base.transaction("outbox").objectStore("outbox").count(); all.onsuccess = () => done(all.result); });
    }"""
    fresh = bart.context.new_page()
    fresh.goto(f"{served.url}/over")
    assert fresh.evaluate(kept_here) <= 1  # what was pressed after logging out alone, to be asked about
