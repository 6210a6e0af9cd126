"""The phone desk on a phone of 320 pixels without JavaScript: from the first ring to a question that is asked."""

import pytest

from tests.browser.hall import Hall
from tests.browser.pages import sticks_out, violations, wrong_markup

pytestmark = pytest.mark.browser


def check(page, folder, name):
    """Keep a page for the checker of markup, and see that it fits."""
    (folder / f"{name}.html").write_text(page.content())
    assert sticks_out(page) <= 0, name


def test_without_script_a_caller_is_registered_found_again_and_asks(browser, make, session, tmp_path):
    helper = make.identity("Ineke", roles=["phone_desk"])
    desk = Hall(browser, make, helper, viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = desk.go("/telefoon")
    check(page, tmp_path, "desk")
    page.get_by_role("link", name="Meld een beller aan zonder e-mail").click()
    page.get_by_label("Naam", exact=True).fill("Sjaan de Wit")
    page.get_by_label("Ik heb verteld wat we bewaren").check()
    check(page, tmp_path, "register")
    page.get_by_role("button", name="Meld aan", exact=True).click()
    page.get_by_role("heading", name="Sjaan de Wit").wait_for()
    check(page, tmp_path, "call")

    page.get_by_label("De vraag, in de woorden van de beller").fill("Wanneer komt er een bankje?")
    page.get_by_role("button", name="Stel de vraag").click()
    page.get_by_role("heading", name="De vraag is nog niet gesteld").wait_for()
    check(page, tmp_path, "refused")
    assert (
        page.get_by_label("De vraag, in de woorden van de beller").input_value()
        == "Wanneer komt er een bankje?"
    )
    page.get_by_label("Ik las de vraag voor").check()
    page.get_by_role("button", name="Stel de vraag").click()
    page.locator(".own__text", has_text="Wanneer komt er een bankje?").wait_for()
    page.get_by_role("button", name="Klaar: sluit dit gesprek").click()

    page.get_by_label("Waarom belt deze persoon?").select_option("question")
    page.get_by_label("Naam, heel e-mailadres, telefoonnummer of nummer van de kaart").fill("sjaan")
    page.get_by_role("button", name="Zoek", exact=True).click()
    page.get_by_role("button", name="Open Sjaan de Wit").wait_for()
    check(page, tmp_path, "found")
    page.get_by_role("button", name="Open Sjaan de Wit").click()
    page.locator(".own__text", has_text="Wanneer komt er een bankje?").wait_for()
    desk.context.close()
    assert wrong_markup(list(tmp_path.glob("*.html"))) == []


@pytest.mark.usefixtures("session")
def test_the_pages_are_accessible(browser, make):
    desk = Hall(
        browser, make, make.identity("Ineke", roles=["phone_desk"]), viewport={"width": 320, "height": 640}
    )
    page = desk.go("/telefoon")
    assert violations(page) == []
    page.get_by_role("link", name="Meld een beller aan zonder e-mail").click()
    page.get_by_label("Naam", exact=True).fill("Sjaan de Wit")
    assert violations(page) == []
    page.get_by_label("Ik heb verteld wat we bewaren").check()
    page.get_by_role("button", name="Meld aan", exact=True).click()
    page.get_by_role("heading", name="Sjaan de Wit").wait_for()
    assert violations(page) == []
    desk.context.close()
