"""Congress question to learning question, gap and offer, with news to its asker."""

import pytest

from tests.browser.pages import sticks_out, violations, wrong_markup
from tests.browser.test_hour import ask, card, enter
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser
ASKED = "Hoe leer ik een vergadering leiden zonder ruzie?"
OFFER = "Vergaderen met rust"


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def keep(person, name):
    """Collect the markup without scripts, as axe needs them."""
    (person.kept / f"{name}.html").write_text(person.page.content())


def test_congress_question_to_filled_gap_in_the_browser(browser, demo_house, kept):
    phone, wide = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
    ellen = Person(browser, demo_house, kept, viewport=phone)
    tariq = Person(browser, demo_house, kept, viewport=phone)
    naima, jolien = (Person(browser, demo_house, kept, viewport=wide) for _ in range(2))
    bart = Person(browser, demo_house, kept, viewport=phone, java_script_enabled=False)
    for person, name in (
        (ellen, "Ellen Bosvelt"), (tariq, "Tariq Vinke"), (naima, "Naima Geertsen"), (jolien, "Jolien Verkaik"),
        (bart, "Bart Overdijk"),
    ):  # fmt: skip
        person.demo_login(name)

    # 1. In the room.
    room, moderating = enter(ellen, "live"), enter(jolien, "regie")
    ask(room, ASKED)
    card(moderating, ASKED).get_by_role("button", name="Toon aan de zaal").click()
    moderating.locator("[data-column=visible] .desk-card").filter(has_text=ASKED).wait_for()

    # 2. The coordinator makes a learning question of it, and says that there is nothing.
    desk = naima.go("/wijkwijzer/regie")
    naima.check("desk")
    desk.get_by_role("link", name=ASKED).click()
    naima.check("from_congress")
    desk.get_by_role("button", name="Maak er een leervraag van").click()
    desk.get_by_text("Dit is nu een leervraag.").first.wait_for()
    naima.check("desk_question")
    desk.get_by_text("Zet het bij Nog te organiseren").click()
    desk.get_by_label("Niet voor iedereen te volgen").check()
    desk.get_by_role("button", name="Dit moet nog komen").click()
    desk.get_by_text("Het staat nu bij Nog te organiseren.").first.wait_for()
    desk.get_by_role("link", name=ASKED).first.click()
    desk.get_by_text("Vul in wie, wat en wanneer").click()
    desk.get_by_role("button", name="Opgepakt").click()
    desk.get_by_text("Vul in wie het oppakt").first.wait_for()
    naima.check("desk_gap")
    desk.get_by_label("Welke organisatie pakt het op?").select_option(label="Landelijk Netwerk Buurtwerkers")
    desk.get_by_label("Wat is de volgende stap?").fill("Een avond ontwerpen")
    desk.get_by_label("Wanneer is die klaar?").fill("2031-03-01")
    desk.get_by_role("button", name="Opgepakt").click()
    desk.get_by_text("Opgepakt. Wie het vroeg").first.wait_for()

    # 3. Somebody else wants it too, with the keyboard, on a phone.
    page = tariq.go("/wijkwijzer")
    tariq.check("wijkwijzer")
    page.get_by_role("link", name="Stel een leervraag").press("Enter")
    page.get_by_label("Wat wil je leren? In één zin").press_sequentially("Hoe leer ik een vergadering leiden")
    page.locator("[data-alike-list] a", has_text=ASKED).wait_for()
    tariq.check("ask")
    page.locator("[data-alike-list] a", has_text=ASKED).press("Enter")
    page.get_by_role("button", name="Ik ook").press("Enter")
    page.get_by_text("2 mensen willen dit leren").first.wait_for()
    tariq.check("learning_question")

    # 4. Somebody offers it, without scripts.
    page = bart.go("/wijkwijzer/nog-te-organiseren")
    keep(bart, "gaps")
    page.get_by_role("link", name=ASKED).click()
    keep(bart, "gap")
    page.get_by_role("link", name="Stuur aanbod in").click()
    page.get_by_role("button", name="Stuur het in").click()
    assert page.get_by_text("Geef het een naam.").count() >= 1
    keep(bart, "offer_form")
    page.get_by_label("Hoe heet het?").fill(OFFER)
    page.get_by_label("Wat leer je ervan?").fill("Je oefent met rustig praten.")
    page.get_by_label("Welke organisatie biedt het aan?").select_option(
        label="Landelijk Netwerk Buurtwerkers"
    )
    page.get_by_label("Workshop of masterclass").check()
    page.get_by_label("Op een plek").check()
    page.get_by_label("Wat kost het?").fill("gratis")
    page.get_by_label("Hoe lang duurt het?").fill("een avond")
    page.get_by_role("button", name="Stuur het in").click()
    page.get_by_text("De leercoördinator kijkt het na.").first.wait_for()
    keep(bart, "offer")

    # 5. It is looked at, placed, and fills the gap.
    desk.get_by_role("link", name="Naar de regie van de Wijkwijzer").click()
    desk.get_by_role("link", name=OFFER).first.click()
    naima.check("desk_offer")
    desk.get_by_role("button", name="Nagekeken, het klopt").click()
    desk.get_by_role("button", name="Zet het op de site").click()
    desk.get_by_text("Het staat op de site.").first.wait_for()
    desk.get_by_role("link", name=ASKED).click()
    desk.get_by_role("link", name="Naar de regie van deze plek").click()
    assert desk.get_by_label(OFFER).is_checked()
    desk.get_by_role("button", name="Deze plek is gevuld").click()
    desk.get_by_text("Gevuld. Iedereen die het vroeg").first.wait_for()

    # 6. Who asked is told: on their own page, in the room, and by mail.
    page = ellen.go("/mijn")
    page.get_by_role("link", name=OFFER).wait_for()
    ellen.check("mine")
    page = ellen.go("/dev/mail")
    for _ in range(20):
        if page.get_by_role("link", name="Het is er: er is nu aanbod voor je leervraag").count() >= 2:
            break
        page.wait_for_timeout(500)
        page.reload()
    assert page.get_by_role("link", name="Het is er: er is nu aanbod voor je leervraag").count() >= 2

    # 7. The other pages are for everybody too.
    for path, name in (
        ("/wijkwijzer/bord", "board"), ("/wijkwijzer/nog-te-organiseren/1", "gap_with_scripts"),
        ("/wijkwijzer/aanbod/nieuw", "offer_form_with_scripts"), ("/wijkwijzer/aanbod/1", "offer_with_scripts"),
        ("/wijkwijzer/aanbod", "offers"), ("/wijkwijzer/leervragen", "questions"),
        ("/wijkwijzer/voorbeelden", "examples"), ("/wijkwijzer/voorbeelden/klinkerkracht", "example"),
        ("/wijkwijzer/voorbeelden/nieuw", "share"), ("/wijkwijzer/volgen", "following"), ("/wijkwijzer/ontmoeten", "meet"),
    ):  # fmt: skip
        tariq.go(path)
        tariq.check(name)
    assert wrong_markup(sorted(kept.glob("*.html"))) == []
    for person in (ellen, tariq, naima, jolien, bart):
        assert person.complaints == []


