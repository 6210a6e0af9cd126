"""Session with six simultaneous users: asker, helper, moderators, readers."""

import re

import pytest

from tests.browser.pages import sticks_out, violations, wrong_markup
from tests.browser.test_walk import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOM = "/sessies/wie-belt-wie"
OFFLINE_MS = 60_000
FIELD = "Schrijf hier je vraag, idee of signaal"


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def enter(person, path):
    page = person.go(f"{ROOM}/{path}")
    page.locator("[data-script=ready]").wait_for()
    page.wait_for_timeout(800)
    return page


def ask(page, text):
    page.get_by_label(FIELD).fill(text)
    page.get_by_role("button", name="Stuur mijn vraag").click()


def card(page, text):
    return page.locator("[data-question]").filter(has_text=text)


def own(page, text):
    return page.locator("[data-mine-list] li").filter(has_text=text)


def test_an_hour_with_six_people(browser, demo_house, kept):
    phone, wide = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
    ellen, gerda, bart, jolien, ruben, screen = (
        Person(browser, demo_house, kept, viewport=size) for size in (phone, phone, wide, wide, phone, wide)
    )
    ellen.demo_login("Ellen Bosvelt")
    bart.demo_login("Bart Overdijk")
    jolien.demo_login("Jolien Verkaik")
    ruben.demo_login("Ruben Haverkate")
    gerda.go(f"{ROOM}/live").get_by_label("Hoe mogen we je noemen?").fill("Gerda")
    gerda.page.get_by_role("button", name="Doe mee").click()
    gerda.page.get_by_role("link", name="Zeg ik liever niet").click()

    room, quiet, helper = enter(ellen, "live"), enter(gerda, "live"), enter(bart, "live")
    desk, second, podium = enter(jolien, "regie"), enter(ruben, "regie"), enter(screen, "podium")

    # Gerda asks anonymously and keeps the link; Bart writes down what somebody tells him.
    quiet.get_by_label(FIELD).focus()  # how one appears unfolds with it
    quiet.get_by_role("radio", name="Anoniem").check()
    ask(quiet, "Wie belt er terug als ik bang ben?")
    own(quiet, "bang ben").get_by_text("Wacht op de moderator").wait_for()
    way_back = own(quiet, "bang ben").get_by_role("link", name="Bewaar deze link").get_attribute("href")
    helper.get_by_label(FIELD).focus()
    helper.get_by_text("Namens iemand anders").click()
    helper.get_by_label("Via de telefoon").check()
    helper.get_by_label("Wie is het?").select_option(label="Bewoner")
    helper.get_by_label(re.compile("Uit welke buurt")).fill("De Klinkers")
    ask(helper, "Komt er een nummer dat altijd opneemt?")
    helper.get_by_text("Vraag eerst of deze persoon het goed vindt.").wait_for()
    assert helper.get_by_label(FIELD).input_value() == "Komt er een nummer dat altijd opneemt?"
    assert (violations(helper), sticks_out(helper)) == ([], 0)
    helper.get_by_label("Deze persoon vindt het goed").check()
    helper.get_by_role("button", name="Stuur mijn vraag").click()
    own(helper, "altijd opneemt").wait_for()

    # Ellen names somebody, and gets a hint; she writes what is there already, and is shown it.
    card(desk, "altijd opneemt").get_by_role("button", name="Toon aan de zaal").click()
    room.get_by_role("button", name="1 nieuwe vraag tonen").click()
    assert "bewoner uit De Klinkers, via de telefoon" in card(room, "altijd opneemt").inner_text()
    room.get_by_label(FIELD).fill("Mijn buurman belt nooit terug")
    room.get_by_text("Noem je hier iemand die anderen herkennen?").wait_for()
    room.get_by_label(FIELD).fill("Komt er een nummer dat opneemt?")
    same = room.locator("[data-similar]").get_by_role("link", name="Komt er een nummer dat altijd opneemt?")
    same.wait_for()
    assert (violations(room), sticks_out(room)) == ([], 0)
    same.click()  # the field folds, so that one reads what was asked already
    assert room.get_by_label(FIELD).input_value() == "Komt er een nummer dat opneemt?"
    card(room, "altijd opneemt").get_by_role("button", name=re.compile("Steun")).click()

    # For a minute Ellen has no connection. What she sends meanwhile waits, and so does what happens.
    ellen.context.set_offline(True)
    room.evaluate("window.dispatchEvent(new Event('offline'))")
    ask(room, "Wie neemt er op in het weekend?")
    room.get_by_text("Wacht op verbinding").wait_for(timeout=15_000)

    # One moderator shows it, and it is shown at the other's desk.
    card(second, "bang ben").wait_for()
    card(desk, "bang ben").get_by_role("button", name="Toon aan de zaal").click()
    own(quiet, "bang ben").get_by_text("Iedereen kan hem lezen").wait_for()
    second.get_by_role("navigation", name="Delen van de regie").get_by_role(
        "link", name="De zaal leest"
    ).click()
    second.locator("[data-column=visible] [data-question]").filter(has_text="bang ben").wait_for()

    # Ready for the host, then its turn: the podium shows it.
    card(second, "bang ben").get_by_role("button", name="Zet klaar").click()
    ready = desk.locator("[data-column=shortlisted] [data-question]").filter(has_text="bang ben")
    ready.wait_for()
    own(quiet, "bang ben").get_by_text("Iedereen kan hem lezen").wait_for()
    ready.get_by_role("button", name="Zet aan de beurt").click()
    podium.locator("h1").filter(has_text="bang ben").wait_for()
    assert "anoniem" in podium.locator("h1").inner_text()
    assert "Gerda" not in podium.content() + desk.content() + second.content()
    assert (violations(podium), violations(desk), sticks_out(second)) == ([], [], 0)

    # The same asked twice becomes one; both askers get the answer.
    ask(helper, "Is er een nummer dat altijd opneemt, ook voor ouderen?")
    helper.get_by_text("Vraag eerst of deze persoon het goed vindt.").wait_for()
    helper.get_by_label("Het is mijn eigen vraag").check()
    helper.get_by_role("button", name="Stuur mijn vraag").click()
    own(helper, "ook voor ouderen").wait_for()
    second.get_by_role("navigation", name="Delen van de regie").get_by_role(
        "link", name="Wacht op jou"
    ).click()
    card(second, "ook voor ouderen").locator("summary", has_text="Meer").click()
    card(second, "ook voor ouderen").get_by_role("link", name="Voeg samen of geef door").click()
    assert (violations(second), sticks_out(second)) == ([], 0)
    second.get_by_label(re.compile("Komt er een nummer dat altijd opneemt")).check()
    second.get_by_role("button", name="Voeg samen").click()
    second.get_by_text("Samengevoegd.").first.wait_for()
    own(helper, "ook voor ouderen").get_by_text("Jouw vraag hoort nu bij:").wait_for()
    answer = card(desk, "altijd opneemt")
    answer.locator("summary", has_text="Antwoord").click()
    answer.get_by_label("Kort antwoord, voor iedereen te lezen").fill("Ja, vanaf maart.")
    answer.get_by_role("button", name="Zet het antwoord erbij").click()
    own(helper, "ook voor ouderen").get_by_text("Ja, vanaf maart.").wait_for()

    # The questions close, for everybody at once, and open again.
    desk.locator("[data-asking] summary").click()
    desk.get_by_role("button", name="Sluit de vragen").click()
    quiet.get_by_text("De vragen zijn hier dicht.").first.wait_for()
    assert violations(desk) == []
    desk.get_by_role("button", name="Open de vragen").click()
    quiet.get_by_role("button", name="Stuur mijn vraag").wait_for()

    # Ellen is back: hers arrives once, and she sees what everybody sees.
    room.wait_for_timeout(OFFLINE_MS)
    assert not own(room, "weekend").count()
    ellen.context.set_offline(False)
    own(room, "weekend").wait_for(timeout=40_000)
    card(desk, "weekend").wait_for()
    card(room, "altijd opneemt").get_by_text("Ja, vanaf maart.").wait_for()
    room.locator("[data-onstage]:not([hidden])").filter(has_text="bang ben").wait_for()
    room.reload()
    assert own(room, "weekend").count() == 1

    # And Gerda reads hers on another device.
    elsewhere = Person(browser, demo_house, kept, viewport=phone)
    elsewhere.go(way_back).get_by_text("Nu aan de beurt").wait_for()
    elsewhere.check("way-back")
    for person, name in ((jolien, "desk"), (bart, "room")):
        (kept / f"{name}.html").write_text(person.page.request.get(person.page.url).text())
    second.goto(f"{ROOM}/regie")
    assert wrong_markup(sorted(kept.glob("*.html"))) == []
    for person in (ellen, gerda, bart, jolien, ruben, screen):
        assert [line for line in person.complaints if "ERR_INTERNET_DISCONNECTED" not in line] == []


