"""Attendance in the browser: certificate, opt-out of the list, verification on a phone."""

import io

import pytest
from pypdf import PdfReader

from tests.browser.pages import sticks_out, violations, wrong_markup
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser
OFF = "Haal mijn naam van de lijst"


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def by_keyboard(page, name):
    button = page.get_by_role("button", name=name).first
    button.focus()
    page.keyboard.press("Enter")


def shown(page, name):
    return int(page.locator(f"[data-number='{name}']").text_content())


def test_certificate_opt_out_and_verification(browser, demo_house, kept):
    phone, wide = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
    naima = Person(browser, demo_house, kept, viewport=phone, java_script_enabled=False)
    stranger = Person(browser, demo_house, kept, viewport=phone)
    roos = Person(browser, demo_house, kept, viewport=wide)
    visitor = Person(browser, demo_house, kept, viewport=phone)
    naima.demo_login("Naima Geertsen")
    roos.demo_login("Roos Wildervank")

    # An organiser keeps watch while somebody comes in, and chooses at the door to be a number only.
    watch = roos.context.new_page()
    watch.clock.install()
    watch.goto("/organisatie/aanwezigheid")
    watch.locator("[data-attendance][data-script=ready]").wait_for()
    cell = watch.locator("[data-number='wie-belt-wie/present']")
    was, place = int(cell.text_content()), cell.bounding_box()
    room = visitor.go("/sessies/wie-belt-wie/live")
    room.get_by_label("Hoe mogen we je noemen?").fill("Sjaan")
    room.get_by_role("button", name="Doe mee").click()
    room.get_by_role("heading", name="Wie ben je op deze dag?").wait_for()
    visitor.check("role")
    by_keyboard(room, "Bewoner")
    room.get_by_text("op een lijst dat je hier bent").click()
    visitor.check("room")
    room.get_by_role("button", name=OFF).click()
    room.get_by_text("Je telt hier mee en staat op geen lijst.").wait_for()

    # On paper, by keyboard and without JavaScript.
    page = naima.go("/mijn")
    page.get_by_role("link", name="Naar mijn bewijs").click()
    by_keyboard(page, "Maak mijn bewijs")
    page.get_by_text("Je bewijs is klaar").wait_for()
    code = page.locator("#bewijs a strong").text_content()
    with page.expect_download() as download:
        page.get_by_role("link", name="Haal het bewijs op").click()
    with open(download.value.path(), "rb") as file:
        text = PdfReader(io.BytesIO(file.read())).pages[0].extract_text()
    assert "Naima Geertsen" in text
    assert code in text
    assert sticks_out(page) <= 0
    (kept / "mine.html").write_text(page.content())

    # A stranger types it over, in small letters.
    check = stranger.go("/bewijs")
    stranger.check("check")
    check.get_by_label("Code op het bewijs").fill("aaaa-bbbb-cccc")
    check.get_by_role("button", name="Kijk het na").click()
    check.get_by_role("heading", name="Deze code kennen wij niet").wait_for()
    assert violations(check) == []
    assert sticks_out(check) <= 0
    check.get_by_label("Code op het bewijs").fill(code.lower().replace("-", " "))
    check.keyboard.press("Enter")
    check.get_by_text("Dit bewijs is echt").wait_for()
    check.get_by_text("Naima Geertsen").wait_for()
    stranger.check("checked")

    # The organiser sees a number, and her name.
    desk = roos.go("/organisatie/aanwezigheid")
    roos.check("attendance")
    before = shown(desk, "de-stoep-als-podium/visitors")
    who = "/organisatie/sessies/de-stoep-als-podium/aanwezigheid?zoek=naima"
    roos.go(who).get_by_text("Naima Geertsen").wait_for()
    roos.check("session_attendance")

    # She chooses to be a number only: the name goes, the number stays.
    naima.go("/mijn/instellingen/aanmelding")
    by_keyboard(page, OFF)
    page.get_by_role("status").get_by_text("Je telt mee").wait_for()
    (kept / "mine_unlisted.html").write_text(page.content())
    roos.go(who)
    assert desk.get_by_text("Naima Geertsen").count() == 0
    desk.get_by_text("1 persoon telt alleen mee, zonder naam.").wait_for()
    roos.go("/organisatie/aanwezigheid")
    assert shown(desk, "de-stoep-als-podium/visitors") == before
    stranger.page.reload()
    stranger.page.get_by_role("heading", name="Deze code kennen wij niet").wait_for()

    # What the watch shows came by itself, and nothing moved. Who came in is written down within 15 seconds.
    for _ in range(200):
        watch.clock.fast_forward(20_000)
        watch.wait_for_timeout(500)
        if int(cell.text_content()) == was + 1:
            break
    assert int(cell.text_content()) == was + 1
    assert cell.bounding_box()["y"] == place["y"]

    assert wrong_markup(sorted(kept.glob("*.html"))) == []
    for person in (naima, stranger, roos, visitor):
        assert person.complaints == []
