"""Cards beside shared links, icons and the web app manifest: size, type, the event's own look, nothing private."""

import io
import json
import re

import pytest
from PIL import Image

from dagvandebuurt.agenda.models import FollowUpStatus
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.models import LessonStatus
from dagvandebuurt.parts.branding import drawings, rules
from dagvandebuurt.parts.branding.cards import Drawn
from dagvandebuurt.parts.branding.queries import Look
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from tests.lessons.writing import a_lesson

BLUE = "#205090"


def picture_at(browser, path):
    """Return the picture at this path, as it says it is."""
    with browser.get(path) as answer:
        assert answer.status_code == 200, path
        assert answer.mimetype == "image/png"
        image = Image.open(io.BytesIO(answer.data))
        assert image.format == "PNG"
        assert len(answer.data) < 200_000
        assert "Set-Cookie" not in answer.headers
        return image.convert("RGB")


def shared_by(browser, path):
    """Return the properties of a page for shared links, and the path of its picture."""
    page = browser.get(path).text
    told = dict(re.findall(r'<meta property="(og:[a-z:]+)" content="([^"]*)">', page))
    return told, re.sub(r"^https?://[^/]+", "", told["og:image"])


@pytest.fixture
def named(app, make, now):
    """Give the event a name and colours."""
    organiser = make.identity("Roos", roles=["organiser"])
    with app.app_context(), transaction():
        rules.save(organiser, None, look=Look(name="Buurtdag Zuid", accent=BLUE), seen=0, now=now)


def test_each_session_lesson_and_point_has_its_own_card(make, session, now):
    lesson = a_lesson(make, now, LessonStatus.PUBLISHED)
    point = make.point(status=FollowUpStatus.SENT)
    browser = make.browser()
    pages = (f"/sessies/{session.slug}", f"/lessen/{lesson.slug}", f"/agenda/{point.number}", "/programma")
    seen = set()
    for page in pages:
        told, path = shared_by(browser, page)
        image = picture_at(make.browser(), path.replace("&amp;", "&"))
        assert image.size == (1200, 630)
        assert told["og:description"]
        seen.add(image.tobytes())
        if page != "/programma":
            title = {0: session.title, 1: lesson.title, 2: point.title}[pages.index(page)]
            assert title in told["og:title"]
            assert title in told["og:image:alt"]
            assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert len(seen) == len(pages)


def test_cards_and_icons_have_the_colour_of_the_event(make, session, named):
    browser = make.browser()
    blue = tuple(int(BLUE[at : at + 2], 16) for at in (1, 3, 5))

    assert picture_at(browser, f"/sessies/{session.slug}/deelbeeld.png").getpixel((600, 4)) == blue
    page = browser.get("/over").text
    touch = re.search(r'rel="apple-touch-icon" href="([^"]+)"', page)[1]
    assert picture_at(browser, touch).getpixel((20, 160)) == blue
    assert picture_at(browser, touch).size == (180, 180)


def test_what_is_not_public_has_no_card(app, make, session, now):
    lesson = a_lesson(make, now)
    point = make.point(status=FollowUpStatus.PROPOSED)
    with app.app_context(), transaction():
        db.session.get_one(ProgrammeSession, session.id).status = SessionStatus.DRAFT
    for browser in (
        make.browser(),
        make.browser(make.person("Roos", roles=["organiser", "editor", "admin"])),
    ):
        for path in (f"/sessies/{session.slug}", f"/lessen/{lesson.slug}", f"/agenda/{point.number}"):
            assert browser.get(f"{path}/deelbeeld.png").status_code == 404, path
        assert browser.get("/icoon/x/nergens.png").status_code == 404
        assert browser.get("/programma/1999/deelbeeld.png").status_code == 404


@pytest.mark.parametrize(
    "title", ["", "Ja", "a" * 500, "Zoveel woorden " * 40, "مرحبا بالجيران", "<script>\x00", "Café – één €5…"]
)
def test_any_title_fits_on_its_card(title):
    png = drawings.card("Dag van de Buurt", "Les", title)

    image = Image.open(io.BytesIO(png)).convert("RGB")
    plain = Image.open(io.BytesIO(drawings.card("Dag van de Buurt", "Les", ""))).convert("RGB")
    assert image.size == (1200, 630)
    for beside in ((1130, 20, 1200, 470), (0, 20, 70, 470), (0, 462, 1200, 470)):
        assert image.crop(beside).convert("L").getextrema()[0] > 150  # no letter runs out of its place
    assert (image.tobytes() == plain.tobytes()) == (not drawings.LEGIBLE.fullmatch(title) or not title)


def test_manifest_names_the_event_and_its_icons(make, named):
    browser = make.browser()
    page = browser.get("/over").text
    answer = browser.get(re.search(r'<link rel="manifest" href="([^"]+)">', page)[1])
    told = json.loads(answer.data)

    assert answer.mimetype == "application/manifest+json"
    assert (told["name"], told["theme_color"], told["start_url"]) == ("Buurtdag Zuid", BLUE, "/")
    found = {(each["sizes"], each["purpose"]) for each in told["icons"]}
    assert found == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for each in told["icons"]:
        assert "x".join(map(str, picture_at(browser, each["src"]).size)) == each["sizes"]


def test_a_logo_becomes_the_icon(make, now):
    out = io.BytesIO()
    Image.new("RGBA", (600, 200), (10, 200, 30, 255)).save(out, "WEBP", lossless=True)
    for name in drawings.ICON_SIZES:
        image = Image.open(io.BytesIO(drawings.icon(name, logo=out.getvalue()))).convert("RGB")
        middle = image.width // 2
        assert image.getpixel((middle, middle)) == (10, 200, 30)
        assert image.getpixel((middle, 2)) == (255, 253, 249)
    assert drawings.icon("192", logo=b"lost") == drawings.icon("192")


def test_favicon_has_three_sizes(make):
    with make.browser().get("/favicon.ico") as answer:
        assert answer.mimetype == "image/vnd.microsoft.icon"
        assert Image.open(io.BytesIO(answer.data)).info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_drawn_pictures_are_kept_and_bounded(monkeypatch):
    monkeypatch.setattr("dagvandebuurt.parts.branding.cards.MOST_BYTES", 25)
    kept, drawn = Drawn(), []

    def ten(name):
        drawn.append(name)
        return b"x" * 10

    for name in "aabcab":
        kept.get(name, lambda name=name: ten(name))
    assert drawn == ["a", "b", "c", "a", "b"]
