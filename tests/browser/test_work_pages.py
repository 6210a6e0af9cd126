"""Every page in the list of somebody's work: axe, valid markup, no sideways scrolling, one heading."""

import pytest

from tests.browser.pages import wrong_markup
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser
PEOPLE = ("Beheer Dag van de Buurt", "Roos Wildervank", "Jolien Verkaik")
LINKS = (
    """() => [...document.querySelectorAll("main a[href^='/']")].map((link) => new URL(link.href).pathname)"""
)


def test_every_work_page_is_accessible_and_fits_a_phone(browser, demo_house, tmp_path):
    seen, complaints = set(), []
    for name in PEOPLE:
        worker = Person(browser, demo_house, tmp_path, viewport={"width": 320, "height": 640})
        worker.demo_login(name)
        for path in worker.go("/mijn/werk").evaluate(LINKS):
            if path not in seen:
                seen.add(path)
                assert worker.go(path).locator("h1").count() == 1, path
                worker.check(f"work-{len(seen)}")
        complaints += worker.complaints
        worker.context.close()

    assert {
        "/organisatie/post",
        "/organisatie/plaatsen",
        "/organisatie/berichten",
        "/moderatie",
    } - seen == set()
    assert complaints == []
    assert wrong_markup(list(tmp_path.glob("*.html"))) == []
