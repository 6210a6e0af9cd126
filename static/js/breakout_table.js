// The page of a table, and of who makes the rounds: what changes is fetched anew when something happens. A press goes
// without a reload; what is typed stays until the server has it, and a second press of the same counts once.
import { showConnection } from "./cards.js";
import { Live } from "./live.js";
import { Refresh } from "./refresh.js";
import { ScreenParts } from "./screen_parts.js";
import { serverNow } from "./server_clock.js";
import { announce } from "./ui.js";

const TOGETHER_MS = 300;
const LOOK_MS = 30_000;
const SECOND_MS = 1000;

const place = /** @type {HTMLElement} */ (document.querySelector("[data-breakout]"));
const messages = document.querySelector("[data-messages]");
const live = new Live(place);
const parts = new ScreenParts(place);
const refresh = new Refresh(place.dataset.nowUrl ?? "", (html) => void take(html), { together: TOGETHER_MS });
let state = stateIn(place);

/** @param {ParentNode} from */
function stateIn(from) {
  return from.querySelector('[data-screen-part="state"]')?.textContent?.trim() ?? "";
}

/** @param {string} html a page or a part of one, from our own server */
function take(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const now = stateIn(fresh.content);
  if (now && now !== state) {
    state = now;
    anew();
  } else if (parts.apply(fresh.content)) tick();
  return fresh.content;
}

/** Another page than this one is due: a table was given, or the round is over. What is typed stays. */
function anew() {
  const field = /** @type {HTMLTextAreaElement | null} */ (place.querySelector("[data-write] textarea"));
  if (!field?.value.trim()) return void location.reload();
  if (messages) messages.textContent = place.dataset.changed ?? "";
  announce(place.dataset.changed ?? "");
}

/** How long the round lasts, by the server's clock. */
function tick() {
  const head = /** @type {HTMLElement | null} */ (place.querySelector("[data-ends-at]"));
  const left = head?.querySelector("[data-left]");
  if (!head || !left) return;
  const seconds = Math.max(0, Math.ceil((Date.parse(head.dataset.endsAt ?? "") - serverNow()) / SECOND_MS));
  if (seconds < 60) left.textContent = `0:${String(seconds).padStart(2, "0")}`;
  if (seconds === 0) refresh.soon();
}

/** The note is written without a reload. A page with the old form stays complete. */
place.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-write]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
  const sent = field.value;
  refresh.outdate(); // what was asked before this press is old by now
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
    const html = await response.text();
    if (!response.ok) return void refused(html);
    if (field.value === sent) field.value = "";
    const page = take(html);
    const op = /** @type {HTMLInputElement | null} */ (page.querySelector("[data-write] [name=op]"));
    if (op) /** @type {HTMLInputElement} */ (form.elements.namedItem("op")).value = op.value;
    form.querySelector(".field__error")?.remove();
  } catch {
    say(place.dataset.notSent ?? "");
  } finally {
    delete form.dataset.busy;
  }
});

/** @param {string} html the page with the reason */
function refused(html) {
  const page = document.createElement("template");
  page.innerHTML = html;
  const reason = page.content.querySelector("[data-write] .field__error, .field__error, main h1")?.textContent?.trim() ?? "";
  say(reason || (place.dataset.notSent ?? ""));
}

/** @param {string} sentence */
function say(sentence) {
  if (messages) messages.textContent = sentence;
  announce(sentence);
}

live.addEventListener("items", () => refresh.soon());
live.addEventListener("mine", () => refresh.soon());
live.addEventListener("status", ({ detail }) => showConnection(detail));
setInterval(() => refresh.soon(), LOOK_MS);
setInterval(tick, SECOND_MS);
live.start();
place.dataset.script = "ready";
