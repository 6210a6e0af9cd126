"""Raised hands in a browser: pressed without a reload, and readable on any screen. Without a server."""

import pytest

from dagvandebuurt.hands import events
from tests.browser.hall import Hall
from tests.browser.pages import sticks_out, violations
from tests.browser.test_large_text import LEAST_LETTERS, SIZES, WRONG

pytestmark = pytest.mark.browser
WAY = "Bel 020 123 45 67"


@pytest.fixture
def jolien(make, session):
    return make.moderator("Jolien", session)


@pytest.fixture
def takes_hands(make, session, jolien):
    assert make.do(events.ARRANGE, jolien, session, is_open=True, way=WAY)["ok"]
    return session


def measured(page):
    """What is wrong with the page, with large text on small phones as well."""
    found = list(violations(page))
    for percent, width in SIZES:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
        found += page.evaluate(WRONG, [LEAST_LETTERS])
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found + ([sticks_out(page)] if sticks_out(page) > 0 else [])


def test_a_hand_goes_up_and_comes_to_its_turn_without_a_reload(browser, make, takes_hands, jolien):
    session = takes_hands
    mine = Hall(browser, make, make.guest("Gast Gerrit"), viewport={"width": 320, "height": 700})
    page = mine.go(f"/sessies/{session.slug}/hand")
    page.locator("[data-script=ready]").wait_for()
    page.evaluate("window.same = true")

    page.get_by_label("Waar gaat het over?").fill("De bankjes")
    page.get_by_role("button", name="Steek je hand op").click()
    page.get_by_text("Je bent de volgende.").wait_for()
    assert page.evaluate("window.same") is True
    assert measured(page) == []

    theirs = Hall(browser, make, jolien, viewport={"width": 768, "height": 1024})
    desk = theirs.go(f"/sessies/{session.slug}/regie/handen")
    desk.locator("[data-script=ready]").wait_for()
    desk.evaluate("window.same = true")
    desk.get_by_role("button", name="Laat spreken: Gast Gerrit").click()
    desk.get_by_role("button", name="De beurt is voorbij: Gast Gerrit").wait_for()
    assert desk.evaluate("window.same") is True
    assert measured(desk) == []

    page.get_by_role("link", name=WAY).wait_for()  # asked for without a socket, as where none gets through
    assert page.get_by_text("Je bent aan de beurt.", exact=True).is_visible()
    mine.context.close()
    theirs.context.close()


def test_without_javascript_a_hand_goes_up_and_down(browser, make, takes_hands):
    hall = Hall(
        browser,
        make,
        make.identity("Noor"),
        viewport={"width": 320, "height": 640},
        java_script_enabled=False,
    )
    page = hall.go(f"/sessies/{takes_hands.slug}/live")

    page.get_by_role("button", name="Steek je hand op").click()
    page.get_by_text("Je bent de volgende.").wait_for()
    assert page.locator('meta[http-equiv="refresh"]').count() == 1
    page.get_by_role("button", name="Doe mijn hand omlaag").click()

    page.get_by_text("Je hand is weer omlaag.").wait_for()
    hall.context.close()
