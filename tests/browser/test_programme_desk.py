"""Editing and publishing the programme in the browser; people who chose a moved session are notified."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.pages import sticks_out, violations, wrong_markup
from tests.browser.test_walk import Person
from tests.served import serve

pytestmark = pytest.mark.browser
PHONE, TABLET, WIDE = ({"width": w, "height": 900} for w in (320, 768, 1280))
DESK = "/organisatie/programma"
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def kept(tmp_path):
    return tmp_path


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Start a congress of its own, as other tests count its sessions."""
    with serve(tmp_path_factory.mktemp("programme"), demo=True) as house:
        yield house


def unfold(page, part):
    """Open a part of the form that is folded; the others fold by themselves."""
    folded = page.locator("details.part", has=page.get_by_role("heading", name=part, exact=True))
    if folded.get_attribute("open") is None:
        folded.locator("summary").first.click()


def at_a_quarter_past_three(page):
    """Return tomorrow at 15:15, whatever the time of this run."""
    unfold(page, "Wanneer en waar")
    page.get_by_label("Dag (hoeft niet)", exact=True).fill(f"{TOMORROW:%Y-%m-%d}")
    page.get_by_label(re.compile("^Begin")).fill("15:15")
    page.get_by_label(re.compile("^Einde")).fill("16:00")
    if page.get_by_label("Dag van het einde").count():
        page.get_by_label("Dag van het einde").fill("")


def save(page):
    page.get_by_role("button", name="Bewaar als concept").click()
    page.get_by_text("Bewaard als concept.").first.wait_for()


def make_a_session(page, title, speaker, hall):
    page.get_by_label("Titel", exact=True).fill(title)
    page.get_by_label(re.compile("^In het kort")).fill("Over tegels en tuinen.")
    page.get_by_label(re.compile("^Samen maken")).check()
    at_a_quarter_past_three(page)
    page.get_by_text("De plek staat er niet bij").click()
    page.get_by_label(re.compile("^Naam van de nieuwe plek")).fill(hall)
    unfold(page, "Wie")
    page.get_by_text("Iemand staat er niet bij").click()
    page.get_by_label(re.compile("^Naam van de nieuwe spreker")).fill(speaker)
    save(page)


def publish(page, note):
    page.get_by_role("link", name=re.compile("Bekijk wat er verandert")).click()
    page.get_by_label("Wat is er anders?").fill(note)
    page.get_by_role("button", name=re.compile("Publiceer versie")).click()
    page.wait_for_url("**/programma/wijzigingen*")


def test_organiser_edits_resolves_a_conflict_publishes_and_visitors_are_notified(browser, house, kept):
    visitor = Person(browser, house, kept, viewport=PHONE)
    visitor.demo_login("Tariq Vinke")
    visitor.go("/sessies/school-als-huiskamer").get_by_role("button", name="Zet in mijn programma").click()
    visitor.page.get_by_role("button", name="Haal uit mijn programma").wait_for()

    roos = Person(browser, house, kept, viewport=TABLET)
    roos.demo_login("Roos Wildervank")
    page = roos.go("/organisatie")
    page.get_by_role("button", name=re.compile("Mijn werk:")).click()  # narrow: the desks unfold
    page.get_by_role("link", name="Programma maken").click()
    page.get_by_role("link", name="Nieuwe sessie", exact=True).click()
    make_a_session(page, "Tegels eruit", "Wim van Veen", "Zaal Zuid")
    assert page.locator("[data-shows=title]").inner_text() == "Tegels eruit"
    unfold(page, "Wie")
    assert page.get_by_label("Spreker 1").input_value() != ""
    roos.check("edit")

    # A second one with the same speaker at the same time: said before anything is saved.
    page = roos.go(DESK)
    page.get_by_role("link", name=re.compile("School als huiskamer")).click()
    page.locator("form[data-script=ready]").wait_for()
    at_a_quarter_past_three(page)
    unfold(page, "Wie")
    page.get_by_role("button", name="Nog iemand").first.click()
    boxes = page.get_by_label(re.compile(r"^Spreker \d"))
    boxes.last.select_option(label="Wim van Veen")
    page.get_by_text("Wim van Veen is in twee sessies tegelijk").first.wait_for()
    assert violations(page) == []
    page.get_by_role("button", name=re.compile(r"^Eerder: Spreker 2")).click()
    save(page)
    assert page.get_by_text("Wim van Veen is in twee sessies tegelijk").first.is_visible()
    publish(page, "De school had een andere dag nodig.")
    assert page.get_by_text("De school had een andere dag nodig.").is_visible()

    page = visitor.go("/programma/wijzigingen")
    page.get_by_text(re.compile("Andere tijd: .* om 15.15 uur")).first.wait_for()
    page.get_by_role("link", name="Tegels eruit").click()
    page.get_by_text("Wim van Veen").first.wait_for()
    page = visitor.go("/dev/mail")
    page.get_by_role("link", name=re.compile("Andere tijd: School als huiskamer")).first.click()
    page.get_by_text("De school had een andere dag nodig.").first.wait_for()
    assert "De school had een andere dag nodig." in page.request.get("/programma/wijzigingen.atom").text()
    assert wrong_markup(list(kept.glob("*.html"))) == []
    assert roos.complaints + visitor.complaints == []


def test_editing_works_without_scripts_on_phone_and_desktop(browser, house, kept):
    plain = Person(browser, house, kept, viewport=PHONE, java_script_enabled=False)
    plain.demo_login("Roos Wildervank")
    page = plain.go(f"{DESK}/sessies/nieuw")
    page.get_by_role("button", name="Bewaar als concept").click()
    assert page.get_by_text("Geef de sessie een titel.").first.is_visible()
    make_a_session(page, "Soep op de stoep", "Ans Kok", "Buurtkeuken")
    address = page.url.removeprefix(house.url)
    assert sticks_out(page) <= 0

    sees = Person(browser, house, kept, viewport=PHONE)
    sees.demo_login("Roos Wildervank")
    kinds = ("sprekers", "organisaties", "themas", "plekken", "ronden")
    paths = [
        DESK, address, f"{DESK}/sessies/nieuw", f"{DESK}/dag", f"{DESK}/publiceren", f"{DESK}/sprekers", f"{DESK}/edities",
        *(f"{DESK}/{kind}/nieuw" for kind in kinds), "/programma/wijzigingen",
    ]  # fmt: skip
    for size in (PHONE, WIDE):
        sees.page.set_viewport_size(size)
        for number, path in enumerate(paths):
            sees.go(path)
            if size is PHONE:
                sees.check(f"page-{number}")
            else:
                assert sticks_out(sees.page) <= 0
    # In the dark as well, where colours differ.
    sees.page.emulate_media(color_scheme="dark")
    assert violations(sees.go(f"{DESK}/publiceren")) == []

    page = plain.go(DESK)
    publish(page, "Er is soep.")
    assert plain.go("/programma/wijzigingen").get_by_text("Soep op de stoep").first.is_visible()
    assert wrong_markup(list(kept.glob("*.html"))) == []
    assert sees.complaints == []
