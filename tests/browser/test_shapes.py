"""Every page keeps its shape: with nothing, with one to seven and with two hundred of everything, with texts of
five hundred characters without a space, in Arabic, and with names of a hundred characters.
"""

import pytest

from dagvandebuurt.core.db import db
from tests.browser.town import Town
from tests.conftest import ONE_O_CLOCK
from tests.in_process import standing_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDTHS = (320, 1280)

# What scrolls sideways, sticks out of the box it stands in, or stands alone on its row in a grid of several columns.
OUT_OF_SHAPE = """() => {
  const wide = document.documentElement.clientWidth;
  const wrong = [];
  const say = (element) => {
    const name = typeof element.className === "string" && element.className ? `.${element.className}` : "";
    return `${element.localName}${name} "${element.textContent.trim().replace(/\\s+/g, " ").slice(0, 20)}"`;
  };
  const over = document.documentElement.scrollWidth - wide;
  const shown = (element) => element.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: true });
  if (over > 0) {
    const out = [...document.querySelectorAll("body *")].filter((each) => shown(each)
      && each.getBoundingClientRect().right > wide + 1 && !each.closest(".table--scroll"));
    wrong.push(`scrolls ${over} px sideways: ${out.slice(-2).map(say).join(" in ")}`);
  }
  const scrolls = (style) => ["auto", "scroll"].includes(style.overflowX);
  const styles = new Map();
  const styleOf = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const isBox = (element) => {
    const style = styleOf(element);
    if (style.display.startsWith("inline") && !style.display.includes("-")) return false;
    return parseFloat(style.borderLeftWidth) + parseFloat(style.borderRightWidth) > 0
      || style.backgroundColor !== "rgba(0, 0, 0, 0)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node && wrong.length < 9; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest("select, textarea, svg, template, option, noscript, script, style")) continue;
    if (parent.closest(".visually-hidden, .skip, .table--scroll") || !shown(parent)) continue;
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 1.5);
    if (!rects.length) continue;
    const left = Math.min(...rects.map((rect) => rect.left));
    const right = Math.max(...rects.map((rect) => rect.right));
    const top = Math.min(...rects.map((rect) => rect.top));
    const bottom = Math.max(...rects.map((rect) => rect.bottom));
    for (let at = parent; at && at !== document.body; at = at.parentElement) {
      const style = styleOf(at);
      if (scrolls(style) || style.position === "absolute" || style.position === "fixed" || style.clipPath !== "none") break;
      if (["hidden", "clip"].includes(style.overflowX) && style.textOverflow === "ellipsis") break;
      if (Number(style.webkitLineClamp) > 0) break;
      const box = at.getBoundingClientRect();
      if (box.width < 2) break;
      const cuts = ["hidden", "clip"].includes(style.overflowX);
      if (!cuts && !isBox(at)) continue;
      if (left < box.left - 1.5 || right > box.right + 1.5 || top < box.top - 4 || bottom > box.bottom + 4) {
        wrong.push(`${say(parent)} sticks out of ${say(at)}: `
          + [left - box.left, box.right - right, top - box.top, box.bottom - bottom].map(Math.round));
        break;
      }
    }
  }
  for (const grid of document.querySelectorAll("main *, footer *")) {
    if (!shown(grid)) continue;
    const style = styleOf(grid);
    if (style.display !== "grid" && style.display !== "inline-grid") continue;
    if (style.gridTemplateColumns.split(" ").length < 2) continue;
    const children = [...grid.children].filter((each) => shown(each) && each.getBoundingClientRect().height > 1);
    const alike = children.every((each) => each.localName === "li" || each.matches(".card"));
    if (children.length < 3 || !alike) continue;
    const rows = new Map();
    for (const child of children) {
      const top = Math.round(child.getBoundingClientRect().top / 8);
      rows.set(top, [...(rows.get(top) ?? []), child]);
    }
    const alone = [...rows.values()].filter((row) => row.length === 1
      && row[0].getBoundingClientRect().width < grid.clientWidth * 0.8);
    if (alone.length && rows.size < children.length) wrong.push(`alone on its row: ${say(alone[0][0])} in ${say(grid)}`);
  }
  return [...new Set(wrong)].slice(0, 6);
}"""

LISTS = (
    "/", "/programma", "/sprekers", "/organisaties", "/lessen", "/agenda", "/wijkwijzer", "/wijkwijzer/leervragen",
    "/wijkwijzer/aanbod", "/wijkwijzer/voorbeelden", "/wijkwijzer/nog-te-organiseren", "/mijn", "/mijn/werk",
    "/organisatie", "/regie",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(browser, tmp_path_factory):
    """A town without a day, and a page that opens everything."""
    folder = tmp_path_factory.mktemp("town")
    with standing_house(folder, ONE_O_CLOCK, DVB_DEMO="0") as house, house.app.app_context():
        db.create_all()
        town = Town(house)
        context = house.context(browser, town.person, reduced_motion="reduce")
        page = context.new_page()
        yield house, town, page
        context.close()


def out_of_shape(page, paths) -> str:
    """Open each page, and say what is wrong at which width, a line each."""
    wrong = []
    for path in paths:
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        answer = page.goto(path)
        if answer.status >= 500:
            wrong.append(f"{path}: {answer.status}")
            continue
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wrong += [f"{path} at {width}: {each}" for each in page.evaluate(OUT_OF_SHAPE)]
    return "\n".join(wrong)


def pages_without_a_value(app) -> list[str]:
    """Return the addresses of all pages that need no value, from the app itself."""
    files = (".ics", ".atom", ".csv", ".json", ".xml", ".txt")
    out = {"/healthz", "/readyz", "/metrics", "/tijd", "/api/v1/search"}
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and not rule.rule.endswith(files)
        and rule.rule not in out
    )


