"""Programme on a phone without JavaScript, on a desktop with a clock, and on paper."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.programme.models import Edition, Round
from tests.browser.pages import violations, wrong_markup
from tests.browser.test_pictures import day  # noqa: F401  # a fixture
from tests.browser.test_walk import Person
from tests.factories import Factory
from tests.visitors import house_of

pytestmark = pytest.mark.browser
SOON = timedelta(minutes=9)  # within the lobby, with minutes to spare on a busy machine


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def begins_soon(house):
    """Create a session that begins in some minutes, on a whole second as pages say it, in the demo's programme."""
    app = house_of(house.folder, house.environ)
    begins = datetime.now(UTC).replace(microsecond=0) + SOON
    with app.app_context():
        round_ = db.session.scalars(select(Round).where(Round.code == "round-1")).one()
        Factory(app).session(
            "Zo begint het echt", round=round_, slug="zo-begint-het-echt", starts_at=begins,
            ends_at=begins + timedelta(hours=1),
        )  # fmt: skip
        with transaction():
            db.session.get_one(Edition, round_.edition_id).programme_version += 1
        db.session.remove()
        db.engine.dispose()
    return begins


def server_clock(page, expression):
    """Return the time of the clock the page itself uses: its module, by the address the page loaded it from."""
    script = page.locator("script[src*='/programme.js']").get_attribute("src")
    module = script.replace("programme.js", "server_clock.js")
    return page.evaluate(f"import('{module}').then(async (clock) => {expression})")


def off_by(page):
    """Return by how many milliseconds the page's time is outside its bounds: between request and response by
    the server's clock (this machine's), plus or minus the error that the page reports for the round trip
    it measured.
    """
    before = time.time() * 1000
    said, may = server_clock(page, "[clock.serverNow(), clock.uncertainty()]")
    return max(0, before - said - may, said - time.time() * 1000 - may)


def tops(page):
    """Return the position of everything."""
    return page.eval_on_selector_all(
        "main *:not(.timetable__now *)", "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    )


def test_clock_marks_starting_sessions_without_layout_shift(browser, served, kept):
    at_desk = Person(browser, served, kept, viewport={"width": 1280, "height": 900})
    begins = begins_soon(served)
    at_desk.context.clock.install()
    page = at_desk.go("/programma")
    server_clock(page, "await clock.askTheTime()")
    card = page.locator("article").filter(has_text="Zo begint het echt").locator("[data-state]")
    assert card.inner_text() == "Zo begint het"
    assert page.locator("[data-changed]").is_hidden()
    before = tops(page)

    # The page's timers stand still and are moved by hand, so that nothing depends on how busy the machine is.
    # Minutes of the page are milliseconds of the server then: what that answers meanwhile would set it back.
    page.route("**/tijd", lambda _never_answered: None)
    at_desk.context.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)  # seconds, unlike run_for
    left = begins.timestamp() * 1000 - server_clock(page, "clock.serverNow()")
    at_desk.context.clock.run_for(round(left) - 200)
    assert card.get_attribute("data-state") == "lobby"  # not a moment too early
    at_desk.context.clock.run_for(205)
    assert card.get_attribute("data-state") == "live"  # and not a whole second late

    assert card.inner_text() == "Nu bezig"
    assert page.locator("[data-changed]").is_visible()
    assert tops(page) == before
    assert page.locator("[data-clock]").get_attribute("role") == "timer"
    assert at_desk.complaints == []


def test_server_clock_is_exact_to_the_millisecond_also_after_sleep(browser, demo_house, kept):
    page = Person(browser, demo_house, kept, viewport={"width": 1280, "height": 900}).go("/programma")
    server_clock(page, "await clock.askTheTime()")
    assert off_by(page) == 0

    # A device that slept, or whose clock was set, has another wall clock than its timers: it asks anew.
    with page.expect_request("**/tijd"):
        page.evaluate("() => { const now = Date.now; Date.now = () => now() + 7_200_000 }")
    server_clock(page, "await clock.askTheTime()")
    assert off_by(page) == 0


def test_browser_with_a_wrong_clock_follows_the_server(browser, demo_house, kept):
    wrong = Person(browser, demo_house, kept, viewport={"width": 1280, "height": 900})
    wrong.context.clock.install(time=datetime(2031, 5, 5, 5, 5, tzinfo=UTC))
    page = wrong.go("/programma")
    server_clock(page, "await clock.askTheTime()")

    assert off_by(page) == 0
    before = datetime.now(UTC)
    live = page.locator("article:has([data-state=live])").evaluate_all(
        "all => all.map(one => [Number(one.dataset.from), Number(one.dataset.to)])"
    )
    assert live
    assert all(begins <= datetime.now(UTC).timestamp() and before.timestamp() < ends for begins, ends in live)
    assert wrong.complaints == []


