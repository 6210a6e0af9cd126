"""The room is one screen: stage, question and the field to ask are in view without scrolling, at any size, with and
without scripts, also with large text."""

import pytest
from playwright.sync_api import expect
from sqlalchemy.exc import OperationalError

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import Question, QuestionStatus
from tests.browser.pages import violations
from tests.browser.test_walk import Person
from tests.served import serve
from tests.visitors import house_of

pytestmark = pytest.mark.browser
SLUG = "rommel-op-straat"
LARGE_TEXT = ((1440, 900), (1280, 800), (768, 1024), (390, 844), (320, 640))
SIZES = (*LARGE_TEXT, (1366, 625), (1024, 650))  # laptops with a browser full of bars

# What of the first screen is not there, or lies under something else. Of the question its first line counts.
MISSING = """() => {
  const wrong = [];
  const visible = (name, element, x, y) => {
    const at = document.elementFromPoint(x, y);
    if (!at || !(element.contains(at) || at.contains(element)))
      wrong.push(`${name} at ${Math.round(x)}, ${Math.round(y)} is under ${at?.className || at?.localName}`);
  };
  const [stage, field, button] = [".view", "[data-ask] textarea", "[data-ask] button[type=submit]"]
    .map((each) => document.querySelector(each));
  const box = stage.getBoundingClientRect();
  visible("stage", stage, box.left + box.width / 2, box.top + 20);
  for (const [name, element] of [["field", field], ["button", button]]) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight || left < 0 || right > document.documentElement.clientWidth)
      wrong.push(`${name} is cut off: ${top} to ${bottom}`);
    visible(name, element, (left + right) / 2, (top + bottom) / 2);
  }
  const texts = [...document.querySelectorAll(".turn .onstage__text, .question__text")].filter((each) => each.checkVisibility());
  const line = texts[0].getClientRects()[0];
  const range = document.createRange();
  range.selectNodeContents(texts[0]);
  const first = range.getClientRects()[0] ?? line;
  if (first.bottom > innerHeight) wrong.push(`the question begins at ${first.top} of ${innerHeight}`);
  else visible("question", texts[0], first.left + 5, first.bottom - 3);
  if (wrong.length) {
    const parts = [".bar", ".view", ".tools", ".onstage", ".parts", ".order", ".composer"].map((each) => [each, document.querySelector(each)]);
    wrong.push(parts.filter(([, part]) => part?.checkVisibility()).map(([name, part]) => `${name} ${Math.round(part.getBoundingClientRect().top)}`).join(", "));
  }
  if (scrollY) wrong.push("it was scrolled");
  return wrong;
}"""

# As the server draws it in the page; what the page's script redraws afterwards finds the same.
OPEN_POLL = """(isOpen) => {
  const bar = document.querySelector("[data-votebar]");
  const title = isOpen ? "Wat helpt het meest tegen rommel op straat?" : "";
  document.querySelector("[data-polls]").innerHTML =
    isOpen ? `<article data-poll="1" data-status="open"><h3>${title}</h3></article>` : "";
  bar.hidden = document.querySelector("[data-poll-open]").hidden = !isOpen;
  bar.querySelector("[data-part=title]").textContent = title;
}"""


@pytest.fixture(scope="module")
def discussed(tmp_path_factory):
    """A served demo of its own with a question on stage and a picture: nobody opened the room before, so that
    no snapshot without them is in the server's memory."""
    with serve(tmp_path_factory.mktemp("discussed"), demo=True) as house:
        app = house_of(house.folder, house.environ)
        for _ in range(20):  # the server writes too
            with app.app_context():
                try:
                    session = db.session.query(ProgrammeSession).filter_by(slug=SLUG).one()
                    asked = db.session.query(Question).filter_by(session_id=session.id)
                    asked.filter_by(status=QuestionStatus.VISIBLE).first().status = QuestionStatus.LIVE
                    session.stage_url = "https://stroom.buurt.example/zaal.m3u8"
                    db.session.commit()
                    break
                except OperationalError:
                    db.session.rollback()
                finally:
                    db.engine.dispose()
        else:
            pytest.fail("the database stayed locked")
        yield house


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_stage_question_and_field_are_in_the_first_screen(browser, discussed, tmp_path, scripts):
    walker = Person(browser, discussed, tmp_path, java_script_enabled=scripts)
    page, missing = walker.go(f"/sessies/{SLUG}/live"), {}
    page.get_by_label("Hoe mogen we je noemen?").fill("Gerda")  # who asked nothing yet
    page.get_by_role("button", name="Doe mee").click()
    page.get_by_role("link", name="Zeg ik liever niet").click()
    page.locator("[data-ask]").wait_for()
    walker.go(f"/sessies/{SLUG}/live")
    if scripts:
        page.locator("[data-script=ready]").wait_for()
    for shown in ("poll", "on stage", "list"):
        page.evaluate(OPEN_POLL, shown == "poll")
        assert page.locator(".votebar").is_visible() == (shown == "poll")
        assert page.locator(".onstage").is_visible() == (shown == "on stage")
        for percent in (100, 200):
            page.evaluate("size => document.documentElement.style.fontSize = size", f"{percent}%")
            for width, height in SIZES if percent == 100 else LARGE_TEXT:
                page.set_viewport_size({"width": width, "height": height})
                expect(page.locator("[data-connection]")).to_be_empty(timeout=60_000)  # its line takes room
                if found := page.evaluate(MISSING):
                    missing[shown, percent, width, height] = found
        if shown == "on stage":
            page.evaluate("document.querySelector('.onstage').hidden = true")  # as when its turn is over

    assert missing == {}
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert not scripts or violations(page) == []  # axe waits by timers, which do not run without scripts
    walker.context.close()
