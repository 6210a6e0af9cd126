"""The hall chat in a browser: two people and a moderator who hides a line; and without a script."""

import pytest

from dagvandebuurt.chat import events
from tests.browser.hall import Hall
from tests.browser.pages import sticks_out, violations
from tests.browser.test_large_text import LEAST_LETTERS, SIZES, WRONG

pytestmark = pytest.mark.browser


@pytest.fixture
def jolien(make, session):
    return make.moderator("Jolien", session)


@pytest.fixture
def chats(make, session, jolien):
    assert make.do(events.ARRANGE, jolien, session, is_open=True)["ok"]
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


def test_two_people_talk_and_a_moderator_hides_a_line(browser, make, chats, jolien):
    noor = Hall(browser, make, make.identity("Noor"), viewport={"width": 320, "height": 700})
    gerrit = Hall(browser, make, make.guest("Gast Gerrit"), viewport={"width": 1280, "height": 800})
    mine = noor.go(f"/sessies/{chats.slug}/zaalgesprek")
    theirs = gerrit.go(f"/sessies/{chats.slug}/live")
    for page in (mine, theirs):
        page.locator("[data-script=ready]").wait_for()
        page.evaluate("window.same = true")
    lines = theirs.locator("[data-chat-lines]")
    assert theirs.get_by_role("log").count() == 0  # folded: silent

    mine.get_by_label("Schrijf een korte regel").fill("Ik ben boos op Piet")
    mine.get_by_role("button", name="Zet erbij").click()
    mine.locator("[data-chat-lines]").get_by_text("Ik ben boos op Piet").wait_for()
    assert mine.get_by_label("Schrijf een korte regel").input_value() == ""
    lines.get_by_text("Ik ben boos op Piet").wait_for(state="attached")
    theirs.locator("[data-chat-fold] > summary").click()
    lines.get_by_text("Ik ben boos op Piet").wait_for()
    assert theirs.locator("[data-chat-log]").get_attribute("role") == "log"

    mine.get_by_label("Schrijf een korte regel").fill("En nog iets")
    mine.get_by_role("button", name="Zet erbij").click()
    mine.locator("#chat-fout").wait_for()  # too soon
    assert mine.get_by_label("Schrijf een korte regel").input_value() == "En nog iets"
    assert measured(mine) == []

    desk = Hall(browser, make, jolien, viewport={"width": 768, "height": 1024})
    page = desk.go(f"/sessies/{chats.slug}/regie/zaalgesprek")
    page.locator("[data-script=ready]").wait_for()
    page.evaluate("window.same = true")
    page.locator("[data-row] summary").click()
    assert measured(page) == []
    page.get_by_role("button", name="Verberg deze regel").click()
    page.get_by_role("button", name="Toon weer").wait_for()
    lines.get_by_text("Ik ben boos op Piet").wait_for(state="detached")
    mine.get_by_text("Een moderator verborg je regel:").wait_for()
    assert mine.get_by_label("Schrijf een korte regel").input_value() == "En nog iets"
    assert all(each.evaluate("window.same") is True for each in (mine, theirs, page))
    for each in (noor, gerrit, desk):
        each.context.close()


def test_a_chat_that_is_turned_on_meanwhile_comes_below_the_questions(browser, make, session, jolien):
    hall = Hall(browser, make, make.identity("Noor"), viewport={"width": 360, "height": 740})
    page = hall.go(f"/sessies/{session.slug}/live")
    page.locator("[data-script=ready]").wait_for()
    assert page.locator("[data-chat]").count() == 0

    assert make.do(events.ARRANGE, jolien, session, is_open=True)["ok"]

    page.locator(".part--questions [data-chat-fold]").wait_for()
    assert page.locator("[data-chat-fold][open]").count() == 0
    hall.context.close()


def test_without_javascript_one_reads_and_writes_along(browser, make, chats):
    hall = Hall(
        browser,
        make,
        make.identity("Noor"),
        viewport={"width": 320, "height": 640},
        java_script_enabled=False,
    )
    page = hall.go(f"/sessies/{chats.slug}/live")
    page.locator("[data-chat-fold] > summary").click()
    page.get_by_label("Schrijf een korte regel").fill("Ik zit achterin")
    page.get_by_role("button", name="Zet erbij").click()
    page.locator("[data-chat-lines]").get_by_text("Ik zit achterin").wait_for()

    page.get_by_label("Schrijf een korte regel").fill("En nog iets")
    page.get_by_role("button", name="Zet erbij").click()
    page.locator("#chat-fout").wait_for()

    assert page.get_by_label("Schrijf een korte regel").input_value() == "En nog iets"
    hall.context.close()