def test_table_of_offers_is_previewed_on_a_phone_and_imported(browser, demo_house, kept):
    phone = {"width": 320, "height": 640}
    with_scripts = Person(browser, demo_house, kept, viewport=phone)
    without = Person(browser, demo_house, kept, viewport=phone, java_script_enabled=False)
    for person in (with_scripts, without):
        person.demo_login("Naima Geertsen")
    table = without.page.request.get("/wijkwijzer/aanbod.csv").text()
    # Nummer, Titel, Wat je leert, Organisatie, Soort, Waar, (vier) Kosten, Duur, (twee)
    right = table + ";Leren naaien;Je naait.;Wij;Bezoek;Online;;;;;gratis;kort;;\r\n"
    files = {"right": right, "wrong": right.replace("Bezoek;Online", "Bezoek;Op de maan")}

    def show(person, name):
        page = person.go("/wijkwijzer/regie/aanbod/inlezen")
        file = {"name": "aanbod.csv", "mimeType": "text/csv", "buffer": files[name].encode()}
        page.get_by_label("Bestand", exact=True).set_input_files(file)
        page.get_by_role("button", name="Bekijk wat erin staat").click()
        page.get_by_role("heading", name="Dit staat in het bestand").wait_for()
        return page

    with_scripts.go("/wijkwijzer/regie/aanbod/inlezen")
    with_scripts.check("bring_in")
    for name in files:
        page = show(with_scripts, name)
        assert (violations(page), sticks_out(page)) == ([], 0)
        show(without, name)
        keep(without, f"preview_{name}")
    assert without.page.get_by_text("Waar: Op de maan kennen we niet.").count() == 1
    page = show(without, "right")
    page.get_by_role("button", name="Lees in").click()
    page.get_by_text("1 nieuw, 0 veranderd.").wait_for()
    assert page.get_by_role("link", name="Leren naaien").count() == 1
    assert wrong_markup(sorted(kept.glob("*.html"))) == []
    assert with_scripts.complaints == without.complaints == []
