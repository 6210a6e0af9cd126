// Where the keyboard is, when what it is in is drawn anew (WCAG 2.4.3): what is removed while it has the focus drops
// it at the top of the page, and a screen reader with it.
const CARD = "[data-poll], [data-question], [data-row], li, article, section";

/** A selector of the card an element is in, by the id its data names; empty for one without. */
function cardOf(element) {
  const card = element.closest("[data-poll], [data-question]");
  if (!card) return "";
  const name = card.dataset.poll !== undefined ? "poll" : "question";
  return `[data-${name}="${CSS.escape(card.dataset[name])}"]`;
}

function canHaveIt(element) {
  return element?.isConnected && !element.disabled && element.getClientRects().length > 0;
}

/** The same field, button or link in what was drawn anew: by its id, or by its card and its name and value. */
function again(box, was, card) {
  const byId = was.id && box.querySelector(`#${CSS.escape(was.id)}`);
  if (canHaveIt(byId)) return byId;
  const place = card ? box.querySelector(card) : box;
  const alike = [...(place?.querySelectorAll(was.localName) ?? [])].filter((each) => each.name === was.name && each.type === was.type);
  const same = alike.find((each) => each.value === was.value && each.textContent === was.textContent) ?? (was.name ? alike.find((each) => each.checked) ?? alike[0] : undefined);
  return canHaveIt(same) ? same : place;
}

function giveTo(element) {
  if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) element.setAttribute("tabindex", "-1");
  element.focus({ preventScroll: true });
}

/** Do `change` to what is in `box`. Whoever was in there with the keyboard is at the same place afterwards: the same
    element, its successor, its card, or else the box. Who was elsewhere stays there. */
export function keepFocus(box, change) {
  const was = document.activeElement;
  const isHere = was && was !== box && box.contains(was);
  const card = isHere ? cardOf(was) : "";
  const beside = isHere ? was.closest(CARD)?.nextElementSibling : null;
  change();
  if (!isHere || (document.activeElement === was && canHaveIt(was))) return;
  const next = canHaveIt(was) ? was : again(box, was, card) ?? (canHaveIt(beside) ? beside : box);
  giveTo(canHaveIt(next) ? next : box);
}
