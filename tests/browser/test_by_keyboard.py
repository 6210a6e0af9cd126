"""Two moderators and a host lead a whole session by keyboard: no pointer, and the focus is never lost."""

import re
from uuid import uuid4

import pytest

from dagvandebuurt.core.clock import now
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.models import Role, RoleGrant
from dagvandebuurt.programme.models import ProgrammeSession
from tests.chaos.rounds import until
from tests.hour.desks import Seat, lane_of
from tests.served import serve
from tests.socket_client import Socket
from tests.visitors import house_of, live_session, visitors

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXTS = ("Wie veegt de stoep?", "Wanneer komt de bank terug?", "Mijn buurman is een leugenaar.")
MOST_TABS, MOST_SECONDS = 150, 20
IS_HEADING = "document.activeElement.matches('h2')"
NO_POINTER = "addEventListener('pointerdown', () => { window.pointed = true; }, true)"


@pytest.fixture
def led(tmp_path, browser):
    """(two desks, the host's page, questions by their text) of a session in a server of its own."""
    with serve(tmp_path / "house") as house:
        app = house_of(tmp_path / "house", house.environ)
        room = live_session(app, "Samen zonder muis")
        one, two, host, resident = visitors(app, 4, moderators=2)
        with app.app_context(), transaction():
            db.session.add(
                RoleGrant(person_id=host.person_id, role=Role.HOST, scope_id=room, granted_at=now())
            )
            slug = db.session.get_one(ProgrammeSession, room).slug
        socket = Socket(house.url, cookie=resident.cookie, token=resident.token, timeout=20)
        assert socket.call("session:enter", {"session": str(room)}, timeout=20)["ok"]
        asked = {text: str(uuid4()) for text in TEXTS}
        for text, name in asked.items():
            message = {"session": str(room), "op": uuid4().hex, "id": name, "text": text}
            assert socket.call("question:ask", message, timeout=20)["ok"]
        socket.close()
        seats = [
            Seat(browser, house.url, one, 1280, 800),
            Seat(browser, house.url, two, 390, 844),
            Seat(browser, house.url, host, 1024, 768),
        ]
        for seat, page in zip(seats, ("regie", "regie", "gespreksleider"), strict=True):
            seat.page.add_init_script(NO_POINTER)
            seat.go(f"/sessies/{slug}/{page}")
        yield [seat.page for seat in seats], asked
        assert [seat.complaints for seat in seats] == [[], [], []]
        for seat in seats:
            seat.context.close()
        with app.app_context():
            db.engine.dispose()


def reach(page, target):
    """Press Tab until this has the keyboard."""
    target.wait_for()
    for _ in range(MOST_TABS):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {target}")


def press(page, target, key="Enter"):
    reach(page, target)
    page.keyboard.press(key)


def to_lane(page, name):
    ways = page.get_by_role("navigation", name="Delen van de regie")
    press(page, ways.get_by_role("link", name=re.compile(f"^{name}")))
    assert until(lambda: page.evaluate(IS_HEADING), MOST_SECONDS)


def key(page, sign, question):
    """Press a key of the desk, by which this question gets the keyboard."""
    page.keyboard.press(sign)
    there = until(lambda: page.evaluate("document.activeElement.dataset.question") == question, MOST_SECONDS)
    assert there, page.evaluate("document.activeElement.outerHTML.slice(0, 300)")


def keeps_focus(page):
    """Wait until something has the keyboard, after what was pressed moved or went."""
    assert until(lambda: page.evaluate("document.activeElement !== document.body"), MOST_SECONDS)


