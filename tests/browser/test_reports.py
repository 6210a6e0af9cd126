"""Report of a question, hiding by a moderator, and appeal by its asker."""

import pytest

from tests.browser.pages import wrong_markup
from tests.browser.test_hour import ROOM, ask, card, enter, own
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser
ASKED = "Waarom zet mevrouw van nummer zes haar vuilnis op straat?"


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def test_report_decision_and_appeal(browser, demo_house, kept):
    phone, wide = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
    asker = Person(browser, demo_house, kept, viewport=phone)
    resident = Person(browser, demo_house, kept, viewport=phone)
    jolien, ruben = (Person(browser, demo_house, kept, viewport=wide) for _ in range(2))
    asker.demo_login("Ellen Bosvelt")
    resident.demo_login("Mila Roovers")
    jolien.demo_login("Jolien Verkaik")
    ruben.demo_login("Ruben Haverkate")
    room, desk = enter(asker, "live"), enter(jolien, "regie")
    room.locator("[data-ask] textarea").focus()
    room.get_by_role("radio", name="Anoniem").check()
    ask(room, ASKED)
    card(desk, ASKED).get_by_role("button", name="Toon aan de zaal").click()
    desk.locator("[data-column=visible] .desk-card").filter(has_text=ASKED).wait_for()

    hall = resident.go(f"{ROOM}/live")
    card(hall, ASKED).get_by_role("link", name="Meld deze vraag").press("Enter")
    hall.wait_for_url("**/melden")
    resident.check("report")
    hall.get_by_label("Je herkent iemand").check()
    hall.get_by_role("button", name="Meld deze vraag").click()
    hall.get_by_text("Een moderator kijkt ernaar").first.wait_for()

    desk.locator("[data-reports-count]").filter(has_text="1").wait_for()  # told at once, without a reload
    desk.get_by_role("link", name="Meldingen").click()
    jolien.check("reports")
    desk.get_by_role("button", name="Ik kijk ernaar").click()
    desk.get_by_role("button", name="Verberg deze vraag").click()
    desk.get_by_text("Er is niets gemeld.").wait_for()
    resident.go("/mijn").get_by_text("Je had gelijk").wait_for()
    resident.check("mine")

    own(room, ASKED).get_by_role("link", name="Niet mee eens?").click()
    asker.check("contest")
    room.get_by_label("Waarom mag je vraag wel blijven staan?").fill("Ik noem geen naam.")
    room.get_by_role("button", name="Verstuur mijn bezwaar").click()
    room.get_by_text("Een andere moderator kijkt opnieuw").first.wait_for()
    asker.check("way_back")

    desk.reload()
    desk.get_by_text("Jij hebt dit besloten.").wait_for()
    judge = ruben.go(desk.url)
    judge.get_by_label("Schrijf waarom.").fill("Het gaat over de straat.")
    ruben.check("appeal")
    judge.get_by_role("button", name="Toon de vraag weer").click()
    judge.get_by_text("bezwaar toegekend").wait_for()
    room.reload()
    room.get_by_text("Je kreeg gelijk").wait_for()

    assert wrong_markup(sorted(kept.glob("*.html"))) == []
    for person in (asker, resident, jolien, ruben):
        assert person.complaints == []
