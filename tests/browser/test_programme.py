"""Finding one's way: the programme on a phone without JavaScript, on a desk with a clock, and on paper."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.programme.models import Edition, Round
from tests.browser.pages import violations, wrong_markup
from tests.browser.test_walk import Person
from tests.factories import Factory
from tests.visitors import house_of

pytestmark = pytest.mark.browser
SOON = timedelta(seconds=9)


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def begins_soon(house):
    """A session that begins in a few seconds, in the demo's own programme."""
    app = house_of(house.folder, house.environ)
    begins = datetime.now(UTC) + SOON
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


def tops(page):
    """Where everything stands."""
    return page.eval_on_selector_all(
        "main *", "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    )


def test_the_clock_marks_what_begins_and_moves_nothing(browser, served, kept):
    at_desk = Person(browser, served, kept, viewport={"width": 1280, "height": 900})
    begins = begins_soon(served)
    page = at_desk.go("/programma")
    card = page.locator("article").filter(has_text="Zo begint het echt").locator("[data-state]")
    assert card.inner_text() == "Zo begint het"
    assert page.locator("[data-changed]").is_hidden()
    before = tops(page)

    page.wait_for_function(
        "tag => tag.dataset.state === 'live'", arg=card.element_handle(),
        timeout=(begins - datetime.now(UTC)).total_seconds() * 1000 + 3000,
    )  # fmt: skip

    assert datetime.now(UTC) >= begins - timedelta(seconds=1)  # the date of the server counts whole seconds
    assert card.inner_text() == "Nu bezig"
    assert page.locator("[data-changed]").is_visible()
    assert tops(page) == before
    assert page.locator("[data-clock]").get_attribute("role") == "timer"

    # A browser whose own clock is wrong by hours follows the server all the same.
    wrong = Person(browser, served, kept, viewport={"width": 1280, "height": 900})
    wrong.context.clock.install(time=datetime(2031, 5, 5, 5, 5, tzinfo=UTC))
    said = wrong.go("/programma").locator("[data-clock]").inner_text()
    wrong.context.clock.run_for(2000)
    time.sleep(0.3)
    assert wrong.page.locator("[data-clock]").inner_text()[:9] == said[:9]
    assert (
        wrong.page.locator("article [data-state=live]").count()
        == page.locator("article [data-state=live]").count()
        > 0
    )
    assert at_desk.complaints + wrong.complaints == []


def test_the_programme_for_who_has_a_phone_a_keyboard_or_paper(browser, demo_house, kept):
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

    # On paper: no search, no buttons; the number of each session and of the telephone.
    page = reader.go("/programma")
    page.emulate_media(media="print")
    assert not page.locator("main form[role=search]").is_visible()
    assert not page.locator("main .button").first.is_visible()
    assert page.locator(".session__number").first.is_visible()
    assert page.get_by_text("Vragen? Bel").first.is_visible()
    assert violations(page) == []
    assert wrong_markup(sorted(kept.glob("*.html"))) == []