def test_a_whole_session_is_led_by_keyboard(led):
    (desk, second, host), asked = led
    stoep, bank, leugen = (asked[text] for text in TEXTS)

    # Show two questions and hide one, from one to the next without a look for the place.
    key(desk, "j", stoep)
    desk.keyboard.press("t")
    desk.locator(lane_of("visible", stoep)).wait_for(state="attached")
    key(desk, "j", bank)
    desk.keyboard.press("t")
    desk.locator(lane_of("visible", bank)).wait_for(state="attached")
    key(desk, "j", leugen)
    desk.keyboard.press("v")
    desk.keyboard.press("Space")
    card = desk.locator(f"[data-question='{leugen}']")
    press(desk, card.get_by_role("button", name="Verberg deze vraag"))
    desk.locator(lane_of("hidden", leugen)).wait_for(state="attached")
    keeps_focus(desk)

    # The colleague, on a narrow screen, gets both ready.
    for question in (stoep, bank):
        second.locator(lane_of("visible", question)).wait_for(state="attached")
    to_lane(second, "De zaal leest")
    for question in (stoep, bank):
        key(second, "j", question)
        second.keyboard.press("z")
        second.locator(lane_of("shortlisted", question)).wait_for(state="attached")
    keeps_focus(second)

    # The host takes the first, with a key.
    coming, turn = host.locator(".hosting__next"), host.locator(".hosting__now")
    coming.get_by_text(TEXTS[1]).wait_for()
    coming.get_by_text(TEXTS[0]).wait_for()
    first, then = coming.locator("li .hosting__text").all_inner_texts()
    press(host, host.get_by_role("button", name=f"Later: {first}"))
    coming.locator("li").nth(1).get_by_text(first).wait_for()
    press(host, host.get_by_role("button", name=f"Eerder: {first}"))
    coming.locator("li").nth(0).get_by_text(first).wait_for()
    keeps_focus(host)
    host.keyboard.press("n")
    turn.get_by_text(first).wait_for()

    # It is answered at the desk.
    desk.locator(lane_of("live", asked[first])).wait_for(state="attached")
    to_lane(desk, "Aan de beurt")
    key(desk, "j", asked[first])
    desk.keyboard.press("a")
    desk.keyboard.type("De wijkploeg, elke dinsdag.")
    card = desk.locator(f"[data-question='{asked[first]}']")
    press(desk, card.get_by_role("button", name="Zet het antwoord erbij"))
    second.locator(lane_of("answered", asked[first])).wait_for(state="attached")
    desk.locator(lane_of("answered", asked[first])).wait_for(state="attached")
    keeps_focus(desk)

    # The next one, by its button; nothing comes after it, and the keyboard is at the heading.
    turn.get_by_text("Er is nog geen vraag aan de beurt.").wait_for()
    press(host, coming.get_by_role("button", name="Volgende"))
    turn.get_by_text(then).wait_for()
    assert until(lambda: host.evaluate(IS_HEADING), MOST_SECONDS)
    host.keyboard.press("k")
    turn.get_by_text("Er is nog geen vraag aan de beurt.").wait_for()

    # A poll, from nothing to its result.
    to_lane(desk, "Peilingen")
    box = desk.locator(".desk__polls")
    press(desk, box.locator("summary"))
    reach(desk, box.get_by_label("Wat vraag je de zaal?"))
    desk.keyboard.type("Doen we het?")
    reach(desk, box.get_by_label("Antwoorden, elk op een eigen regel"))
    desk.keyboard.type("Ja\nNee")
    press(desk, box.get_by_role("button", name="Bewaar als concept"))
    for status, name in (
        ("draft", "Zo is hij goed"), ("ready", "Open de peiling"), ("open", "Sluit en tel"),
        ("closed", "Toon de uitslag"),
    ):  # fmt: skip
        box.locator(f"[data-poll][data-status={status}]").wait_for()
        keeps_focus(desk)
        press(desk, box.get_by_role("button", name=name))
    box.get_by_text("De zaal ziet de uitslag", exact=True).wait_for()
    second.locator("[data-poll][data-status=closed]").wait_for(state="attached")

    # Five minutes more, and then the end.
    left = host.locator(".hosting__left").inner_text()
    press(host, host.get_by_role("button", name="5 minuten langer", exact=True))
    assert until(lambda: host.locator(".hosting__left").inner_text() != left, MOST_SECONDS)
    keeps_focus(host)
    press(host, host.locator("summary", has_text="Sluit de sessie af"))
    press(host, host.get_by_role("button", name="Ja, de sessie is nu klaar"))
    host.get_by_text("Deze sessie is voorbij.").first.wait_for()
    keeps_focus(host)
    for page in (desk, second):
        page.locator("[data-room-state]").filter(has_text="afgelopen").wait_for()
    assert [page.evaluate("window.pointed") for page in (desk, second, host)] == [None, None, None]
