"""Lost messages in both directions: pages recover the acknowledged and current state."""

import pytest

from tests.browser.test_hour import ask, card, enter, own
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser
EVENT, ANSWER = "42/live,", "43/live,"


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def lose(person, *kinds):
    """Drop messages of these kinds from the next page on."""

    def through(page_side):
        server = page_side.connect_to_server()
        server.on_message(lambda said: said.startswith(kinds) or page_side.send(said))

    person.page.route_web_socket("**/socket.io/**", through)
    person.page.add_init_script("Math.random = () => 0")  # the spread of who asks: this one is the first


def test_page_without_messages_falls_back_to_polling(browser, demo_house, kept):
    size = {"width": 1280, "height": 900}
    ellen, naima, jolien = (Person(browser, demo_house, kept, viewport=size) for _ in range(3))
    ellen.demo_login("Ellen Bosvelt")
    naima.demo_login("Naima Geertsen")
    jolien.demo_login("Jolien Verkaik")
    lose(ellen, EVENT)
    deaf, hall, desk = enter(ellen, "live"), enter(naima, "live"), enter(jolien, "regie")

    ask(hall, "Hoort iedereen dit, ook in stilte?")
    card(desk, "ook in stilte").get_by_role("button", name="Toon aan de zaal").click()

    deaf.get_by_role("button", name="1 nieuwe vraag tonen").click(timeout=20_000)
    card(deaf, "ook in stilte").wait_for()
    assert (
        deaf.locator("[data-room]").get_attribute("data-script") == "ready"
    )  # the same page, never loaded anew


def test_e15_tab_closed_before_the_acknowledgement_gives_one_question(browser, demo_house, kept):
    naima = Person(browser, demo_house, kept, viewport={"width": 768, "height": 900})
    naima.demo_login("Naima Geertsen")
    page = enter(naima, "live")
    asked = []

    def through(page_side):
        server = page_side.connect_to_server()

        def back(said):  # once something was asked, no answer arrives any more
            if not (asked and said.startswith((ANSWER, EVENT))):
                page_side.send(said)

        def there(said):
            if isinstance(said, str) and "question:ask" in said:
                asked.append(said)
            server.send(said)

        server.on_message(back)
        page_side.on_message(there)

    page.route_web_socket("**/socket.io/**", through)
    page = enter(naima, "live")
    ask(page, "Kwam dit maar één keer aan?")
    page.get_by_text("Wacht op verbinding").wait_for(timeout=15_000)
    assert asked
    page.close()

    naima.page = naima.context.new_page()
    page = enter(naima, "live")
    own(page, "maar één keer").get_by_text("Wacht op de moderator").wait_for(timeout=15_000)
    page.reload()
    assert own(page, "maar één keer").count() == 1