def test_concurrent_moderators_get_a_conflict_that_names_the_first(browser, demo_house, kept):
    jolien, ruben = (Person(browser, demo_house, kept, viewport={"width": 768, "height": 900}) for _ in "ab")
    gerda = Person(browser, demo_house, kept, viewport={"width": 320, "height": 640})
    jolien.demo_login("Jolien Verkaik")
    ruben.demo_login("Ruben Haverkate")
    gerda.demo_login("Tariq Vinke")
    desk, room = enter(jolien, "regie"), enter(gerda, "live")
    ask(room, "Wie was er het eerst?")
    card(desk, "het eerst").wait_for()
    # Ruben works without JavaScript: his page still shows the question as waiting.
    ruben.page.route("**/js/**", lambda route: route.abort())
    late = ruben.go(f"{ROOM}/regie")

    card(desk, "het eerst").get_by_role("button", name="Toon aan de zaal").click()
    own(room, "het eerst").get_by_text("Iedereen kan hem lezen").wait_for()
    card(late, "het eerst").get_by_role("button", name="Toon aan de zaal").click()

    late.get_by_text("Jolien Verkaik heeft deze al getoond.").wait_for()


def test_concurrent_answers_show_each_other(browser, demo_house, kept):
    jolien, ruben = (Person(browser, demo_house, kept, viewport={"width": 768, "height": 900}) for _ in "ab")
    gerda = Person(browser, demo_house, kept, viewport={"width": 320, "height": 640})
    jolien.demo_login("Jolien Verkaik")
    ruben.demo_login("Ruben Haverkate")
    gerda.demo_login("Tariq Vinke")
    first, second, room = enter(jolien, "regie"), enter(ruben, "regie"), enter(gerda, "live")
    ask(room, "Wie schrijft dit op?")
    card(first, "dit op").get_by_role("button", name="Toon aan de zaal").click()

    for desk, text in ((second, "In april, zegt Ruben."), (first, "In maart.")):
        card(desk, "dit op").locator("summary", has_text="Antwoord").click()
        card(desk, "dit op").get_by_label("Kort antwoord").fill(text)
    card(first, "dit op").get_by_role("button", name="Zet het antwoord erbij").click()
    card(second, "dit op").locator("p", has_text="In maart.").wait_for()
    card(second, "dit op").get_by_role("button", name="Zet het antwoord erbij").click()

    card(second, "dit op").get_by_text("Jolien Verkaik heeft deze al beantwoord.").wait_for()
    assert card(second, "dit op").get_by_label("Kort antwoord").input_value() == "In april, zegt Ruben."
    card(second, "dit op").get_by_role("button", name="Zet het antwoord erbij").click()
    card(first, "dit op").locator("p", has_text="In april, zegt Ruben.").wait_for()
