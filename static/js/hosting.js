// The page of who is on stage, live: what changes is fetched anew when something happens, and every ten seconds for the
// clock. A press goes without a reload; without a connection it can be pressed again, and counts once.
import { showApplause } from "./applause.js";
import { showConnection } from "./cards.js";
import { followExtras } from "./extras.js";
import { Keys } from "./keys.js";
import { Live } from "./live.js";
import { Refresh } from "./refresh.js";
import { ScreenParts } from "./screen_parts.js";
import { announce } from "./ui.js";
import { Urgent } from "./urgent.js";

const TOGETHER_MS = 200;
const CLOCK_MS = 10_000;

/** @type {HTMLElement} */
const place = document.querySelector("[data-hosting]");
const messages = document.querySelector("[data-messages]");
const live = new Live(place);
const urgent = new Urgent();
const parts = new ScreenParts(place);
const refresh = new Refresh(place.dataset.nowUrl ?? "", take, { together: TOGETHER_MS }); // the clock asks again

/** @param {string} html a page or a part of one, from our own server */
function take(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const focused = whereFocusIs();
  const unfolded = foldsOf().filter((summary) => summary.parentElement?.hasAttribute("open")).map((summary) => summary.textContent);
  if (parts.apply(fresh.content)) {
    for (const summary of foldsOf()) if (unfolded.includes(summary.textContent)) summary.parentElement?.setAttribute("open", "");
    focusAgain(focused);
  }
  return fresh.content;
}

function foldsOf() {
  return [...place.querySelectorAll("[data-screen-part] summary")];
}

/** @typedef {{part: string, label: string | null, action: string | null, isListed: boolean}} Place where the keyboard is */

/** @returns {Place | null} */
function whereFocusIs() {
  const at = document.activeElement;
  const part = /** @type {HTMLElement | null} */ (at?.closest("[data-screen-part]") ?? null);
  if (!at || !part || !place.contains(part)) return null;
  return { part: part.dataset.screenPart ?? "", label: at.textContent, action: actionOf(at), isListed: Boolean(at.closest("li")) };
}

/** @param {Element} element */
function actionOf(element) {
  return element.closest("form")?.getAttribute("action") ?? null;
}

/**
 * The same button; of a question in a list, another one of that question. Where it went for good, the heading: whoever
 * presses Enter once more does nothing that they did not look for.
 *
 * @param {Place | null} was
 */
function focusAgain(was) {
  if (!was || (document.activeElement && document.activeElement !== document.body)) return;
  const all = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("[data-screen-part] :is(form button, summary)")]);
  const alike = all.filter((each) => each.textContent === was.label);
  const there = alike.find((each) => actionOf(each) === was.action) ?? (was.isListed ? all.find((each) => each.closest("li") && actionOf(each) === was.action) : alike[0]);
  const heading = /** @type {HTMLElement | null} */ (place.querySelector(`[data-screen-part="${CSS.escape(was.part)}"] h2`) ?? place.querySelector("h2"));
  if (!there) heading?.setAttribute("tabindex", "-1");
  (there ?? heading)?.focus();
}

place.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  refresh.outdate(); // what was asked before this press is old by now
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
    const page = take(await response.text());
    const said = page.querySelector("[data-messages]");
    if (said && messages) {
      messages.replaceChildren(...said.childNodes);
      announce(messages.textContent?.replace(/\s+/g, " ").trim() ?? "");
    }
    if (response.ok && form.elements.namedItem("text")) {
      form.reset();
      const op = /** @type {HTMLInputElement | null} */ (page.querySelector(`form[action="${CSS.escape(form.getAttribute("action") ?? "")}"] [name=op]`));
      if (op) /** @type {HTMLInputElement} */ (form.elements.namedItem("op")).value = op.value;
    }
  } catch {
    if (messages) messages.textContent = place.dataset.notSent ?? "";
    announce(place.dataset.notSent ?? "");
  } finally {
    delete form.dataset.busy;
  }
});

live.addEventListener("items", ({ detail }) => {
  refresh.soon();
  if (detail.items.some((item) => item.kind === "danger")) urgent.look();
});
live.addEventListener("status", ({ detail }) => showConnection(detail));
/** Who only speaks has no buttons, so no keys. */
const keys = place.querySelector("[data-keys]");
const press = (selector) => () => /** @type {HTMLButtonElement | null} */ (place.querySelector(`${selector} > form button`))?.click();
if (keys) new Keys(/** @type {HTMLDetailsElement} */ (keys), { next: press(".hosting__next"), done: press(".hosting__now") });
setInterval(() => refresh.soon(), CLOCK_MS);
followExtras(live);
showApplause(/** @type {HTMLElement} */ (document.querySelector("[data-clapping]")), live);
live.start();
place.dataset.script = "ready";
