"""Everything on the big screen fits on it, at every size. Without a server: the app answers in this process."""

import io
from uuid import UUID, uuid4

import pytest
from PIL import Image

from dagvandebuurt.captions import events as captions
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.polls import events as polls
from dagvandebuurt.polls.models import Poll
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question, QuestionStatus
from tests.browser.hall import Hall
from tests.browser.pages import violations

pytestmark = pytest.mark.browser
SIZES = ((1280, 720), (1920, 1080), (1024, 768), (3840, 2160))
ARABIC = "لماذا لا يوجد ضوء في الحديقة خلف المدرسة؟ أطفالنا يخافون في المساء. " * 5
LONG = "Waarom staat de bank bij de bushalte nog steeds in de regen, en wie gaat daar iets aan doen? " * 6
LABELS = [
    f"{number}. Meer verlichting langs het pad achter de school en bij de speeltuin, ook in de winter"
    for number in range(1, 7)
]
# What does not fit, by name: text or a picture outside the screen, or cut off by its own box.
OUTSIDE = """() => {
  const found = [];
  const seen = document.querySelectorAll(
    '.podium h1:not(.visually-hidden), .podium h2, .podium li, .podium p:not([hidden]), .podium .qr, .podium tr, .podium__by, .podium strong, .clapping');
  for (const element of seen) {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
      found.push(`${element.className || element.tagName}: ${element.textContent.slice(0, 30)}`);
  }
  for (const box of document.querySelectorAll('.podium [data-fits]'))
    if (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
      found.push(`cut off: ${box.className}`);
  if (document.documentElement.scrollHeight > innerHeight + 1) found.push('the page scrolls');
  const [last, street] = ['.podium__captions', '.podium__street'].map((name) => document.querySelector(name).getBoundingClientRect());
  if (last.height && last.bottom > street.top + 1) found.push('captions under the street');
  const [bar, clapping] = ['.podium__count', '.clapping'].map((name) => document.querySelector(name).getBoundingClientRect());
  if (clapping.height && (clapping.top < bar.top - 1 || clapping.bottom > bar.bottom + 1)) found.push('applause over something else');
  return found;
}"""
# More than any hall claps.
CLAPPING = """() => {
  for (const kind of document.querySelectorAll('[data-clapped]')) {
    kind.dataset.on = 'yes';
    kind.querySelector('b').textContent = '9999';
  }
}"""


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


def live_question(make, session, text):
    """Put this question on stage, in the place of the one that is there."""
    with make.app.app_context(), transaction():
        db.session.query(Question).filter_by(session_id=session.id).delete()
    make.question(session, status=QuestionStatus.LIVE, text=text)


def a_poll(make, session, jolien):
    poll = str(uuid4())
    title = "Wat moet er als eerste gebeuren in het park achter de school, als er geld is voor één ding?"
    for verb, fields in (
        (polls.WRITE, {"title": title, "kind": "single_choice", "options": LABELS}),
        (polls.READY, {}),
        (polls.OPEN, {"minutes": 0}),
    ):
        assert make.do(verb, jolien, session, poll=poll, **fields)["ok"]
    return poll


def tell(make, session, jolien, poll):
    for place in (5, 5, 5, 0):
        make.do(polls.BALLOT, make.guest(), session, poll=poll, choices=[place])
    assert make.do(polls.CLOSE, jolien, session, poll=poll)["ok"]
    assert make.do(polls.RESULTS, jolien, session, poll=poll, on=True)["ok"]


def move(make, session, **times):
    with make.app.app_context(), transaction():
        for name, value in times.items():
            setattr(db.session.get(ProgrammeSession, session.id), name, value)


