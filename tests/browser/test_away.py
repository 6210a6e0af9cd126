"""Offline and lost connections: typed text survives a closed tab and a captive portal."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.test_hour import ROOM, ask, enter, own
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 640}


@pytest.fixture
def resident(browser, demo_house, tmp_path):
    somebody = Person(browser, demo_house, tmp_path, viewport=PHONE)
    somebody.demo_login("Ellen Bosvelt")
    yield somebody
    somebody.context.close()


def _close_and_come_back(resident):
    """Close the tab while offline; reconnect later in another tab."""
    resident.page.close()
    resident.context.set_offline(False)
    resident.page = resident.context.new_page()
    return resident.page


def test_e14_question_of_a_closed_tab_is_sent_by_the_next_tab(resident):
    room = enter(resident, "live")
    resident.context.set_offline(True)
    ask(room, "Wie ruimt de sneeuw?")
    room.get_by_text("Wacht op verbinding").first.wait_for()

    again = _close_and_come_back(resident)
    again.goto(f"{ROOM}/live")

    own(again, "sneeuw").get_by_text("Wacht op de moderator").wait_for()
    again.reload()
    assert own(again, "sneeuw").count() == 1


def test_e14_old_unsent_question_needs_confirmation(resident):
    room = enter(resident, "live")
    resident.context.set_offline(True)
    ask(room, "Wie zout de stoep?")
    room.get_by_text("Wacht op verbinding").first.wait_for()

    again = _close_and_come_back(resident)
    again.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=11))
    again.goto(f"{ROOM}/live")

    again.get_by_text("Deze vraag was nog niet verstuurd.").wait_for()
    assert again.get_by_label("Schrijf hier je vraag, idee of signaal").input_value() == "Wie zout de stoep?"
    assert own(again, "zout").count() == 0  # nothing went out by itself


def test_e16_page_of_a_proxy_is_not_an_acknowledgement(resident):
    """A captive portal answers 200 with its own page; a proxy whose backend is down answers 502."""
    page, portal = resident.page, "<!doctype html><title>Gratis wifi</title><p>Kijk eerst reclame."
    page.route_web_socket(re.compile("/socket.io/"), lambda socket: socket.close())
    statuses = [200, 502, 504]

    def intercept(route):
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        route.fulfill(status=status, body=portal, content_type="text/html")

    page.route("**/live/op", intercept)
    page.route("**/live/state*", intercept)
    room = enter(resident, "live")
    ask(room, "Wie veegt het blad?")
    room.get_by_text("Wacht op verbinding").first.wait_for()
    room.wait_for_timeout(3000)
    assert own(room, "blad").count() == 0
    assert "Gratis wifi" not in room.content()

    page.unroute("**/live/op")
    page.unroute("**/live/state*")

    own(room, "blad").get_by_text("Wacht op de moderator").wait_for(timeout=40_000)
    room.reload()
    assert own(room, "blad").count() == 1
