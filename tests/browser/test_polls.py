"""Poll from the desk to the hall and the big screen, and its published result; reactions."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import sticks_out, violations, wrong_markup
from tests.browser.test_hour import enter
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser

# In place of the question on stage, or at the field to ask while that is out of sight.
IN_FIRST_SCREEN = """(title) => [...document.querySelectorAll("[data-votebar], [data-poll-news]")].some((each) => {
  const { height, bottom } = each.getBoundingClientRect();
  return height > 0 && bottom <= innerHeight && each.textContent.includes(title);
})"""

# Applause goes by itself: whoever looks late still knows that it was there.
CLAPPED = """() => {
  const place = document.querySelector("[data-clapping]");
  const where = () => JSON.stringify([...document.querySelectorAll("h1, h2, button")].map((each) => each.getBoundingClientRect().top));
  const before = where();
  new MutationObserver(() => {
    if (!place.querySelector("[data-clapped=applause][data-on]")) return;
    document.documentElement.dataset.clapped = where() === before ? "nothing moved" : "something moved";
  }).observe(place, { attributes: true, subtree: true });
}"""


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def test_poll_from_draft_to_published_result(browser, demo_house, kept):
    phone, wide = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
    moderator, resident, screen = (
        Person(browser, demo_house, kept, viewport=size) for size in (wide, phone, wide)
    )
    moderator.demo_login("Jolien Verkaik")
    resident.demo_login("Mila Roovers")
    desk, room, podium = enter(moderator, "regie"), enter(resident, "live"), enter(screen, "podium")

    half_a_question = room.get_by_label("Schrijf hier je vraag, idee of signaal")
    half_a_question.fill("Kan de container ook")
    desk.evaluate("document.documentElement.dataset.sameness = 'yes'")  # gone after a reload
    desk.get_by_text("Maak een peiling").click()
    desk.get_by_label("Wat vraag je de zaal?").fill("Wie belt er het eerst?")
    desk.get_by_label("Antwoorden, elk op een eigen regel").fill("De buurman\nDe wijkagent")
    assert (violations(desk), sticks_out(desk)) == ([], 0)
    desk.get_by_role("button", name="Bewaar als concept").click()
    poll = desk.locator(".desk__polls [data-poll]").filter(has_text="Wie belt er het eerst?")
    poll.get_by_role("button", name="Open de peiling").click()

    room.wait_for_function(IN_FIRST_SCREEN, arg="Wie belt er het eerst?")
    room.locator("[data-votebar]").get_by_role("link", name="Doe mee").click()
    asked = room.locator("[data-poll]").filter(has_text="Wie belt er het eerst?")
    asked.get_by_label("De wijkagent").check()
    asked.get_by_role("button", name="Dit kies ik").click()
    asked.get_by_text("Je antwoord is binnen.").wait_for()
    assert (violations(room), sticks_out(room)) == ([], 0)
    podium.locator("[data-poll]").filter(has_text="Wie belt er het eerst?").wait_for()
    assert violations(podium) == []
    desk.get_by_text("1 persoon heeft gekozen.").wait_for()
    room.reload()
    assert asked.get_by_label("De wijkagent").is_checked()

    poll.get_by_role("button", name="Sluit en tel").click()
    asked.get_by_text("De uitslag volgt.").wait_for()
    room.locator("[data-votebar][hidden]").wait_for(state="attached")
    assert half_a_question.input_value() == "Kan de container ook"
    assert asked.locator(".bars").count() == 0
    poll.get_by_role("button", name="Toon de uitslag").click()
    asked.get_by_role("row", name="De wijkagent").get_by_text("1").wait_for()
    podium.locator("[data-poll] .bars").filter(has_text="De wijkagent").wait_for()
    assert (violations(room), violations(desk), violations(podium)) == ([], [], [])

    assert desk.evaluate("document.documentElement.dataset.sameness") == "yes"

    for page in (desk, podium):
        page.evaluate(CLAPPED)
    room.get_by_role("button", name="Applaus").click()
    room.locator("[data-reaction=applause]").filter(has_text="+1").wait_for()
    for page in (desk, podium):
        page.locator("[data-clapped='nothing moved']").wait_for()
    for name, person in (("desk", moderator), ("room", resident), ("podium", screen)):
        assert sticks_out(person.page) <= 0, name
        (kept / f"{name}.html").write_text(person.page.request.get(person.page.url).text())
    assert wrong_markup(sorted(kept.glob("*.html"))) == []
    for person in (moderator, resident, screen):
        assert person.complaints == []


def test_open_text_from_draft_to_podium(browser, demo_house, kept):
    phone, wide = {"width": 320, "height": 640}, {"width": 1280, "height": 720}
    moderator, resident, screen = (
        Person(browser, demo_house, kept, viewport=size) for size in (wide, phone, wide)
    )
    plain = Person(browser, demo_house, kept, viewport=phone, java_script_enabled=False)
    moderator.demo_login("Jolien Verkaik")
    resident.demo_login("Mila Roovers")
    plain.demo_login("Sven Appelhof")
    desk, room, podium = enter(moderator, "regie"), enter(resident, "live"), enter(screen, "podium")
    title = "Wat mist u in de straat?"

    desk.evaluate("document.documentElement.dataset.sameness = 'yes'")  # gone after a reload
    desk.get_by_text("Maak een peiling").click()
    desk.get_by_label("Wat vraag je de zaal?").fill(title)
    options = desk.get_by_label("Antwoorden, elk op een eigen regel")
    expect(options).to_be_visible()
    desk.get_by_label("Ze schrijven zelf een antwoord: een open vraag").check()
    expect(options).to_be_hidden()
    desk.get_by_role("button", name="Bewaar als concept").click()
    poll = desk.locator(".desk__polls [data-poll]").filter(has_text=title)
    poll.get_by_role("button", name="Open de peiling").click()

    room.wait_for_function(IN_FIRST_SCREEN, arg=title)
    room.locator("[data-votebar]").get_by_role("link", name="Doe mee").click()
    asked = room.locator("[data-poll]").filter(has_text=title)
    field = asked.get_by_label("Jouw antwoord, in één zin")
    field.fill("Een bankje bij de vijver")
    asked.get_by_role("button", name="Stuur mijn antwoord").click()
    asked.get_by_text("Je antwoord is binnen.").wait_for()
    assert (violations(room), sticks_out(room)) == ([], 0)

    page = plain.go(room.url)
    of_plain = page.locator("[data-poll]").filter(has_text=title)
    of_plain.get_by_label("Jouw antwoord, in één zin").fill("x" * 130)
    of_plain.get_by_role("button", name="Stuur mijn antwoord").click()
    again = page.get_by_label("Jouw antwoord, in één zin")
    expect(again).to_have_value("x" * 130)
    assert sticks_out(page) <= 0
    (kept / "open-refused.html").write_text(page.content())
    again.fill("Mevrouw Geheim")
    page.get_by_role("button", name="Stuur mijn antwoord").click()
    expect(of_plain.get_by_label("Jouw antwoord, in één zin")).to_have_value("Mevrouw Geheim")

    answer = poll.get_by_role("checkbox", name="Een bankje bij de vijver")
    answer.wait_for()
    poll.get_by_role("checkbox", name="Mevrouw Geheim").wait_for()
    podium.locator("[data-poll]").filter(has_text=title).wait_for()
    answer.check()
    poll.get_by_role("button", name="Toon deze antwoorden").click()
    asked.get_by_role("listitem").filter(has_text="Een bankje").wait_for()
    podium.locator("[data-poll] li").filter(has_text="Een bankje").wait_for()
    page.reload()
    of_plain.get_by_role("listitem").filter(has_text="Een bankje").wait_for()
    assert "Geheim" not in room.content() + podium.content()
    assert (violations(desk), violations(room), violations(podium)) == ([], [], [])
    assert (sticks_out(desk), sticks_out(room)) == (0, 0)
    room.reload()
    expect(field).to_have_value("Een bankje bij de vijver")
    room.locator("[data-script=ready]").wait_for()

    field.fill("Een bankje en een prullenbak")  # and not sent before it closes
    poll.get_by_role("button", name="Sluit en tel").click()
    asked.get_by_text("De uitslag volgt.").wait_for()
    asked.locator("q").filter(has_text="Een bankje en een prullenbak").wait_for()
    poll.get_by_role("button", name="Toon de uitslag").click()
    asked.get_by_role("row", name="Een bankje bij de vijver").wait_for()
    podium.locator("[data-poll] .bars").filter(has_text="Een bankje").wait_for()
    assert desk.evaluate("document.documentElement.dataset.sameness") == "yes"
    for name, person in (("desk", moderator), ("room", resident), ("podium", screen)):
        (kept / f"open-{name}.html").write_text(person.page.request.get(person.page.url).text())
    assert wrong_markup(sorted(kept.glob("open-*.html"))) == []
    for person in (moderator, resident, screen):
        assert person.complaints == []
