"""Desk of a session with thirty questions waiting: what is in view, what moves, and how it is worked."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import sticks_out, violations
from tests.browser.test_walk import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOM = "/sessies/wie-belt-wie"
TEXTS = (
    "Waarom staat het grofvuil er drie weken?",
    "Mogen wij zelf een prullenbak ophangen bij de bushalte?",
    "Hoe vaak komt de huismeester nog langs bij ons in de flat?",
    "Kan de speeltuin ook op zaterdag open?",
)
ASK = """async ([texts, first, count]) => {
  const { opUrl, session, csrf } = document.querySelector("[data-op-url]").dataset;
  for (let at = first; at < first + count; at += 1) {
    const message = { session, op: crypto.randomUUID(), id: crypto.randomUUID(), text: `${texts[at % texts.length]} (${at})`,
      via: "phone", consent: true, for_role: "resident", for_place: "De Klinkers" };
    const answer = await fetch(opUrl, { method: "POST", body: JSON.stringify({ event: "question:ask", message }),
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf } });
    const { ok } = await answer.json();
    if (!ok) throw new Error("not asked");
  }
}"""
IN_VIEW = """() => {
  const seen = document.querySelector("[data-column=waiting] [data-cards]").getBoundingClientRect();
  const news = Math.min(innerHeight, seen.bottom);
  const boxes = [...document.querySelectorAll("[data-column=waiting] [data-question]")]
    .map((card) => card.getBoundingClientRect());
  return boxes.filter((box) => box.height && box.top >= 0 && box.bottom <= news + 1).length;
}"""
PLACES = """() => Object.fromEntries([...document.querySelectorAll("[data-question]")]
  .map((card) => [`${card.closest("[data-column]").dataset.column} ${card.dataset.question}`,
    Math.round(card.getBoundingClientRect().top)])
  .filter(([, top]) => top > 0 && top < innerHeight))"""
ORDER = """() => [...document.querySelectorAll("[data-column=waiting] [data-question]")]
  .map((card) => card.dataset.question)"""


def come_to_the_desk(person, name):
    person.demo_login(name)
    page = person.go(f"{ROOM}/regie")
    page.locator("[data-script=ready]").wait_for()
    return page


def lane(page, name):
    """Press the way to a lane: on a phone it shows that lane."""
    page.get_by_role("navigation", name="Delen van de regie").get_by_role("link", name=name).click()


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def test_thirty_waiting_at_two_desks(browser, demo_house, kept):
    wide, phone = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
    bart, jolien, ruben = (Person(browser, demo_house, kept, viewport=size) for size in (wide, wide, phone))
    bart.demo_login("Bart Overdijk")
    helper = bart.go(f"{ROOM}/live")
    helper.locator("[data-script=ready]").wait_for()
    helper.evaluate(ASK, [TEXTS, 1, 24])
    desk, second = come_to_the_desk(jolien, "Jolien Verkaik"), come_to_the_desk(ruben, "Ruben Haverkate")
    waiting = "[data-column=waiting] [data-question]"
    for page in (desk, second):
        page.locator(waiting).filter(has_text="(24)").wait_for(state="attached")

    # What there is to choose from, without scrolling.
    assert desk.evaluate(IN_VIEW) >= 6
    assert second.evaluate(IN_VIEW) >= 3
    assert desk.locator("[data-column=shortlisted] [data-question]").first.is_visible()
    for page in (desk, second):
        assert (violations(page), sticks_out(page)) == ([], 0)

    # Six more come in: below. Nothing that stood in view moves, in any lane.
    before = [page.evaluate(PLACES) for page in (desk, second)]
    helper.evaluate(ASK, [TEXTS, 25, 6])
    for page, places in zip((desk, second), before, strict=True):
        page.locator(waiting).filter(has_text="(30)").wait_for(state="attached")
        assert {one: page.evaluate(PLACES).get(one) for one in places} == places

    # The same order at both desks, and after a reload.
    orders = [page.evaluate(ORDER) for page in (desk, second)]
    assert orders[0] == orders[1]
    desk.reload()
    desk.locator("[data-script=ready]").wait_for()
    assert desk.evaluate(ORDER) == orders[0]

    # A colleague is busy with one: the other desk reads that, and nothing moves for it.
    places = desk.evaluate(PLACES)
    busy = second.locator(waiting).nth(2)
    card = desk.locator(f"[data-question='{busy.get_attribute('data-question')}']")
    busy.get_by_role("button", name="Ik kijk hiernaar").click()
    card.get_by_text("Ruben Haverkate kijkt hiernaar").wait_for()
    assert desk.evaluate(PLACES) == places
    busy.get_by_role("button", name="Laat los").click()
    card.get_by_role("button", name="Ik kijk hiernaar").wait_for()
    assert desk.evaluate(PLACES) == places

    # A colleague shows one: where it stood a line stays, and the rest stays in its place.
    first = second.locator(waiting).nth(1)
    shown = first.get_attribute("data-question")
    places = desk.evaluate(PLACES)
    first.get_by_role("button", name="Toon aan de zaal").click()
    desk.locator(f"[data-column=visible] [data-question='{shown}']").wait_for(state="attached")
    after = desk.evaluate(PLACES)
    others = {one: top for one, top in places.items() if shown not in one}
    assert {one: after.get(one) for one in others} == others
    desk.get_by_role("button", name="Ruim gedane vragen op").click()
    assert desk.locator(".desk-mark").count() == 0

    # On a phone the lanes are one press away.
    lane(second, "De zaal leest")
    second.locator("[data-column=visible] [data-question]").first.wait_for()
    assert not second.locator(waiting).first.is_visible()

    # What is asked twice is merged in one press, at the card.
    helper.evaluate(
        ASK, [[second.locator(f"[data-question='{shown}'] [data-part=text]").inner_text()], 31, 1]
    )
    twin = desk.locator(waiting).filter(has_text="(31)")
    twin.get_by_role("button", name="Voeg samen").click()
    twin.wait_for(state="detached")

    # A line from behind the scenes is heard wherever somebody is at work.
    lane(second, "Achter de schermen")
    second.get_by_label("Zeg iets tegen de anderen").fill("Nog twee vragen graag")
    second.get_by_role("button", name="Verstuur").click()
    desk.locator("[data-heard]").filter(has_text="Nog twee vragen graag").wait_for()

    # A lost connection is said where the moderator is at work, and is gone when it is back.
    line = second.locator("[data-connection]")
    expect(line).to_be_hidden()
    second.evaluate("scrollTo(0, document.body.scrollHeight)")
    ruben.context.set_offline(True)
    second.evaluate("window.dispatchEvent(new Event('offline'))")
    line.get_by_text("Even geen verbinding").wait_for()
    expect(line).to_be_in_viewport()
    ruben.context.set_offline(False)
    expect(line).to_be_hidden(timeout=40_000)
    assert jolien.complaints + ruben.complaints == []
