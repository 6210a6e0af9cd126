"""Large text on a small phone: nothing covered, nothing cut, no sideways scrolling, no line of half a word.

One page walks; the letters and the width change without a reload.
"""

import pytest

from tests.browser.test_header import OUT_OF_THE_ROW
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser

SIZES = (
    (130, 320),
    (150, 360),
    (200, 320),
    (200, 360),
    (200, 390),
)  # percent of the text, pixels of the phone
ROOM, STAND = "/sessies/rommel-op-straat", "/markt/soepbus-sterrenhof"
WALKS = {
    None: (
        "/", "/programma", ROOM, "/sprekers", "/lessen", "/agenda", "/wijkwijzer", "/aanmelden", "/inloggen", "/kom",
        "/zo-werkt-het", "/hulp", "/hulp/als-het-misgaat", "/zoeken?q=buurt", "/nergens", "/markt", f"{STAND}?film=1",
    ),
    "Ellen Bosvelt": ("/mijn", "/mijn/instellingen/berichten", f"{ROOM}/live", f"{ROOM}/hand"),
    "Jolien Verkaik": ("/mijn/werk", "/regie", f"{ROOM}/regie", f"{ROOM}/regie/handen", f"{ROOM}/regie/labels", "/moderatie"),
    "Roos Wildervank": (
        "/organisatie", "/organisatie/rollen", "/organisatie/programma", "/organisatie/programma/sessies/nieuw",
        "/organisatie/partners", "/organisatie/teksten/spelregels", "/organisatie/repetitie", "/mijn/lijst",
        "/sprekers/p-anouk/foto", "/organisatie/markt", "/organisatie/meenemen", "/organisatie/wie-deed-wat",
    ),
    "Tineke Waterborg": ("/telefoon", "/telefoon/aanmelden"),
    "Gerda Olthof": ("/kraam", "/kraam/soepbus-sterrenhof", "/kraam/soepbus-sterrenhof/inrichten"),
    "Beheer Dag van de Buurt": ("/organisatie/videosites",),
}  # fmt: skip
LEAST_LETTERS = 12

# Lines are counted where text stands by itself. There is room where an element is much narrower than the screen.
WRONG = """([least]) => {
  const wide = document.documentElement.clientWidth;
  const wrong = [];
  const say = (element) => {
    const name = element.className && element.className.baseVal === undefined ? `.${element.className}` : "";
    return `${element.localName}${name} "${element.textContent.trim().slice(0, 30)}"`;
  };
  if (document.documentElement.scrollWidth > wide) {
    const out = [...document.querySelectorAll("main *, footer *")].filter((each) =>
      each.checkVisibility() && each.getBoundingClientRect().right > wide + 1 && !each.closest(".table--scroll"));
    wrong.push(`scrolls ${document.documentElement.scrollWidth - wide} px sideways: ${out.slice(-2).map(say)}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    const parent = node.parentElement;
    if (!text || !parent.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: true })) continue;
    if (parent.closest("select, textarea, svg, template, .visually-hidden, .table--scroll, .skip, caption")) continue;
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 1.5);
    if (!rects.length) continue;
    const box = parent.getBoundingClientRect();
    if (box.width < 2 || getComputedStyle(parent).clipPath !== "none") continue;
    const left = Math.min(...rects.map((rect) => rect.left));
    const right = Math.max(...rects.map((rect) => rect.right));
    if (left < -1 || right > wide + 1) wrong.push(`runs out of the screen: ${say(parent)}`);
    for (let at = parent; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath !== "none") break;
      if (["hidden", "clip"].includes(style.overflowX) && right > at.getBoundingClientRect().right + 2
          && !at.matches(".mark__name, .self__name bdi")) {
        wrong.push(`is cut off: ${say(parent)}`);
        break;
      }
    }
    let block = parent;
    while (block !== document.body && getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    const style = getComputedStyle(block);
    const room = block.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const lines = new Set(rects.map((rect) => Math.round(rect.top / 4))).size;
    if (lines > 2 && text.length / lines < least && room < wide * 0.6)
      wrong.push(`${lines} lines of ${(text.length / lines).toFixed(1)} letters: ${say(parent)}`);
  }
  return [...new Set(wrong)];
}"""


@pytest.mark.parametrize("name", WALKS, ids=lambda name: name or "visitor")
def test_large_text_stays_readable_on_a_small_phone(browser, demo_house, tmp_path, name):
    walker = Person(browser, demo_house, tmp_path, viewport={"width": 360, "height": 740})
    page = walker.page
    if name:
        walker.demo_login(name)
    wrong = {}
    for path in WALKS[name]:
        page.set_viewport_size({"width": 1280, "height": 740})
        page.goto(path)
        for percent, width in SIZES:
            page.evaluate("size => document.documentElement.style.fontSize = size", f"{percent}%")
            page.set_viewport_size({"width": width, "height": 740})
            found = page.evaluate(WRONG, [LEAST_LETTERS])
            found += [
                each for each in page.evaluate(OUT_OF_THE_ROW) if not each.endswith(("high", "sideways"))
            ]
            if found:
                wrong[path, percent, width] = found

    assert wrong == {}
    walker.context.close()


# The first line of what was asked, where a link to it leads.
COVERED = """() => {
  const text = document.querySelector(".own__text");
  document.querySelector("#mijn-vragen").scrollIntoView();
  const range = document.createRange();
  range.selectNodeContents(text);
  const { left, top, bottom } = range.getClientRects()[0];
  const at = document.elementFromPoint(left + 5, (top + bottom) / 2);
  return text.contains(at) ? [] : [`at ${Math.round(top)} lies ${at?.className || at?.localName}`];
}"""


def test_own_question_is_readable_with_large_text_and_without_scripts(browser, demo_house, tmp_path):
    walker = Person(browser, demo_house, tmp_path, java_script_enabled=False)
    page, wrong = walker.go(f"{ROOM}/live"), {}
    page.get_by_label("Hoe mogen we je noemen?").fill("Gerda")
    page.get_by_role("button", name="Doe mee").click()
    page.get_by_role("link", name="Zeg ik liever niet").click()
    page.get_by_label("Schrijf hier je vraag, idee of signaal").fill(
        "Wie belt mij terug over de lampen in de Oranjestraat?"
    )
    page.get_by_role("button", name="Stuur mijn vraag").click()
    page.locator(".own__text").wait_for()
    for percent, width in SIZES:
        page.evaluate("size => document.documentElement.style.fontSize = size", f"{percent}%")
        page.set_viewport_size({"width": width, "height": 740})
        if found := page.evaluate(WRONG, [LEAST_LETTERS]) + page.evaluate(COVERED):
            wrong[percent, width] = found

    assert wrong == {}
    walker.context.close()
