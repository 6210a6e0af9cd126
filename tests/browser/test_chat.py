"""The hall chat in a browser: two people and a moderator who hides a line; and without a script."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

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


def begin(hall, path):
    page = hall.go(path)
    page.locator("[data-script=ready]").wait_for()
    page.evaluate("window.same = true")
    return page


def field(page):
    return page.get_by_label("Schrijf een korte regel")


def test_two_people_talk_and_a_moderator_hides_a_line(browser, make, chats, jolien):
    noor = Hall(browser, make, make.identity("Noor"), viewport={"width": 320, "height": 700})
    gerrit = Hall(browser, make, make.guest("Gast Gerrit"), viewport={"width": 1280, "height": 800})
    mine, theirs = (begin(each, f"/sessies/{chats.slug}/live") for each in (noor, gerrit))
    theirs.locator("[data-chat-fold] > summary").click()
    expect(theirs.get_by_role("log")).to_have_count(1)
    expect(mine.get_by_role("log")).to_have_count(0)  # folded: nothing of it is asked for, or read aloud

    mine.locator("[data-chat-fold] > summary").click()
    field(mine).fill("Ik ben boos op Piet")
    mine.get_by_role("button", name="Zet erbij").click()
    mine.get_by_role("log").get_by_text("Ik ben boos op Piet").wait_for()
    expect(field(mine)).to_have_value("")
    lines = theirs.get_by_role("log")
    lines.get_by_text("Ik ben boos op Piet").wait_for()

    field(mine).fill("En nog iets")
    mine.get_by_role("button", name="Zet erbij").click()
    mine.locator("#chat-fout").wait_for()  # too soon
    expect(field(mine)).to_have_value("En nog iets")
    assert measured(mine) == []

    desk = Hall(browser, make, jolien, viewport={"width": 768, "height": 1024})
    page = begin(desk, f"/sessies/{chats.slug}/regie/zaalgesprek")
    page.locator("[data-row] summary").click()
    assert measured(page) == []
    page.get_by_role("button", name="Verberg deze regel").click()
    page.get_by_role("button", name="Toon weer").wait_for()
    lines.get_by_text("Ik ben boos op Piet").wait_for(state="detached")
    mine.get_by_text("Een moderator verborg je regel:").wait_for()
    expect(field(mine)).to_have_value("En nog iets")

    page.locator("[data-row] summary").click()
    page.get_by_role("button", name="Zet deze persoon stil").click()
    page.get_by_role("button", name="Laat weer meedoen").wait_for()
    mine.get_by_role("button", name="Zet erbij").click()
    mine.get_by_text("Een moderator zette je stil in deze zaal.").first.wait_for()
    expect(field(mine)).to_have_value("En nog iets")
    assert all(each.evaluate("window.same") is True for each in (mine, theirs, page))
    for each in (noor, gerrit, desk):
        each.context.close()


def test_new_lines_move_nothing_while_a_moderator_decides(browser, make, chats, jolien):
    assert make.do(events.SAY, make.identity("Noor"), chats, id=str(uuid4()), text="De eerste")["ok"]
    desk = Hall(browser, make, jolien, viewport={"width": 768, "height": 1024})
    page = begin(desk, f"/sessies/{chats.slug}/regie/zaalgesprek")
    page.locator("[data-row] summary").click()
    page.get_by_label("Waarom?").select_option("no_ads")

    assert make.do(events.SAY, make.identity("Bram"), chats, id=str(uuid4()), text="De tweede")["ok"]

    page.get_by_role("button", name="1 nieuwe regel").wait_for()
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.get_by_label("Waarom?")).to_have_value("no_ads")
    page.get_by_role("button", name="1 nieuwe regel").click()
    page.locator("[data-row]").get_by_text("De tweede", exact=True).wait_for()
    desk.context.close()


def test_a_chat_that_is_turned_on_meanwhile_comes_below_the_questions(browser, make, session, jolien):
    hall = Hall(browser, make, make.identity("Noor"), viewport={"width": 360, "height": 740})
    page = begin(hall, f"/sessies/{session.slug}/live")
    expect(page.locator("[data-chat-fold]")).to_have_count(0)

    assert make.do(events.ARRANGE, jolien, session, is_open=True)["ok"]

    page.locator(".part--questions [data-chat-fold]").wait_for()
    expect(page.get_by_role("log")).to_have_count(0)
    page.locator("[data-chat-fold] > summary").click()
    field(page).wait_for()
    expect(page.get_by_role("log")).to_have_count(1)
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
    page.get_by_role("link", name="Lees en schrijf mee in het zaalgesprek").click()
    field(page).fill("Ik zit achterin")
    page.get_by_role("button", name="Zet erbij").click()
    page.locator("[data-chat-lines]").get_by_text("Ik zit achterin").wait_for()

    field(page).fill("En nog iets")
    page.get_by_role("button", name="Zet erbij").click()
    page.locator("#chat-fout").wait_for()

    expect(field(page)).to_have_value("En nog iets")
    hall.context.close()
