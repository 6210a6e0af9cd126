"""Forced colours and no motion, as people set their own system: what can be pressed has an edge, where one is has
a ring, what is chosen is told by more than a background, and nothing moves.
"""

import pytest

from tests.browser.pages import violations
from tests.browser.test_pictures import LIVE, PAGES, day, look

__all__ = ["day"]  # the fixture

pytestmark = pytest.mark.browser

WITH_AXE = {"home", "programme", "register", "room", "desk", "mine", "today", "roles"}

UNSEEN = """() => {
  const wrong = [];
  const say = (element) => `${element.localName}.${element.getAttribute("class") ?? ""} `
    + `"${(element.textContent || element.name || "").trim().replace(/\\\\s+/g, " ").slice(0, 25)}"`;
  const shown = (element) => element.checkVisibility({ checkVisibilityCSS: true })
    && element.getBoundingClientRect().width > 2 && !element.closest(".visually-hidden, .skip");
  const edge = (style) => ["Top", "Right", "Bottom", "Left"].some((side) =>
    parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Style`] !== "none"
    && style[`border${side}Color`] !== style.backgroundColor);
  const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;

  for (const each of document.querySelectorAll(
    ".button, button, select, textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=range])")) {
    if (!shown(each)) continue;
    const style = getComputedStyle(each);
    const underlined = style.textDecorationLine.includes("underline");
    if (!edge(style) && !underlined && !each.querySelector("svg") && !ring(style)) wrong.push(`no edge: ${say(each)}`);
  }

  const focusable = [...document.querySelectorAll("a[href], button:not([disabled]), input, select, textarea, summary")]
    .filter((each) => shown(each) && each.type !== "hidden");
  for (const each of focusable.slice(0, 60)) {
    each.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== each) continue;
    // A drawing has no outline of its own: one of its shapes gets a thicker edge.
    if (each.closest("svg") && [...each.children].some((one) => parseFloat(getComputedStyle(one).strokeWidth) >= 4)) continue;
    let at = each;
    for (let step = 0; at && step < 6 && !ring(getComputedStyle(at)); step += 1) at = at.parentElement;
    if (!at || at === document.body || !ring(getComputedStyle(at))) wrong.push(`no ring: ${say(each)}`);
  }
  document.activeElement?.blur();

  const look = (element) => {
    const style = getComputedStyle(element);
    return [
      style.fontWeight, style.textDecorationLine, style.textDecorationThickness, style.color, style.outlineStyle,
      ...["Top", "Right", "Bottom", "Left"].map((side) => style[`border${side}Width`] + style[`border${side}Style`]
        + style[`border${side}Color`]),
      getComputedStyle(element, "::before").content, getComputedStyle(element, "::after").content,
      element.querySelectorAll("svg").length,
    ].join(" ");
  };
  const chosen = "[aria-current]:not([aria-current=false]), [aria-pressed=true], [aria-selected=true]";
  for (const each of document.querySelectorAll(chosen)) {
    if (!shown(each)) continue;
    const list = each.closest("nav, ul, ol, [role=tablist], form, section");
    const other = [...(list?.querySelectorAll(each.localName) ?? [])].find((one) => one !== each && shown(one)
      && !one.matches(chosen) && one.className === each.className);
    if (other && look(other) === look(each)) wrong.push(`told by its background alone: ${say(each)}`);
  }

  for (const each of document.querySelectorAll("svg.icon")) {
    if (!shown(each)) continue;
    const style = getComputedStyle(each);
    if (style.stroke !== style.color && style.fill !== style.color) wrong.push(`keeps its own colour: ${say(each.parentElement)}`);
  }
  const moving = document.getAnimations().filter((each) => each.playState === "running");
  if (moving.length) wrong.push(`${moving.length} things move: ${say(moving[0].effect.target)}`);
  return [...new Set(wrong)].slice(0, 8);
}"""


@pytest.fixture(scope="module")
def walker(browser, day):
    """A page in somebody's own colours, without motion."""
    context = day.context(browser, forced_colors="active", reduced_motion="reduce")
    page = context.new_page()
    page.who = None
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_can_be_used_in_forced_colours_and_without_motion(day, walker, name):
    address, who, sizes = PAGES[name]
    walker.set_viewport_size({"width": 320 if sizes in ("phone", "hand") else 1280, "height": 900})
    look(day, walker, address, who, LIVE.get(name))

    assert walker.evaluate("matchMedia('(forced-colors: active)').matches")
    assert walker.evaluate(UNSEEN) == []
    if name in WITH_AXE:
        # The colours are the system's own, on a plate that axe does not see.
        assert [each for each in violations(walker) if ": color-contrast " not in each] == []


BREAKS = {
    "no edge": "button.style.border = '0'",
    "no ring": "button.style.setProperty('outline', 'none', 'important')",
    "keeps its own colour": "button.append(Object.assign(document.querySelector('svg.icon').cloneNode(true)));"
    "button.lastChild.style.cssText = 'stroke: red; fill: red; forced-color-adjust: none'",
    "things move": "button.animate([{opacity: 1}, {opacity: 0}], {duration: 9e6})",
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_button_without_edge_or_ring_and_what_moves_is_red(day, walker, what):
    look(day, walker, "/aanmelden", None)
    walker.evaluate(
        f"{{ const button = [...document.querySelectorAll('main form .button')].find((each) => each.checkVisibility()); {BREAKS[what]} }}"
    )

    assert any(what in each for each in walker.evaluate(UNSEEN))