def an_hour(make, session, jolien):
    """Let an hour go by; say after each step what the screen must show now."""
    begins = session.starts_at
    move(make, session, starts_at=begins.replace(minute=20))
    yield "Straks: Samen groen"
    move(make, session, starts_at=begins)
    yield "Welke vraag moet hier gesteld worden?"
    make.do(events.ARRANGE, jolien, session, is_open=False)
    yield "De vragen zijn dicht"
    live_question(make, session, "Waarom?")
    yield "Waarom?"
    live_question(make, session, "a" * 500)
    yield "aaaa"
    live_question(make, session, ARABIC)
    yield ARABIC[:20]
    live_question(make, session, LONG[:500])
    yield LONG[:40]
    for word in ("Nu", "Straks"):
        make.do(captions.ADD, jolien, session, text=f"{word} spreekt de wethouder over het pad. " * 4)
    yield "Straks spreekt de wethouder"
    poll = a_poll(make, session, jolien)
    yield "Kies mee op je eigen telefoon"
    tell(make, session, jolien, poll)
    yield "Dit vindt de zaal: 4 stemmen"  # beside the question
    with make.app.app_context(), transaction():
        db.session.query(Question).filter_by(session_id=session.id).delete()
    yield "75%"  # alone
    live_question(make, session, LONG[:500])
    move(make, session, ends_at=begins.replace(minute=10))
    yield "Deze sessie is voorbij"


def test_everything_fits_on_the_podium(browser, make, session, jolien):
    steps = an_hour(make, session, jolien)
    next(steps)
    width, height = SIZES[0]
    hall = Hall(browser, make, viewport={"width": width, "height": height})
    hall.page.clock.install()
    page = hall.go(f"/sessies/{session.slug}/podium")
    page.locator("[data-script=ready]").wait_for()
    page.evaluate("document.fonts.ready")
    page.evaluate(CLAPPING)

    for says in steps:
        page.clock.fast_forward(31_000)  # it looks again by itself
        page.locator("main").filter(has_text=says).wait_for()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.locator(f"[data-fitted='{width}x{height}']").wait_for()
            assert page.evaluate(OUTSIDE) == [], (says, width)
            assert page.locator(".qr").bounding_box()["width"] >= width / 4 - 1, (says, width)
        if says == "75%":
            assert violations(page) == []
        if says == ARABIC[:20]:
            assert page.locator(".podium__text").evaluate("(e) => getComputedStyle(e).direction") == "rtl"
    assert page.locator("[data-poll]").count() == 0
    assert LONG[:40] not in page.content()
    assert violations(page) == []
    hall.context.close()


def test_a_full_bar_is_all_votes(browser, make, session, jolien):
    tell(make, session, jolien, a_poll(make, session, jolien))
    hall = Hall(browser, make, viewport={"width": 1280, "height": 720})
    page = hall.go(f"/sessies/{session.slug}/podium")

    widths = page.locator(".bars__fill").evaluate_all(
        "(bars) => bars.map((bar) => Number(bar.getAttribute('width')))"
    )

    assert widths == [25, 0, 0, 0, 0, 75]
    assert "3 (75%)" in page.locator("tr").last.inner_text()
    with make.app.app_context():
        poll = db.session.get(Poll, UUID(page.locator("[data-poll]").get_attribute("data-poll")))
        assert [option.ballots for option in poll.options] == [1, 0, 0, 0, 0, 3]
    hall.context.close()


def test_the_longest_question_fits_without_javascript(browser, make, session):
    live_question(make, session, LONG[:500])
    hall = Hall(browser, make, viewport={"width": 1280, "height": 720}, java_script_enabled=False)
    page = hall.go(f"/sessies/{session.slug}/podium")

    assert page.evaluate(OUTSIDE) == []
    hall.context.close()


def test_the_overlay_is_transparent_around_its_card(browser, make, session, jolien):
    live_question(make, session, LONG[:500])
    a_poll(make, session, jolien)
    hall = Hall(browser, make, viewport={"width": 1920, "height": 1080})
    page = hall.go(f"/sessies/{session.slug}/podium/overlay")
    page.locator("[data-script=ready]").wait_for()

    card = page.locator(".overlay__card")
    assert card.evaluate("(e) => e.scrollHeight <= e.clientHeight + 1")
    assert card.bounding_box()["y"] > 300
    picture = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    assert picture.getpixel((960, 60))[3] == 0
    box = card.bounding_box()
    assert picture.getpixel((int(box["x"]) + 60, int(box["y"]) + 8))[3] == 255
    hall.context.close()
