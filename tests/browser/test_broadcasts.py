"""A broadcast reaches open rooms without a reload, and everybody else at their next page."""

import pytest

from tests.browser.pages import sticks_out, violations
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser
SENTENCE = "De opening begint tien minuten later."
LINE = "[data-messages] [data-broadcast]"


def live_rooms(page):
    """Return the addresses of three rooms that are open now."""
    links = page.locator("article:has([data-state=live]) h3 a, article:has([data-state=live]) h4 a")
    found = links.evaluate_all("all => all.map(one => one.pathname)")
    return [f"{path}/live" for path in dict.fromkeys(found)][:3]


def test_three_open_rooms_are_told_and_who_has_no_script_at_the_next_page(browser, demo_house, tmp_path):
    how = {"viewport": {"width": 320, "height": 640}}
    people = [Person(browser, demo_house, tmp_path, **how) for _ in range(3)]
    paths = live_rooms(people[0].go("/programma"))
    assert len(paths) == 3
    rooms = [person.go(path) for person, path in zip(people, paths, strict=True)]
    for room in rooms:
        room.locator("[data-script=ready]").wait_for(state="attached")
        assert room.locator(LINE).count() == 0
    plain = Person(browser, demo_house, tmp_path, java_script_enabled=False, **how)
    organiser = Person(browser, demo_house, tmp_path, **how)
    organiser.demo_login("Roos Wildervank")

    desk = organiser.go("/organisatie/omroep")
    assert violations(desk) == []
    assert sticks_out(desk) <= 0
    desk.get_by_label("Wat moet iedereen weten?").fill(SENTENCE)
    desk.get_by_role("button", name="Bekijk eerst").click()
    assert desk.get_by_role("heading", name="Zo ziet het eruit").is_visible()
    desk.get_by_role("button", name="Zeg het").click()
    try:
        assert desk.locator(LINE).inner_text().endswith(SENTENCE)
        for room in rooms:
            room.locator(LINE).get_by_text(SENTENCE).wait_for()
            assert room.locator("[data-messages]").get_attribute("role") == "status"  # so it is read aloud
            assert sticks_out(room) <= 0
        assert violations(rooms[0]) == []
        assert plain.go("/hulp").locator(LINE).inner_text().endswith(SENTENCE)
    finally:
        desk.get_by_role("button", name="Haal weg").click()
    for room in rooms:
        room.locator(LINE).wait_for(state="detached")
    assert plain.go("/hulp").locator(LINE).count() == 0
    assert [person.complaints for person in people] == [[], [], []]