def pages_of(town, number) -> list[str]:
    """Return the addresses of the so-manieth of everything."""
    at = {what: things[number] for what, things in town.ids.items()}
    room = f"/sessies/{at['session'].slug}"
    asked = f"{room}/vragen/{town.ids['question'][0].id}"
    lesson = at["lesson"].slug
    return [
        room, f"{room}/live", f"{room}/regie", f"{room}/regie/meer", f"{room}/regie/meldingen", f"{room}/podium",
        f"{room}/ondertitels", f"{room}/oogst", f"{asked}/melden", f"{asked}/verplaatsen", f"{asked}/agendapunt",
        f"/vragen/{at['question'].id}", f"/organisatie{room}", f"/organisatie{room}/aanwezigheid",
        f"/organisatie{room}/beeld", f"/sprekers/{at['speaker'].code}", f"/organisaties/{at['organisation'].code}",
        f"/lessen/{lesson}", f"/lessen/{lesson}/fout", f"/lessen/{lesson}/versies", f"/lessen/regie/{lesson}",
        f"/melden/les/{at['lesson'].id}", f"/agenda/{at['point'].number}", f"/agenda/regie/{at['proposed'].number}",
        f"/agenda/voor-ons/{at['point'].number}", f"/wijkwijzer/leervragen/{at['learning'].number}",
        f"/wijkwijzer/aanbod/{at['offer'].number}", f"/wijkwijzer/nog-te-organiseren/{at['gap'].number}",
        f"/wijkwijzer/voorbeelden/{at['initiative'].slug}", f"/wijkwijzer/regie/leervragen/{at['learning'].number}",
        f"/wijkwijzer/regie/aanbod/{at['offer'].number}", f"/wijkwijzer/regie/nog-te-organiseren/{at['gap'].number}",
        f"/wijkwijzer/regie/voorbeelden/{at['initiative'].slug}", f"/organisatie/rollen/{at['grant'].id}/afnemen",
        f"/organisatie/programma/sessies/{at['session'].id}", f"/organisatie/programma/sprekers/{at['speaker'].id}",
        f"/zoeken?q={'Buurtfeest' * 20}", "/zoeken?q=plein",
    ]  # fmt: skip


DESKS = (
    *(f"/organisatie/programma/{kind}" for kind in ("sprekers", "organisaties", "themas", "plekken", "ronden")),
    "/organisatie/programma/sessies/nieuw", "/organisatie/teksten/home", "/organisatie/teksten/help/versies",
    "/programma/2027", "/hulp/organiseren",
)  # fmt: skip


def test_pages_keep_their_shape_without_an_edition(place):
    house, _, page = place
    assert out_of_shape(page, pages_without_a_value(house.app)) == ""


@pytest.mark.parametrize("many", [0, 1, 2, 3, 4, 5])
def test_lists_keep_their_shape_with_few(place, many):
    _, town, page = place
    town.grow(many)
    assert out_of_shape(page, LISTS) == ""


@pytest.mark.parametrize("part", ["all", "desks", "without-spaces", "arabic"])
def test_every_page_keeps_its_shape_with_seven(place, part):
    house, town, page = place
    town.grow(7)
    paths = {
        "all": pages_without_a_value(house.app),
        "desks": DESKS,
        "without-spaces": pages_of(town, 0),
        "arabic": pages_of(town, 1),
    }
    assert out_of_shape(page, paths[part]) == ""


def test_lists_keep_their_shape_with_two_hundred(place):
    _, town, page = place
    town.grow(200)
    assert out_of_shape(page, LISTS) == ""


BREAKS = {
    "scrolls": "document.querySelector('main h1').style.inlineSize = '2000px'",
    "sticks out": """Object.assign(document.querySelector("main .card .card__title").style, {
      whiteSpace: "nowrap", inlineSize: "10px",
    })""",
    "alone": """{
      const list = document.querySelector("main .grid");
      [...list.children].slice(7).forEach((each) => each.remove());  // however far the town has grown
      Object.assign(list.style, {display: "grid", gridTemplateColumns: "1fr 1fr 1fr"});
      for (const each of list.children) each.style.gridColumn = "span 1";
    }""",
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_page_out_of_shape_is_red(place, what):
    _, town, page = place
    town.grow(7)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/lessen")
    before = page.evaluate(OUT_OF_SHAPE)
    page.evaluate(BREAKS[what])

    assert before == []
    assert any(what in each for each in page.evaluate(OUT_OF_SHAPE))
