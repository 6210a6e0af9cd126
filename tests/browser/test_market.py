"""The market in a browser: a visitor who has no account wants it too and leaves a number, which its holder reads."""

import pytest

from tests.browser.hall import Hall
from tests.browser.pages import sticks_out, violations
from tests.browser.test_large_text import LEAST_LETTERS, SIZES, WRONG
from tests.market.conftest import clock, stand  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser


def wrong_with(page):
    """What is wrong with the page, with large text on small phones as well."""
    found = list(violations(page))
    for percent, width in SIZES:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
        found += page.evaluate(WRONG, [LEAST_LETTERS])
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found + ([sticks_out(page)] if sticks_out(page) > 0 else [])


@pytest.mark.parametrize("runs_scripts", [False, True], ids=["without-script", "with-script"])
def test_a_visitor_without_an_account_leaves_a_number_and_the_holder_reads_it(
    browser,
    make,
    stand,  # noqa: F811
    runs_scripts,
):
    hall = Hall(browser, make, viewport={"width": 320, "height": 640}, java_script_enabled=runs_scripts)
    page = hall.go("/markt")
    page.get_by_role("link", name="De soepbus").click()
    page.get_by_role("heading", name="De soepbus", level=1).wait_for()

    page.get_by_role("button", name="Dit wil ik ook", exact=True).click()
    page.get_by_role("heading", name="Dit wil ik ook in mijn buurt", level=1).wait_for()
    if runs_scripts:
        assert wrong_with(page) == []
    page.get_by_role("link", name="Laat mijn nummer achter").click()
    page.get_by_role("heading", name="De soepbus", level=1).wait_for()
    line = page.get_by_role("textbox", name="Waar gaat het over?")
    assert line.input_value() == "Dit wil ik ook in mijn buurt."

    page.get_by_role("textbox", name="Je naam").fill("Fatma")
    page.get_by_role("textbox", name="Je telefoonnummer").fill("bel mij")
    page.get_by_role("button", name="Laat achter").click()
    page.get_by_role("heading", name="Kijk nog even naar dit formulier").wait_for()
    assert page.get_by_role("textbox", name="Je naam").input_value() == "Fatma"
    if runs_scripts:
        assert wrong_with(page) == []
    page.get_by_role("textbox", name="Je telefoonnummer").fill("06 12 34 56 78")
    page.get_by_role("button", name="Laat achter").click()
    page.get_by_role("heading", name="Je briefje ligt in de kraam").wait_for()
    if runs_scripts:
        assert wrong_with(page) == []
    hall.context.close()

    gerda = make.person("Gerda", roles=[("stand_holder", stand.id)])
    keeper = Hall(
        browser, make, gerda, viewport={"width": 320, "height": 640}, java_script_enabled=runs_scripts
    )
    page = keeper.go(f"/kraam/{stand.slug}")
    page.get_by_text("1 bezoeker wil dit ook.", exact=True).wait_for()
    page = keeper.go("/kraam")
    page.get_by_role("link", name="1 briefje van een bezoeker").click()
    page.get_by_role("link", name="0612345678", exact=True).wait_for()
    assert page.get_by_text("Fatma", exact=True).is_visible()
    if runs_scripts:
        assert wrong_with(page) == []
    page.get_by_role("button", name="Klaar, haal briefje 1 weg").click()
    page.get_by_text("Er ligt nu geen briefje.", exact=True).wait_for()
    keeper.context.close()