def test_what_goes_on_all_the_time_stands_beside_the_rounds(browser, day):  # noqa: F811
    """A timetable, on the demo's own day: one that is loaded around midnight is spread over two days."""
    context = day.context(browser)
    page = context.new_page()
    page.goto("/programma")
    for width in (1100, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        boxes = {
            name: page.locator("section.round")
            .filter(has=page.locator(".round__title", has_text=name))
            .bounding_box()
            for name in ("Ronde 1", "Ronde 2", "Buurtmarkt")
        }
        assert boxes["Buurtmarkt"]["x"] >= boxes["Ronde 1"]["x"] + boxes["Ronde 1"]["width"]
        assert boxes["Ronde 2"]["y"] >= boxes["Ronde 1"]["y"] + boxes["Ronde 1"]["height"]
        assert boxes["Buurtmarkt"]["y"] <= boxes["Ronde 1"]["y"]
        ends = [box["y"] + box["height"] for box in (boxes["Buurtmarkt"], boxes["Ronde 2"])]
        assert ends[0] >= ends[1] - 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_programme_on_paper_is_both_sides_of_one_sheet(browser, day):  # noqa: F811
    """No search and no buttons; the number of each session and of the telephone. On the demo's own day, as above."""
    context = day.context(browser, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto("/programma")
    assert page.locator("main form[role=search]").is_visible()  # on a screen
    page.emulate_media(media="print")
    assert not page.locator("main form[role=search]").is_visible()
    assert not page.locator("main .button").first.is_visible()
    assert page.locator(".session__nr").first.is_visible()
    assert page.get_by_text("Vragen? Bel").first.is_visible()
    sheets = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4", prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 2
    assert violations(page) == []
    context.close()


def test_programme_on_phone_and_by_keyboard(browser, demo_house, kept):
    phone = Person(
        browser, demo_house, kept, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = phone.go("/programma")
    assert page.locator("article.session").count() > 20
    assert page.get_by_text("Het is ").is_visible()
    assert page.get_by_role("heading", name="Nu bezig").is_visible()

    # Words, then a theme and what somebody needs: each choice is in the address, and can be taken away.
    page.get_by_label("Zoek een woord of een naam").fill("buurt")
    page.get_by_role("button", name="Zoek", exact=True).click()
    page.wait_for_url("**zoek=buurt*")
    page.get_by_text("Kies op ronde, thema, taal").click()
    page.get_by_label("Gebarentolk").check()
    page.get_by_role("button", name="Toon deze sessies").click()
    page.wait_for_url("**toegankelijk=sign_language*")
    few = page.locator("article.session").count()
    page.get_by_role("link", name="Haal weg: Gebarentolk").click()
    assert 0 < few < page.locator("article.session").count()
    page.goto("/programma?zoek=bestaatniet")
    assert page.get_by_text("Geen sessie gevonden.").is_visible()

    # The same page at a desk: what goes on at one time stands side by side, under its round.
    desk = Person(browser, demo_house, kept, viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page = desk.go("/programma")
    first = page.locator("section.round").filter(has=page.get_by_role("heading", name="Ronde 1"))
    first = first.first.locator("article.session")
    places = first.evaluate_all(
        "all => all.map(one => { const r = one.getBoundingClientRect(); return [r.top, r.left] })"
    )
    assert places[0][0] == places[1][0]
    assert places[0][1] < places[1][1]
    desk.check("programme-dark")

    page.locator("article.session a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessies/*")

    # Everybody's page is looked at: markup, accessibility, and that nothing sticks out.
    reader = Person(browser, demo_house, kept, viewport={"width": 320, "height": 640})
    reader.demo_login("Jolien Verkaik")
    for name, path in {
        "programme": "/programma", "found": "/programma?zoek=buurt&toegankelijk=sign_language", "session": "/sessies/rommel-op-straat",
        "speakers": "/sprekers", "organisations": "/organisaties", "mine": "/mijn",
    }.items():  # fmt: skip
        reader.go(path)
        reader.check(name)
    for path, one in (("/sprekers", "speaker"), ("/organisaties", "organisation")):
        reader.go(path).locator(".people__name a").first.click()
        reader.page.wait_for_url(f"**{path}/*")
        reader.check(one)
    assert reader.complaints + desk.complaints == []
    assert wrong_markup(sorted(kept.glob("*.html"))) == []
