"""Pages of those who lead a played hour, in real browsers: two desks, the host's page and the big screen.

What is measured is measured in the page: how long a deed takes, what moves under a finger, what is in view, how
long the main thread is busy, what does not fit.
"""

import os
import random
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page
from playwright.sync_api import Error as Interrupted  # also what takes too long

from tests.chaos.rounds import until
from tests.hour.crowd import PLACES
from tests.visitors import Visitor

WAITING = "[data-column=waiting] [data-question]:visible"
MOST_MS = 60_000  # for a deed, on a machine that does much else
WITHDRAWN_SECONDS = 15
READING = 1.5, 3.8  # seconds, and words a second, of somebody who moderates
PRESS, KEY = 1.2, 0.2  # seconds for a press and for a letter
# Called before a deed: notes when it was pressed, and where cards stand under somebody's finger.
SCRIPT = """(() => {
  const places = () => Object.fromEntries([...document.querySelectorAll("[data-question]")].map((card) =>
    [`${card.closest("[data-column]")?.dataset.column} ${card.dataset.question}`, card.getBoundingClientRect().top])
    .filter(([, top]) => top > 0 && top < innerHeight));
  const hour = { pressed: 0, moved: 0, timer: 0, start: {} };
  addEventListener("click", () => { hour.pressed = performance.now(); }, true);
  hour.look = () => {
    const now = places();
    for (const [card, top] of Object.entries(hour.start))
      if (card in now && Math.abs(now[card] - top) > Math.max(0.5, hour.moved)) {
        hour.moved = Math.abs(Math.round(now[card] - top));
        hour.where = `${card} from ${top} to ${now[card]}`;
      }
  };
  const steady = async () => {
    for (let before = "", tries = 0; tries < 20; tries += 1) {
      const now = JSON.stringify(places());
      if (now === before) return;
      before = now;
      await new Promise((done) => setTimeout(done, 100));
    }
  };
  hour.rest = async () => {
    await steady(); // its own scrolling is over
    Object.assign(hour, { moved: 0, where: "", start: places() });
    hour.timer = setInterval(hour.look, 100);
  };
  hour.leave = () => { clearInterval(hour.timer); hour.look(); return [hour.moved, hour.where]; };
  hour.until = (selector, isThere, ms) => new Promise((done) => {
    const end = performance.now() + ms;
    (function again() {
      if (Boolean(document.querySelector(selector)) === isThere) return done(performance.now() - hour.pressed);
      return performance.now() > end ? done(-1) : setTimeout(again, 5);
    })();
  });
  window.hour = hour;
})()"""
IN_VIEW = """() => {
  const box = document.querySelector("[data-column=waiting] [data-cards]").getBoundingClientRect();
  const lowest = Math.min(innerHeight, box.bottom);
  return [...document.querySelectorAll("[data-column=waiting] [data-question]")].filter((card) => {
    const { height, top, bottom } = card.getBoundingClientRect();
    return height && top >= Math.max(0, box.top - 1) && bottom <= lowest + 1;
  }).length;
}"""
CARDS = """() => Object.fromEntries([...document.querySelectorAll("[data-desk] [data-question]")]
  .map((card) => [card.dataset.question, card.closest("[data-column]").dataset.column]))"""
# By how many pixels the big screen's words and pictures stick out of it, or are cut off in their own box.
OVERFLOW = """() => {
  let most = document.documentElement.scrollHeight - innerHeight;
  for (const each of document.querySelectorAll(".podium h1, .podium h2, .podium li, .podium p, .podium .qr, .podium tr")) {
    const box = each.getBoundingClientRect();
    if (!box.width || !box.height || each.closest(".visually-hidden")) continue;
    most = Math.max(most, box.bottom - innerHeight, box.right - innerWidth, -box.top, -box.left);
  }
  for (const box of document.querySelectorAll(".podium [data-fits]"))
    most = Math.max(most, box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth);
  return Math.max(0, Math.ceil(most - 1));
}"""


