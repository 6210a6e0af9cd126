"""The big screen follows the desk, and shows public data only."""

import re

import pytest

from tests.browser.pages import sticks_out, violations
from tests.browser.test_walk import ROOM, Person

pytestmark = pytest.mark.browser


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def test_podium_shows_the_question_on_stage(browser, demo_house, kept):
    screen = Person(browser, demo_house, kept, viewport={"width": 1920, "height": 1080})
    moderator = Person(browser, demo_house, kept, viewport={"width": 1280, "height": 900})
    moderator.demo_login("Jolien Verkaik")
    page = screen.go(f"{ROOM}/podium")
    page.locator("[data-script=ready]").wait_for()
    desk = moderator.go(f"{ROOM}/regie")
    desk.locator("[data-script=ready]").wait_for()

    question = desk.locator("[data-column=visible] [data-question]").filter(
        has_text="vijf keer hetzelfde afval"
    )
    question.get_by_role("button", name="Zet aan de beurt").click()

    page.locator("h1").filter(has_text="vijf keer hetzelfde afval").wait_for()
    assert "anoniem" in page.locator("h1").inner_text()
    assert (
        page.get_by_role("img", name=re.compile("QR")).is_visible()
        or page.locator("svg.qr title").count() == 1
    )
    assert (violations(page), sticks_out(page), screen.complaints) == ([], 0, [])


def test_sort_orders_are_links_without_javascript(browser, demo_house, kept):
    reader = Person(
        browser, demo_house, kept, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = reader.go("/sessies/wie-belt-wie/live")
    fair = page.get_by_text("Steun telt, wachten telt ook")
    fair.wait_for()

    page.locator("details.order summary").click()
    page.get_by_role("link", name="Meeste steun").click()

    page.wait_for_url("**volgorde=support**")
    counts = [int(text) for text in page.locator("[data-questions] [data-part=support]").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    assert not fair.is_visible()
    assert sticks_out(page) <= 0
