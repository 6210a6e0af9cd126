"""One header row for every role, from a small phone to a wide screen; the way to one's work and out of it."""

import pytest

from tests.browser.pages import come_in_as
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 390, 480, 600, 768, 900, 1024, 1056, 1057, 1100, 1280, 1366, 1440, 1680, 1920)
LONG_NAME = "Kennisfestival Sterke Wijken en Dorpen 27"
# Everybody who can be logged in, and the number of desks they have.
PEOPLE = {
    None: 0,
    "Mila Roovers": 0,
    "Bart Overdijk": 1,  # a supporter
    "Jolien Verkaik": 2,  # a moderator
    "Soraya Lamkadem": 1,  # a host
    "Wessel Ooievaar": 1,  # a captioner
    "Sven Appelhof": 1,  # an editor, of lessons and of action points
    "Priya Raman-Hoek": 1,  # of an organisation that answers
    "Naima Geertsen": 1,  # a coordinator of learning
    "Gerda Olthof": 1,  # who keeps a stand
    "Tineke Waterborg": 1,  # who picks up the phone
    "Roos Wildervank": 1,  # an organiser
    "Beheer Dag van de Buurt": 1,  # an administrator
}

# What of the header stands lower than the row, sticks out of it, or lies over something else of it.
OUT_OF_THE_ROW = """() => {
  const header = document.querySelector(".header");
  const row = header.querySelector(".header__row");
  const box = row.getBoundingClientRect();
  const shown = (element) => element.checkVisibility({ checkVisibilityCSS: true });
  const parts = [...row.querySelectorAll("a, button:not([hidden]), .mark__name")].filter(shown)
    .filter((part) => !part.closest(".self, .mark__name ~ *"));
  const wrong = [];
  const rects = parts.map((part) => [part, part.getBoundingClientRect()]);
  for (const [part, at] of rects) {
    const name = part.className || part.textContent.trim();
    if (at.top < box.top - 1 || at.bottom > box.bottom + 1) wrong.push(`${name}: above or below the row`);
    if (at.left < -1 || at.right > document.documentElement.clientWidth + 1) wrong.push(`${name}: outside`);
    if (at.width > 2 && Math.abs(at.top + at.height / 2 - (box.top + box.height / 2)) > 8)
      wrong.push(`${name}: not in the middle of the row`);
  }
  const apart = rects.filter(([part, at]) => at.width > 2 && !part.matches(".mark__name"));
  for (let i = 0; i < apart.length; i++)
    for (let j = i + 1; j < apart.length; j++)
      if (apart[i][1].right > apart[j][1].left + 1 && apart[j][1].right > apart[i][1].left + 1)
        wrong.push(`${apart[i][0].className || apart[i][0].textContent.trim()} over ${apart[j][0].className}`);
  if (header.getBoundingClientRect().height > 72) wrong.push(`${header.getBoundingClientRect().height} px high`);
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) wrong.push("scrolls sideways");
  return wrong;
}"""


@pytest.fixture(scope="module")
def visitor(browser, demo_house, tmp_path_factory):
    return Person(
        browser, demo_house, tmp_path_factory.mktemp("kept"), viewport={"width": 320, "height": 700}
    )


def come_in(visitor, name):
    """Log in as somebody of the demo; the browser is nobody's before that."""
    visitor.context.clear_cookies()
    if name:
        come_in_as(visitor.go("/inloggen"), name)
        visitor.page.wait_for_url(lambda url: "/inloggen" not in url)
    return visitor.page


@pytest.mark.parametrize("name", PEOPLE, ids=lambda name: name or "visitor")
def test_header_is_one_row_at_every_width(visitor, name):
    page = come_in(visitor, name)
    page.goto("/lessen")
    wrong = {}
    for called in (None, LONG_NAME, ""):  # the event as it is called, with a long name, and without one
        if called is not None:
            page.evaluate("text => document.querySelector('.mark__name').textContent = text", called)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 700})
            if found := page.evaluate(OUT_OF_THE_ROW):
                wrong[called, width] = found

    assert wrong == {}


@pytest.mark.parametrize("name", ["Jolien Verkaik", "Roos Wildervank"])
@pytest.mark.parametrize("width", [320, 1280])
def test_work_is_one_press_away_and_so_is_the_way_out(visitor, name, width):
    page = come_in(visitor, name)
    page.set_viewport_size({"width": width, "height": 700})
    assert page.url.endswith("/organisatie" if PEOPLE[name] == 1 else "/mijn/werk")  # work comes first

    page.goto("/programma")  # kept for everybody, filled in for each reader
    page.get_by_role("link", name="Mijn werk").click()
    page.get_by_role("heading", name="Mijn werk").wait_for()
    assert page.locator(".desks > li").count() == PEOPLE[name]
    for link in page.locator(".desks a").all():
        assert page.request.get(link.get_attribute("href")).status == 200

    page.goto("/programma")
    page.get_by_role("button", name="Menu" if width < 1056 else name).click()
    page.get_by_role("link", name="Instellingen").wait_for()
    page.get_by_role("button", name="Log uit").click()
    page.get_by_text("Je bent uitgelogd.").first.wait_for()


def test_a_resident_lands_on_their_own_day_and_sees_no_desk(visitor):
    page = come_in(visitor, "Mila Roovers")
    assert page.url.endswith("/mijn")
    assert page.get_by_role("link", name="Mijn werk").count() == 0
    page.goto("/mijn/werk")
    page.get_by_text("Je hebt hier geen taak.").wait_for()
