// What a card says of how long it waits, what is much like it, and how much time is left. The page has it already.
import { serverNow, startFrom } from "./server_clock.js";
import { ALIKE, shared, trigrams } from "./similar.js";
import { say } from "./words.js";

const AGAIN_MS = 15_000;
const MINUTE_MS = 60_000;

/**
 * Keep the waiting times and the time left true.
 *
 * @param {HTMLElement} desk
 * @param {EventTarget} live
 */
export function followWaits(desk, live) {
  const left = /** @type {HTMLElement | null} */ (document.querySelector("[data-left]"));
  startFrom(Date.parse(desk.dataset.now ?? ""));
  function draw() {
    for (const card of desk.querySelectorAll('[data-status="waiting"]')) {
      const place = card.querySelector('[data-part="waits"]');
      const words = wait(serverNow() - Date.parse(card.dataset.askedAt ?? ""));
      if (place && place.textContent !== words) place.textContent = words;
    }
    if (!left) return;
    const minutes = Math.ceil((Date.parse(left.dataset.endsAt ?? "") - serverNow()) / MINUTE_MS);
    left.textContent = minutes > 0 ? say("left.minutes", minutes) : say("left.over");
  }
  live.addEventListener("room", ({ detail }) => {
    if (left && detail.ends_at) left.dataset.endsAt = detail.ends_at;
    draw();
  });
  live.addEventListener("items", draw);
  setInterval(draw, AGAIN_MS);
}

/** @param {number} milliseconds */
function wait(milliseconds) {
  const minutes = Math.floor(milliseconds / MINUTE_MS);
  if (!(minutes >= 1)) return say("waits.now");
  return minutes < 60 ? say("waits.minutes", minutes) : say("waits.hours", Math.floor(minutes / 60));
}

const PUBLIC = ["visible", "shortlisted", "live", "answered", "open_after", "forwarded"];

/**
 * Offer each waiting card the public question that asks nearly the same, to be merged into in one press. A pair of
 * texts is compared once, and the page is laid out once, however many offers come or go.
 *
 * @param {HTMLElement} desk
 */
export function likest(desk) {
  const everywhere = new Set((desk.dataset.everywhere ?? "").split(" "));
  /** @type {Map<string, {text: string, groups: Set<string>}>} */
  const known = new Map();
  let isAsked = false;
  /** @type {WeakMap<Set<string>, WeakMap<Set<string>, number>>} */
  const compared = new WeakMap();
  /** @type {WeakSet<HTMLElement>} */
  const drawn = new WeakSet();

  /** Whether nothing that stands in view moves when the height of this card changes. */
  const mayGrow = (card) => !drawn.has(card) || card.getBoundingClientRect().top >= innerHeight;

  function groupsOf(card) {
    const text = card.querySelector('[data-part="text"]')?.textContent ?? "";
    const before = known.get(card.dataset.question);
    if (before?.text === text) return before.groups;
    const groups = trigrams(text, everywhere);
    known.set(card.dataset.question, { text, groups });
    return groups;
  }

  function likeness(one, other) {
    const figures = compared.get(one) ?? compared.set(one, new WeakMap()).get(one);
    if (!figures.has(other)) figures.set(other, shared(one, other));
    return figures.get(other);
  }

  /** The likest of the others that is alike enough, or null. */
  function likestOf(card, others) {
    let [best, most] = [null, ALIKE];
    for (const other of others) {
      const figure = likeness(groupsOf(card), other.groups);
      if (figure >= most) [best, most] = [other.card, figure];
    }
    return best;
  }

  function draw() {
    isAsked = false;
    const cards = [...desk.querySelectorAll("[data-question]")];
    const others = cards.filter((card) => PUBLIC.includes(card.dataset.status ?? "")).map((card) => ({ card, groups: groupsOf(card) }));
    const offers = [];
    for (const card of cards) {
      /** @type {HTMLFormElement | null} */
      const form = card.querySelector('[data-part="alike"]');
      if (form) offers.push({ card, form, best: card.dataset.status === "waiting" ? likestOf(card, others) : null });
    }
    // First look where everything stands, then write: in turns each look would lay out the page anew.
    const due = offers.filter(({ card, form, best }) => form.hidden === !best || card.dataset.status !== "waiting" || mayGrow(card));
    for (const { card, form, best } of due) {
      if (card.dataset.status === "waiting") drawn.add(card);
      if (form.hidden !== !best) form.hidden = !best;
      if (!best) continue;
      form.elements.into.value = best.dataset.question;
      const [text, of] = [form.querySelector('[data-part="alike-text"]'), best.querySelector('[data-part="text"]').textContent];
      if (text.textContent !== of) text.textContent = of;
    }
  }

  return {
    /** Look again, once for everything that comes in together. */
    look() {
      if (isAsked) return;
      isAsked = true;
      queueMicrotask(draw);
    },
  };
}