@dataclass(frozen=True)
class Timed:
    """A deed: how long until the desk showed it as done, how long a person needs, and the main thread's work."""

    deed: str
    seconds: float
    person: float
    thread_ms: float
    questions: int


@dataclass
class Seat:
    """Page of one person, in a context of its own."""

    browser: Browser
    url: str
    visitor: Visitor | None
    width: int
    height: int
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(
            base_url=self.url, locale="nl-NL", viewport={"width": self.width, "height": self.height}
        )
        if self.visitor is not None:
            name, _, value = self.visitor.cookie.partition("=")
            self.context.add_cookies([{"name": name, "value": value, "url": self.url}])
        self.context.set_default_timeout(MOST_MS)
        self.page: Page = self.context.new_page()
        self.page.add_init_script(SCRIPT)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> Page:
        self.page.goto(path)
        self.page.locator("[data-script=ready]").wait_for(state="attached")
        return self.page


@dataclass
class Desk(Seat):
    """Moderator: reads from the `first`th waiting question on, and decides."""

    seed: int = 1
    first: int = 0
    timed: list[Timed] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)  # pixels, under a finger that rested
    shifts: list[str] = field(default_factory=list)
    in_view: int = 0
    late: int = 0  # a colleague was first
    failed: list[str] = field(default_factory=list)  # deeds of which the desk showed nothing

    def __post_init__(self) -> None:
        super().__post_init__()
        self.dice = random.Random(self.seed)
        self.aimed: str | None = None
        self.meter: int | None = None

    def cards(self) -> dict[str, str]:
        """Return in which lane each question stands on this page."""
        return self.page.evaluate(CARDS)

    def waiting(self) -> int:
        return self.page.locator(WAITING).count()

    def look(self) -> None:
        """Count the waiting cards in view, at the top of the lane."""
        self.lane("Wacht op jou")
        for _ in range(10):  # until the page stands still
            self.in_view = max(self.in_view, self.page.evaluate(IN_VIEW))
            self.page.wait_for_timeout(300)

    def lane(self, name: str) -> None:
        """Go to a part of the desk: on a phone it shows that part only."""
        ways = self.page.get_by_role("navigation", name="Delen van de regie")
        ways.get_by_role("link", name=re.compile(f"^{name}")).evaluate("(link) => link.click()")

    def aim(self) -> None:
        """Lay a finger on a waiting question, and read it."""
        self.lane("Wacht op jou")
        cards = self.page.locator(WAITING)
        card = cards.nth(min(self.first, max(cards.count() - 1, 0)))
        if not cards.count():
            self.aimed = None
            return
        with suppress(Interrupted):
            self.aimed = card.get_attribute("data-question", timeout=1000)
            card.hover(timeout=1000)
            self.page.evaluate("hour.rest()")
            return
        self.aimed = None

    def decide(self) -> None:
        """Do something with the question that the finger is on."""
        if self.aimed is None:
            return
        pixels, where = self.page.evaluate("hour.leave()")
        self.moved.append(pixels)
        if pixels:
            self.shifts.append(f"moved {pixels} px: {where}")
        name, self.aimed = self.aimed, None
        card = self.page.locator(f"[data-column=waiting] [data-question='{name}']")
        if not card.count():
            self.late += 1
            return
        text = card.locator("[data-part=text]").inner_text()
        try:
            if "leugenaar" in text:
                self._hide(card, name, text)
            elif card.locator("[data-part=alike]").is_visible() and self.dice.random() < 0.7:
                merge = card.locator("[data-part=alike] button")
                self._do(
                    "merge", name, text, merge, f"[data-column=waiting] [data-question='{name}']", there=False
                )
            else:
                self._do("show", name, text, self._button(card, "Toon aan de zaal"), lane_of("visible", name))
        except Interrupted as slow:
            if card.count():
                self.failed.append(f"{name}: {slow.message.splitlines()[0]}")
            else:
                self.late += 1

    def _hide(self, card: Locator, name: str, text: str) -> None:
        card.locator("summary", has_text="Verberg").click()
        card.locator("form[data-deed=hide] input[type=radio]").first.check()
        button = self._button(card, "Verberg deze vraag")
        self._do("hide", name, text, button, lane_of("hidden", name), presses=3)

    def put_ready(self) -> None:
        """Get a question that the room reads ready for the host."""
        self._from("De zaal leest", "visible", "Zet klaar", "shortlist", "shortlisted")

    def put_live(self) -> None:
        """Give a question its turn."""
        self._from("De zaal leest", "visible", "Zet aan de beurt", "live", "live")

    def answer(self, said: str) -> None:
        """Write the answer to the question whose turn it is."""
        self.lane("Aan de beurt")
        found = self.page.locator("[data-column=live] [data-question]:visible").first
        if not found.count():
            return
        name = found.get_attribute("data-question") or ""
        card = self.page.locator(lane_of("live", name))
        try:
            card.locator("summary", has_text="Antwoord").click()
            card.get_by_label("Kort antwoord").fill(said)
            button = self._button(card, "Zet het antwoord erbij")
            self._do("answer", name, "", button, lane_of("answered", name), presses=2, letters=len(said))
        except Interrupted:
            self.late += 1  # its turn was over

    def _from(self, lane: str, column: str, button: str, deed: str, to: str) -> None:
        self.lane(lane)
        cards = self.page.locator(f"[data-column={column}] [data-question]:visible")
        if not cards.count():
            return
        name = cards.nth(self.dice.randrange(min(cards.count(), 5))).get_attribute("data-question") or ""
        card = self.page.locator(lane_of(column, name))
        try:
            self._do(deed, name, "", self._button(card, button), lane_of(to, name))
        except Interrupted:
            self.late += 1  # gone from this lane before it could be pressed

    def _button(self, card: Locator, name: str) -> Locator:
        return card.get_by_role("button", name=name, exact=True)

    def _do(
        self, deed: str, name: str, text: str, button: Locator, selector: str, *,
        there: bool = True, presses: int = 1, letters: int = 0,
    ) -> None:  # fmt: skip
        button.click(trial=True)  # in view, still, and nothing over it
        box = button.bounding_box()
        if box is None:
            raise Interrupted("it went before it could be pressed")
        self._busy()  # finds the thread, the first time
        before = self._busy()
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        took = self.page.evaluate(
            "([selector, there, ms]) => hour.until(selector, there, ms)", [selector, there, MOST_MS]
        )
        if took < 0:
            said = self.page.locator(f"[data-question='{name}'] [data-part=said]").first
            words = said.inner_text() if said.count() else "gone"
            if words:
                self.late += 1  # a colleague, or its asker, was first: the card says who
            else:
                self.failed.append(f"{deed} of {name} in {MOST_MS} ms")
            return
        seconds, busy = took / 1000, self._busy() - before
        person = READING[0] + len(text.split()) / READING[1] if text else 0.0
        person += presses * PRESS + letters * KEY + seconds
        self.timed.append(Timed(deed, seconds, person, busy, len(self.cards())))

    def _busy(self) -> float:
        """Return the milliseconds of processor that the page's main thread took so far."""
        self.meter = self.meter or thread_of(self.page)
        return ran_ms(self.meter) if self.meter else 0.0

    # --- polls ---

    def write_poll(self, title: str, options: list[str]) -> None:
        """Write a poll, and open it until it is closed."""
        self.lane("Peilingen")
        box = self.page.locator(".desk__polls")
        box.locator("summary", has_text="Maak een peiling").click()
        box.get_by_label("Wat vraag je de zaal?").fill(title)
        box.get_by_label("Antwoorden, elk op een eigen regel").fill("\n".join(options))
        for press, then in (
            ("Bewaar als concept", "draft"), ("Zo is hij goed", "ready"), ("Open de peiling", "open"),
        ):  # fmt: skip
            if press == "Open de peiling":
                self._poll(title).get_by_label("Hoe lang?").select_option("0")
            box.get_by_role("button", name=press).last.click()
            self._poll(title, then).wait_for()

    def close_poll(self, title: str) -> None:
        """Close it, and show the room its result."""
        self.lane("Peilingen")
        self._poll(title).get_by_role("button", name="Sluit en tel").click()
        self._poll(title, "closed").wait_for()
        self._poll(title).get_by_role("button", name="Toon de uitslag").click()
        self._poll(title).get_by_text("De zaal ziet de uitslag", exact=True).wait_for()

    def _poll(self, title: str, status: str = "") -> Locator:
        here = f"[data-poll][data-status={status}]" if status else "[data-poll]"
        return self.page.locator(f".desk__polls {here}").filter(has_text=title)


