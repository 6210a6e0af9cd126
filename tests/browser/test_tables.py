"""A round of 24 people at small tables: two in browsers, one of them without a script, and one who comes back."""

import pytest
from playwright.sync_api import expect

from tests.breakouts.test_rounds import crowd, post, seats, text
from tests.browser.hall import Hall
from tests.browser.pages import sticks_out, violations
from tests.browser.test_large_text import LEAST_LETTERS, SIZES, WRONG

pytestmark = pytest.mark.browser


def readable(page):
    assert violations(page) == []
    for percent, width in SIZES:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
        assert page.evaluate(WRONG, [LEAST_LETTERS]) == [], (percent, width)
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert sticks_out(page) <= 0


def test_round_of_24_with_a_rejoin(browser, make, app, session):
    people = crowd(make, app, session, 24)
    room = f"/sessies/{session.slug}"
    moderator = make.moderator("Jolien", session)
    hall = Hall(browser, make, moderator)
    desk = hall.go(f"{room}/regie/tafels")
    desk.get_by_label("De vraag op tafel").fill("Wat werkt er in jouw buurt?")
    readable(desk)
    desk.get_by_role("button", name="Begin de ronde").click()
    desk.get_by_role("heading", name="Ronde 1 is bezig").wait_for()
    where = seats(app)
    assert len(where) == 24
    noor = people[0]
    number = where[noor.id][0]
    kees = next(each for each in people[1:] if where[each.id][0] == number)
    for person in people:
        if person not in (noor, kees):
            post(make.browser(person), f"{room}/tafel")

    plain = Hall(browser, make, kees, viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = plain.go(f"{room}/live")
    page.get_by_role("link", name="Naar de tafels").click()
    page.get_by_role("button", name="Ga zitten").click()
    page.get_by_role("heading", name=f"Tafel {number}").wait_for()
    page.get_by_label("Schrijf iets op").fill("Een bankje voor de deur")
    page.get_by_role("button", name="Zet het erbij").click()
    page.locator(".table__lines").get_by_text("Een bankje voor de deur").wait_for()

    lively = Hall(browser, make, noor)
    page = lively.go(f"{room}/live")
    page.get_by_role("link", name="Naar de tafels").click()
    page.get_by_role("button", name="Ga zitten").click()
    page.get_by_role("heading", name=f"Tafel {number}").wait_for()  # the page before has a script too
    page.locator("[data-script=ready]").wait_for()
    page.evaluate("window.same = true")
    page.locator(".table__people").get_by_text(kees.name, exact=True).wait_for()
    field = page.get_by_label("Schrijf iets op")
    field.fill("Samen koken op vrijdag")
    page.get_by_role("button", name="Zet het erbij").click()
    page.locator(".table__lines").get_by_text("Samen koken op vrijdag").wait_for()
    assert page.locator(".table__lines").get_by_text("Een bankje voor de deur").is_visible()
    expect(field).to_have_value(
        ""
    )  # a look of the page itself may bring the line before the press is answered
    assert page.evaluate("window.same") is True
    readable(page)
    lively.context.close()  # a lost line, an empty battery

    again = Hall(browser, make, noor, viewport={"width": 360, "height": 740})
    page = again.go(f"{room}/live")
    page.get_by_role("link", name="Naar de tafels").click()
    page.get_by_role("heading", name=f"Tafel {number}").wait_for()
    page.locator(".table__lines").get_by_text("Samen koken op vrijdag").wait_for()
    page.get_by_role("button", name="Neem mee: Een bankje voor de deur").click()
    page.locator(".table__outcome").get_by_text("Een bankje voor de deur").wait_for()
    page.get_by_role("button", name="Vraag hulp").click()
    page.get_by_text("Jullie vroegen hulp. De moderator ziet het.").wait_for()

    assert f"Tafel {number} vraagt hulp" in text(hall.client, f"{room}/regie/tafels")
    for each in (hall, plain, again):
        each.context.close()
