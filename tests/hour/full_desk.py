"""A desk with hundreds of questions waiting (`make full-desk`): how long its page is busy for one press.

A server of its own on loopback and one moderator in Chromium; forty questions and a hundred supports a minute come
in over sockets. Everything is measured in the page, at a desk with few questions and at the full one: the longest
task of the main thread, and how long the browser took to draw the result of an event (Event Timing). Times depend
on the machine, so it prints medians and what the full desk takes more, and promises nothing. It stops by itself.
"""

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from websocket import WebSocketException

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import QuestionStatus
from tests.factories import Factory
from tests.hour.crowd import ASKED, PLACES
from tests.hour.desks import WAITING, Desk
from tests.served import serve
from tests.socket_client import Socket
from tests.visitors import Visitor, house_of, live_session, visitors

FEW, MANY, SHOWN = 30, 300, 30  # waiting, and read by the room
ASKED_A_MINUTE, SUPPORTS_A_MINUTE = 40, 100
ASKERS = 40
# Since the last press: the longest task, and the longest event until its result was drawn.
METER = """(() => {
  const meter = window.meter = { task: 0, event: 0 };
  new PerformanceObserver((list) => { for (const each of list.getEntries()) meter.task = Math.max(meter.task, each.duration); })
    .observe({ type: "longtask" });
  new PerformanceObserver((list) => { for (const each of list.getEntries()) meter.event = Math.max(meter.event, each.duration); })
    .observe({ type: "event", durationThreshold: 16 });
})()"""
START = "() => Object.assign(meter, { task: 0, event: 0 })"
SETTLED = "() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(() => done([meter.task, meter.event]))), 300))"

Presses = dict[str, list[tuple[float, float]]]


def fill(app: Flask, room: UUID, waiting: int) -> str:
    """Put questions before the desk as if they had been asked; return the slug of the session."""
    make, dice = Factory(app), random.Random(1)
    with app.app_context():
        session = db.session.get_one(ProgrammeSession, room)
        slug = session.slug
        askers = [make.identity() for _ in range(ASKERS)]
        for number in range(waiting + SHOWN):
            text = ASKED[number % len(ASKED)].format(place=dice.choice(PLACES))
            status = QuestionStatus.WAITING if number < waiting else QuestionStatus.VISIBLE
            make.question(session, askers[number % ASKERS], status=status, text=f"{text} ({number})")
        with transaction():
            db.session.merge(LiveRoom(id=room, revision=2))
    return slug