@dataclass
class Host(Seat):
    """Host: takes the next question, is done with it, makes the session longer."""

    turns: int = 0

    def sees_next(self) -> bool:
        return self.page.locator(".hosting__next > form button").count() > 0

    def next(self) -> bool:
        """Press *Volgende*; return whether there was one."""
        if not self.sees_next():
            return False
        button = self.page.locator(".hosting__next > form button")
        coming = self.page.locator(".hosting__next li .hosting__text").first.inner_text()
        button.click()
        turn = self.page.locator(".hosting__now .hosting__text").filter(has_text=coming)
        if not until(lambda: turn.count() > 0, WITHDRAWN_SECONDS):
            return False  # its asker took it back just then
        self.turns += 1
        return True

    def done(self) -> None:
        """Be done with the question whose turn it is."""
        button = self.page.locator(".hosting__now > form button")
        if button.count():
            button.click()
            self.page.get_by_text("Er is nog geen vraag aan de beurt.").wait_for()

    def longer(self) -> None:
        """Make the session five minutes longer."""
        before = self.page.locator(".hosting__left").inner_text()
        self.page.get_by_role("button", name="5 minuten langer", exact=True).click()
        until(lambda: self.page.locator(".hosting__left").inner_text() != before, MOST_MS / 1000)


@dataclass
class BigScreen(Seat):
    """The big screen, which has to show everything without scrolling."""

    most: int = 0

    def look(self) -> int:
        """Measure by how many pixels something sticks out, once it had time to fit its letters."""
        found = 0
        for _ in range(8):
            found = self.page.evaluate(OVERFLOW)
            if not found:
                break
            self.page.wait_for_timeout(250)
        self.most = max(self.most, found)
        return found


def thread_of(page: Page) -> int | None:
    """Return the process that draws this page: of those below this one, the one that gets busy when it does.
    What else the machine does is in no process's own time. None where the system does not tell.
    """
    try:
        before = {pid: ran_ms(pid) for pid in _renderers()}
        page.evaluate("() => { for (const end = performance.now() + 150; performance.now() < end;); }")
        rose = {pid: ran_ms(pid) - ran for pid, ran in before.items()}
    except OSError:
        return None
    return max(rose, key=lambda pid: rose[pid], default=None)


def _renderers() -> list[int]:
    parents, found = {}, []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            if b"--type=renderer" in (place / "cmdline").read_bytes():
                found.append(int(place.name))

    def is_ours(pid: int) -> bool:
        while pid in parents and pid != os.getpid():
            pid = parents[pid]
        return pid == os.getpid()

    return [pid for pid in found if is_ours(pid)]


def ran_ms(pid: int) -> float:
    """Return for how many milliseconds its main thread ran on a processor."""
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e6


def lane_of(column: str, question: str) -> str:
    return f"[data-column={column}] [data-question='{question}']"


OPTIONS = [
    f"{place}: meer licht, meer banken en een plek om te zitten, ook als het regent" for place in PLACES[:6]
]
