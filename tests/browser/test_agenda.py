"""One question, from a resident's phone to a confirmed action point, with its mails."""

import re

import pytest

from tests.browser.pages import violations, wrong_markup
from tests.browser.test_hour import ROOM, ask, card, enter, own
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser
ASKED = "Komt er een bankje halverwege de dijk?"
TITLE = "Een bankje halverwege de dijk"
PHONE, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
SECONDS = 40_000  # milliseconds that a mail may take: the runner is woken, its clock is slower


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def test_a_question_is_followed_from_a_phone_to_a_confirmed_agendapunt(browser, demo_house, kept):
    asker = Person(browser, demo_house, kept, viewport=PHONE)
    resident = Person(browser, demo_house, kept, viewport=PHONE, java_script_enabled=False)
    jolien, sven, carolien, priya = (Person(browser, demo_house, kept, viewport=WIDE) for _ in range(4))
    names = (
        "Ellen Bosvelt",
        "Mila Roovers",
        "Jolien Verkaik",
        "Sven Appelhof",
        "Carolien Stam",
        "Priya Raman",
    )
    everybody = (asker, resident, jolien, sven, carolien, priya)
    for person, name in zip(everybody, names, strict=True):
        person.demo_login(name)

    # A question on a phone, shown by a moderator, supported by a neighbour without scripts.
    room, desk = enter(asker, "live"), enter(jolien, "regie")
    ask(room, ASKED)
    card(desk, ASKED).get_by_role("button", name="Toon aan de zaal").click()
    desk.locator("[data-column=visible] .desk-card").filter(has_text=ASKED).wait_for()
    own(room, ASKED).get_by_text("Iedereen kan hem lezen").wait_for()
    hall = resident.go(f"{ROOM}/live")
    card(hall, ASKED).get_by_role("button", name="Steun").click()

    # Nobody here can answer it: the moderator makes an actiepunt of it.
    card(desk, ASKED).locator("summary", has_text="Meer").click()
    card(desk, ASKED).get_by_role("link", name="Voeg samen of geef door").click()
    desk.get_by_role("link", name="Maak er een actiepunt van").click()
    jolien.check("from_question")
    desk.get_by_label("Wat moet er gebeuren?").fill(TITLE)
    desk.get_by_label("Waarom? Wat zie je nu?").fill("Wie slecht loopt, kan nergens zitten.")
    desk.get_by_label("Wie kan hier iets aan doen?").select_option(label="Gemeente Lindermond")
    desk.get_by_role("button", name="Maak er een actiepunt van").click()
    desk.get_by_text("Dit is nu een actiepunt.").first.wait_for()
    own(room, ASKED).locator(".own__status").get_by_text("De redactie kijkt het na").wait_for()  # told live
    own(room, ASKED).locator("[aria-current=step]").get_by_text("De redactie kijkt het na").wait_for()

    # Her neighbour is asked, not subscribed.
    mine = resident.go("/mijn")
    mine.get_by_text("Hier stond jij achter. Wil je horen wat ermee gebeurt?").wait_for()
    mine.get_by_role("button", name="Volg dit punt").click()
    mine.get_by_text("Je volgt dit punt.").wait_for()

    # Two people of the editors: one looks for recognisable people, another sends.
    page = sven.go("/agenda/regie")
    sven.check("desk")
    page.get_by_role("link", name=TITLE).click()
    sven.check("edit")
    address = re.sub("/regie", "", page.url)
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_role("button", name="Je herkent er niemand in").click()
    page.get_by_text("Jij deed de privacycontrole. Iemand anders verstuurt het.").first.wait_for()
    page = carolien.go(page.url)
    page.get_by_role("button", name="Verstuur aan de organisatie").click()
    page.get_by_text("Verstuurd. Iedereen kan het nu lezen.").first.wait_for()
    carolien.check("edit_sent")

    # The organisation answers, begins, and says that it is done.
    page = priya.go("/agenda/voor-ons")
    priya.check("for_us")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Geef dit antwoord").click()  # nothing filled in: it says what is missing
    page.get_by_text("Schrijf het antwoord op.").first.wait_for()
    assert violations(page) == []
    page.get_by_label("Ja, dit doen we").check()
    page.get_by_label("Het antwoord, in gewone woorden").fill("We zetten er in mei twee neer.")
    page.get_by_role("button", name="Geef dit antwoord").click()
    page.get_by_role("button", name="We zijn begonnen").click()
    page.get_by_label("Wil je er iets bij zeggen?").fill("De bankjes staan er.")
    page.get_by_role("button", name="Het is klaar").click()
    priya.check("ours")

    # On her phone the asker reads it, and says that it is true.
    page = asker.go("/mijn")
    page.get_by_role("link", name=TITLE).or_(
        page.get_by_role("link", name="Zeg of het echt klaar is")
    ).first.wait_for()
    page = asker.go(address)
    page.get_by_text("We zetten er in mei twee neer.").first.wait_for()
    asker.check("point_done")
    page.get_by_label("Wil je er iets bij zeggen?").fill("Ik heb er vanmorgen gezeten.")
    page.get_by_role("button", name="Ja, het is echt klaar").press("Enter")
    page.get_by_text("Nu staat er dat bewoners zeggen: klaar.").first.wait_for()

    page = resident.go(address)
    page.get_by_text("Ik heb er vanmorgen gezeten.").first.wait_for()
    way = page.locator(".timeline__step--done")
    assert way.count() == len(page.locator(".timeline__step").all()) == 6
    assert "Bewoners bevestigen: het is klaar" in way.last.inner_text()
    asker.check("point_confirmed")  # axe needs scripts, which the neighbour has not
    number = address.rpartition("/")[2]
    letters = _mails(resident, number, last="Bewoners zeggen: het is echt klaar")
    for what in (
        "Voorgesteld",
        "Verstuurd",
        "ontvangen",
        "geantwoord: Ja, dit doen we",
        "begonnen",
        "het is klaar",
    ):
        assert any(to == "ellen@deelnemer.example" and what in subject for to, subject in letters), what
    assert not any(
        to == "ellen@deelnemer.example" and "Bewoners zeggen" in subject for to, subject in letters
    )
    assert any(to == "mila@deelnemer.example" and "Bewoners zeggen" in subject for to, subject in letters)

    # The list, proposing, and the harvest of a session that is over.
    asker.go("/agenda?stand=done").get_by_role("link", name=TITLE).wait_for()
    asker.check("agenda")
    page = asker.go("/agenda/voorstellen")
    page.get_by_label("Wat moet er gebeuren?").fill("Meneer De Vries moet stoppen met trommelen")
    page.get_by_label("Waarom? Wat zie je nu?").fill("Het klinkt door de hele straat.")
    page.get_by_role("button", name="Stuur mijn voorstel").click()
    page.get_by_text("Noem je hier iemand die anderen herkennen?").wait_for()
    assert violations(page) == []
    page = jolien.go("/regie")
    page.get_by_role("heading", name="Nog af te ronden").wait_for()
    page.get_by_role("heading", name="Nog af te ronden").locator("..").get_by_role("link").first.click()
    jolien.check("harvest")
    page.get_by_role("button", name="Bewaar en deel met iedereen").click()
    page.get_by_text("Deze sessie is afgerond").first.wait_for()
    page.get_by_role("link", name="Bekijk Wat we hoorden").click()
    jolien.check("heard")

    assert wrong_markup(sorted(kept.glob("*.html"))) == []
    for person in everybody:
        assert person.complaints == []


def _mails(person, number, *, last):
    """Return (to, subject) of the mails about this point in the demo's mailbox, once the last one is there."""
    page = person.go("/dev/mail")
    for _ in range(SECONDS // 1000):
        if page.get_by_text(f"Actiepunt {number}: {last}").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    cards = page.locator("li.card").all()
    return [
        (c.locator(".card__eyebrow").inner_text().split(" · ")[0], c.locator("h2").inner_text())
        for c in cards
    ]
