"""The page of who is on stage: pressed without a reload, readable on any screen. Without a server."""

from datetime import timedelta

import pytest

from dagvandebuurt.qanda.models import QuestionStatus
from tests.browser.hall import Hall
from tests.browser.pages import sticks_out, violations
from tests.browser.test_large_text import LEAST_LETTERS, SIZES, WRONG

pytestmark = pytest.mark.browser


@pytest.fixture
def host(make, session):
    return make.identity("Ruben", roles=[("host", session.id)])


@pytest.fixture
def ready(make, session):
    for minute, text in enumerate(("Waarom is het pad donker?", "Wie betaalt de lamp?", "Wanneer komt hij?")):
        make.question(
            session, status=QuestionStatus.SHORTLISTED, text=text,
            asked_at=session.starts_at + timedelta(minutes=minute),
        )  # fmt: skip


def test_host_leads_without_a_reload(browser, make, session, host, ready):
    hall = Hall(browser, make, host, viewport={"width": 768, "height": 1024})
    page = hall.go(f"/sessies/{session.slug}/gespreksleider")
    page.locator("[data-script=ready]").wait_for()
    page.evaluate("window.same = true")
    now, next_ = page.locator(".hosting__now"), page.locator(".hosting__next")

    page.get_by_role("button", name="Later: Waarom is het pad donker?").click()
    page.locator(".hosting__list li:first-child").filter(has_text="Wie betaalt de lamp?").wait_for()
    next_.get_by_role("button", name="Volgende").click()
    now.get_by_text("Wie betaalt de lamp?").wait_for()
    assert next_.get_by_text("Wie betaalt de lamp?").count() == 0
    page.get_by_label("Zeg iets tegen de anderen").fill("Ik neem er nog twee")
    page.get_by_role("button", name="Verstuur").click()
    page.locator(".hosting__lines").get_by_text("Ik neem er nog twee").wait_for()
    page.get_by_label("Zeg iets tegen de anderen").fill("En dan stoppen we")
    page.get_by_role("button", name="Nog 5 minuten").click()
    page.locator(".hosting__signal").wait_for()

    assert page.get_by_label("Zeg iets tegen de anderen").input_value() == "En dan stoppen we"
    assert page.evaluate("window.same") is True
    assert violations(page) == []
    for percent, width in SIZES:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
        assert page.evaluate(WRONG, [LEAST_LETTERS]) == [], (percent, width)
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert sticks_out(page) <= 0
    hall.context.close()


def test_without_javascript_every_button_works(browser, make, session, host, ready):
    hall = Hall(browser, make, host, viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = hall.go(f"/sessies/{session.slug}/gespreksleider")

    page.get_by_role("button", name="Volgende").click()

    assert page.locator(".hosting__now").get_by_text("Waarom is het pad donker?").is_visible()
    assert page.get_by_text("De zaal ziet deze vraag nu groot.").is_visible()
    hall.context.close()
