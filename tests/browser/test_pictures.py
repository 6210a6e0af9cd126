"""How pages look, beside the pictures of how they looked: a broken layout is red.

The demo stands still at a quarter past two on its own day, in the server and in the browser, and draws with
its own fonts. `make pictures` renews what is meant to be different.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from dagvandebuurt import demo
from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import Person
from tests.browser import drawing
from tests.in_process import standing_house

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("pictures")
SEEN = ROOT / "test-results" / "pictures"
QUARTER_PAST_TWO = datetime(2027, 1, 28, 13, 15, tzinfo=UTC)
MOST_BYTES = 1_500_000  # of all pictures together

ROOM = "/sessies/rommel-op-straat"
MILA, JOLIEN, ROOS = "Mila Roovers", "Jolien Verkaik", "Roos Wildervank"


@dataclass(frozen=True)
class Size:
    """A screen, and how much smaller its picture is."""

    width: int
    height: int
    dark: bool
    factor: int


SIZES = {
    "wide": Size(1280, 1600, False, 8),
    "dark": Size(1280, 1600, True, 8),
    "phone": Size(320, 1600, False, 5),
    "night": Size(320, 1600, True, 5),
    "screen": Size(1280, 800, False, 8),
    "hand": Size(320, 640, False, 5),
}
# Name: address, who looks, and on what.
PAGES: dict[str, tuple[str, str | None, str]] = {
    "home": ("/", None, "wide dark phone night"),
    "programme": ("/programma", None, "wide dark phone"),
    "session": (ROOM, None, "wide phone"),
    "speakers": ("/sprekers", None, "wide phone"),
    "organisations": ("/organisaties", None, "wide"),
    "lessons": ("/lessen", None, "wide phone"),
    "lesson": ("/lessen/simpel-schrijven-is-macht-delen", None, "wide dark phone"),
    "agenda": ("/agenda", None, "wide phone"),
    "point": ("/agenda/3", None, "wide phone"),
    "learning": ("/wijkwijzer", None, "wide phone"),
    "learning-questions": ("/wijkwijzer/leervragen", None, "wide"),
    "offers": ("/wijkwijzer/aanbod", None, "wide"),
    "examples": ("/wijkwijzer/voorbeelden", None, "wide"),
    "board": ("/wijkwijzer/bord", None, "wide"),
    "search": ("/zoeken?q=buurt", None, "wide phone"),
    "register": ("/aanmelden", None, "wide phone"),
    "login": ("/inloggen", None, "wide phone"),
    "help": ("/zo-werkt-het", None, "wide"),
    "handbook": ("/hulp/organiseren", None, "wide phone"),
    "tech-check": ("/proef", None, "phone"),
    "number": ("/kom", None, "phone"),
    "missing": ("/nergens", None, "wide"),
    "not-open": ("/sessies/studio-buurt/live", None, "phone"),
    "style": ("/stijl", None, "wide dark"),
    "embed": ("/embed/programma", None, "wide"),
    "room": (f"{ROOM}/live", MILA, "screen hand"),
    "mine": ("/mijn", MILA, "wide dark phone"),
    "my-data": ("/mijn/gegevens", MILA, "phone"),
    "work": ("/mijn/werk", JOLIEN, "wide phone"),
    "queues": ("/regie", JOLIEN, "wide phone"),
    "desk": (f"{ROOM}/regie", JOLIEN, "screen phone"),
    "reports": ("/moderatie", JOLIEN, "wide"),
    "podium": (f"{ROOM}/podium", None, "screen"),
    "today": ("/organisatie", ROOS, "wide dark phone"),
    "roles": ("/organisatie/rollen", ROOS, "wide"),
    "programme-desk": ("/organisatie/programma", ROOS, "wide"),
    "attendance": ("/organisatie/aanwezigheid", ROOS, "wide phone"),
    "look": ("/organisatie/uiterlijk", ROOS, "wide"),
    "downloads": ("/organisatie/bestanden", ROOS, "wide"),
    "lesson-desk": ("/lessen/regie", "Sven Appelhof", "wide"),
    "point-desk": ("/agenda/regie", "Sven Appelhof", "wide"),
    "asked-of-us": ("/agenda/voor-ons", "Priya Raman-Hoek", "wide"),
    "learning-desk": ("/wijkwijzer/regie", "Naima Geertsen", "wide"),
}  # fmt: skip
DRAWINGS = [f"{name}-{size}" for name, (_, _, sizes) in PAGES.items() for size in sizes.split()]
LIVE = {"room": "[data-script=ready]", "desk": "[data-script=ready]"}


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """The demo, at a quarter past two."""
    folder = tmp_path_factory.mktemp("standing-demo")
    with standing_house(folder, QUARTER_PAST_TWO, DVB_DEMO="1") as house, house.app.app_context():
        db.create_all()
        demo.open_the_day()
        house.app.config["PUBLIC_URL"] = "http://127.0.0.1:5000"  # printed as letters and as a QR code
        yield house


@pytest.fixture(scope="module")
def looker(browser, day):
    """One page, and who looks at it."""
    context = day.context(browser, reduced_motion="reduce")
    page = context.new_page()
    page.who = None
    yield page
    context.close()


def look(day, page, address: str, name: str | None, ready: str | None = None) -> None:
    """Open an address as somebody of the demo."""
    if page.who != name:
        person = name and db.session.scalars(db.select(Person).filter_by(name=name)).one()
        day.log_in(page.context, person)
        page.who = name
    page.goto(address)
    if ready:
        page.locator(ready).wait_for()


def draw(page, size: Size):
    """Return the small picture of the page as it is now, on a screen of this size."""
    page.set_viewport_size({"width": size.width, "height": size.height})
    page.emulate_media(color_scheme="dark" if size.dark else "light")
    page.evaluate(
        """async () => {
          scrollTo(0, 0);
          // The browser's own player looks otherwise in each version, and shows how far it has loaded.
          for (const each of document.querySelectorAll("video")) each.controls = false;
          for (const each of document.querySelectorAll("audio")) each.style.visibility = "hidden";
          await document.fonts.ready;
          const posters = [...document.querySelectorAll("video[poster]")].map(({ poster }) => {
            return Object.assign(new Image(), { src: poster });
          });
          const seen = [...document.images].filter((each) => each.getBoundingClientRect().top < innerHeight);
          const near = [...seen, ...posters];
          await Promise.all(near.map((each) => each.decode().catch(() => null)));
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }"""
    )
    return drawing.small(page.screenshot(animations="disabled", caret="hide"), size.factor)


@pytest.mark.parametrize("name", PAGES)
def test_page_looks_as_it_did(day, looker, name, pytestconfig):
    address, who, sizes = PAGES[name]
    look(day, looker, address, who, LIVE.get(name))
    renews = pytestconfig.getoption("--renew-pictures")
    wrong = []
    for size in sizes.split():
        now = draw(looker, SIZES[size])
        path = KEPT / f"{name}-{size}.png"
        found = drawing.difference(drawing.load(path), now) if path.exists() else None
        if found is not None and not found.is_one:
            continue
        if renews:
            drawing.keep(now, path)
            continue
        drawing.keep(now, SEEN / path.name)
        wrong.append(f"{path.name}: {found or 'no picture is kept'}; now {SEEN / path.name}")
    assert wrong == [], "Meant to be so? make pictures"


def test_pictures_are_those_of_the_list_and_stay_small(pytestconfig):
    kept = {path.stem: path for path in KEPT.glob("*.png")}
    if pytestconfig.getoption("--renew-pictures"):
        for name in kept.keys() - set(DRAWINGS):
            kept.pop(name).unlink()
    assert sorted(kept) == sorted(DRAWINGS)
    assert sum(path.stat().st_size for path in kept.values()) < MOST_BYTES


# What is done to a page as it is, and undone: an element and a property of its style.
SHIFTS = {
    "one-pixel": ("html", "translate", "1px 1px"),
    "other-pixel": ("html", "translate", "-1px -1px"),
    "half-a-pixel": ("html", "translate", ".5px .5px"),
    "bolder-drawing": ("body", "webkitTextStroke", ".2px"),
    "other-drawing": ("body", "textRendering", "geometricPrecision"),
}
BREAKS = {
    "moved-down": ("translate", "0 24px"),
    "moved-aside": ("translate", "24px 0"),
    "gone": ("visibility", "hidden"),
    "pushed": ("marginTop", "32px"),
    "narrow": ("inlineSize", "60%"),
}
SAMPLES = {
    ("lessons", "wide"): "main .card", ("home", "dark"): "main .card", ("session", "phone"): "main .button",
    ("today", "wide"): "main .card", ("register", "phone"): "main .lead",
}  # fmt: skip


@pytest.fixture(params=SAMPLES, ids="-".join)
def sample(request, day, looker):
    """A page that is about to be changed, with how it is drawn now."""
    name, size = request.param
    address, who, _ = PAGES[name]
    look(day, looker, address, who)
    return looker, SIZES[size], draw(looker, SIZES[size]), SAMPLES[request.param]


def styled(page, what: str, name: str, value: str) -> None:
    """Set a style where the policy of the page allows it: by script."""
    page.locator(what).first.evaluate(
        "(element, [name, value]) => { element.style[name] = value; }", [name, value]
    )


def test_letters_drawn_otherwise_and_a_pixel_are_not_red(sample):
    page, size, before, _ = sample
    found = {}
    for name, (what, style, value) in SHIFTS.items():
        styled(page, what, style, value)
        found[name] = drawing.difference(before, draw(page, size))
        styled(page, what, style, "")

    assert {name: each for name, each in found.items() if each.is_one} == {}


def test_a_block_that_moved_shrank_or_went_is_red(sample):
    page, size, before, what = sample
    missed = []
    for name, (style, value) in BREAKS.items():
        styled(page, what, style, value)
        missed += [] if drawing.difference(before, draw(page, size)).is_one else [name]
        styled(page, what, style, "")

    assert missed == []
    assert not drawing.difference(before, draw(page, size)).is_one


@pytest.mark.parametrize(("name", "size"), [("lessons", "wide"), ("today", "wide"), ("home", "night")])
def test_a_stylesheet_that_is_dropped_is_red(day, looker, name, size):
    address, who, _ = PAGES[name]
    look(day, looker, address, who)
    before = draw(looker, SIZES[size])
    sheets = looker.locator("link[rel=stylesheet]:not([media=print])")
    seen = []
    for sheet in sheets.all():
        sheet.evaluate("link => { link.disabled = true; }")
        if drawing.difference(before, draw(looker, SIZES[size])).is_one:
            seen.append(sheet.get_attribute("href").rsplit("/", 1)[1])
        sheet.evaluate("link => { link.disabled = false; }")

    below = {"timeline.css", "partners.css"}  # of the front page, further down than the picture
    every = {sheet.get_attribute("href").rsplit("/", 1)[1] for sheet in sheets.all()}
    assert set(seen) >= every - below
    assert {"tokens.css", "base.css", "components.css"} <= set(seen)


def test_another_way_of_drawing_letters_is_not_red(day, looker, browser_type, browser_type_launch_args):
    """As another version of Chromium does it, or another machine: other hinting, whole pixels, no smoothing."""
    args = [
        *browser_type_launch_args["args"],
        "--font-render-hinting=full", "--disable-font-subpixel-positioning", "--disable-lcd-text",
    ]  # fmt: skip
    other = browser_type.launch(**{**browser_type_launch_args, "args": args})
    page = day.context(other, reduced_motion="reduce").new_page()
    page.who = None
    found = {}
    for name, size in (("lessons", "wide"), ("session", "phone")):
        address, who, _ = PAGES[name]
        pictures = []
        for each in (looker, page):
            look(day, each, address, who)
            pictures.append(draw(each, SIZES[size]))
        found[name] = drawing.difference(*pictures)
    other.close()

    assert {name: each for name, each in found.items() if each.is_one} == {}


def test_a_picture_of_another_size_is_red_and_what_is_kept_is_what_was_drawn(tmp_path):
    one = Image.new("RGB", (20, 20), "white")
    assert drawing.difference(one, Image.new("RGB", (20, 21), "white")).is_one
    assert not drawing.difference(one, one).is_one

    drawing.keep(one, tmp_path / "one.png")
    assert drawing.load(tmp_path / "one.png").tobytes() == one.tobytes()