@contextmanager
def crowd(url: str, room: UUID, people: list[Visitor]) -> Iterator[None]:
    """Let questions and supports come in, in a thread, until the end."""
    done, dice = threading.Event(), random.Random(2)

    def come_in() -> None:
        sockets = [Socket(url, cookie=each.cookie, token=each.token) for each in people]
        shown: list[str] = []
        for socket in sockets:
            answer = socket.call("session:enter", {"session": str(room)}, timeout=60)
            shown = [each["id"] for each in answer["items"] if each["kind"] == "question"]
        turns = cycle(sockets)
        a_minute = ASKED_A_MINUTE + SUPPORTS_A_MINUTE
        while not done.wait(60 / a_minute):
            socket = next(turns)  # each in its turn, often enough to answer the server's pings
            base = {"session": str(room), "op": uuid4().hex}
            with suppress(TimeoutError, OSError, WebSocketException):
                if dice.random() < ASKED_A_MINUTE / a_minute:
                    text = dice.choice(ASKED).format(place=dice.choice(PLACES))
                    asked = {"id": str(uuid4()), "text": f"{text} {uuid4().hex[:4]}"}
                    socket.call("question:ask", {**base, **asked})
                else:
                    wish = {"question": dice.choice(shown), "on": dice.random() < 0.7}
                    socket.call("question:support", {**base, **wish})
        for socket in sockets:
            with suppress(OSError, WebSocketException):
                socket.close()

    thread = threading.Thread(target=come_in, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(10)


def press(page: Page, found: Presses, name: str, do: Callable[[], object]) -> None:
    page.evaluate(START)
    do()
    task, event = page.evaluate(SETTLED)
    found[name].append((task, event))


def work(page: Page, rounds: int) -> Presses:
    """Show, look for, and open a card; and see what comes in meanwhile."""
    found: Presses = defaultdict(list)
    for _ in range(rounds):
        cards = page.locator(WAITING)
        name = cards.nth(1).get_attribute("data-question")
        button = page.locator(f"[data-column=waiting] [data-question='{name}'] form[data-deed=show] button")
        there = page.locator(f"[data-column=visible] [data-question='{name}']")

        def show(button=button, there=there) -> None:
            button.click()
            there.wait_for(state="attached")

        press(page, found, "Toon aan de zaal", show)
        other = cards.nth(2).get_attribute("data-question")
        more = page.locator(f"[data-column=waiting] [data-question='{other}'] summary", has_text="Verberg")
        press(page, found, "open a card", more.click)
        more.click()
        page.locator("[data-sift]").evaluate("(box) => { box.open = true; }")
        field = page.locator("[data-sift] [name=zoek]")
        press(
            page, found, "look for a word", lambda field=field: field.press_sequentially("school", delay=80)
        )
        press(page, found, "all questions again", lambda field=field: field.fill(""))
        press(page, found, "three seconds of what comes in", lambda: page.wait_for_timeout(3000))
    return found


def measured(browser: Browser, folder: Path, waiting: int, *, rounds: int, slower: float) -> Presses:
    """Serve a desk with this many questions waiting, and press."""
    with serve(folder, LIVE_BURST="500", LIVE_EVENTS_PER_SECOND="500") as house:
        app = house_of(folder, house.environ)
        room = live_session(app, "Een volle regie")
        moderator, *people = visitors(app, ASKERS + 1, moderators=1)
        slug = fill(app, room, waiting)
        seat = Desk(browser, house.url, moderator, 1280, 800)
        seat.page.add_init_script(METER)
        cdp = seat.context.new_cdp_session(seat.page)
        with crowd(house.url, room, people):
            page = seat.go(f"/sessies/{slug}/regie")
            page.locator(WAITING).nth(waiting - 1).wait_for(state="attached")
            cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
            work(page, 1)  # what is done once is done
            found = work(page, rounds)
        seat.context.close()
        with app.app_context():
            db.engine.dispose()
        return found


def table(few: Presses, many: Presses) -> Iterator[str]:
    yield f"{'':34}{'longest task':>24}{'':6}{'drawn after':>24}"
    yield f"{'milliseconds, median (most)':34}{'few':>12}{'full':>12}{'':6}{'few':>12}{'full':>12}{'full is':>9}"
    for name, full in many.items():
        cells = []
        for part in (0, 1):
            for each in (few[name], full):
                values = [pair[part] for pair in each]
                cells.append(f"{statistics.median(values):.0f} ({max(values):.0f})")
        usual, more = (statistics.median(pair[1] for pair in each) for each in (few[name], full))
        ratio = f"x{more / usual:.1f}" if usual else ""
        yield f"{name:34}{cells[0]:>12}{cells[1]:>12}{'':6}{cells[2]:>12}{cells[3]:>12}{ratio:>9}"


def main() -> int:
    asked = argparse.ArgumentParser(prog="make full-desk", description=__doc__)
    asked.add_argument("--questions", type=int, default=MANY, help="waiting at the full desk")
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--slower", type=float, default=1, help="as a machine that is so many times slower")
    how = asked.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    began = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dvb-full-desk-")))
        made = stack.enter_context(sync_playwright())
        browser = made.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        stack.callback(browser.close)
        few, many = (
            measured(browser, folder / str(number), number, rounds=how.rounds, slower=how.slower)
            for number in (FEW, how.questions)
        )
        print(f"{FEW} questions waiting, and {how.questions}; {time.monotonic() - began:.0f} seconds")
        print("\n".join(table(few, many)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
