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
 * Offer each waiting card the public question that asks nearly the same, to be merged into in one press. A pair is
 * compared once.
 *
 * @param {HTMLElement} desk
 */
export function likest(desk) {
  const everywhere = new Set((desk.dataset.everywhere ?? "").split(" "));
  /** @type {Map<string, {text: string, groups: Set<string>}>} */
  const known = new Map();
  let isAsked = false;
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

  function draw() {
    isAsked = false;
    const cards = [...desk.querySelectorAll("[data-question]")];
    const others = cards.filter((card) => PUBLIC.includes(card.dataset.status ?? ""));
    for (const card of cards) {
      /** @type {HTMLFormElement | null} */
      const form = card.querySelector('[data-part="alike"]');
      if (!form) continue;
      if (card.dataset.status !== "waiting") {
        form.hidden = true;
        continue;
      }
      let best = null;
      let most = ALIKE;
      for (const other of others) {
        const figure = shared(groupsOf(card), groupsOf(other));
        if (figure >= most) [best, most] = [other, figure];
      }
      if (form.hidden !== !best && !mayGrow(card)) continue; // once it is scrolled out of view
      drawn.add(card);
      form.hidden = !best;
      if (!best) continue;
      form.elements.into.value = best.dataset.question;
      form.querySelector('[data-part="alike-text"]').textContent = best.querySelector('[data-part="text"]').textContent;
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
