// The lanes of the desk: which one shows on a phone, and where a card goes. Nothing that somebody may be about to
// press moves: a card comes below, or waits behind a button.
import { say } from "./words.js";

export class Lanes {
  /**
   * @param {HTMLElement} box
   * @param {() => void} changed called when marks or cards came or went here
   */
  constructor(box, changed) {
    this.box = box;
    this.links = /** @type {HTMLAnchorElement[]} */ ([...box.querySelectorAll('.lanes a[href^="#"]')]);
    addEventListener("hashchange", () => this.#follow());
    box.addEventListener("click", ({ target }) => {
      const lane = target.closest("[data-column]");
      if (target.closest("[data-late]")) this.#showLate(lane);
      else if (target.closest("[data-tidy]")) this.#tidy(lane);
      else return;
      changed();
    });
    this.#show(box.querySelector("[data-column]"));
    this.#follow();
  }

  /** Put a card into a lane: back where it stood, below, or, where it belongs among others, behind a button. */
  put(card, lane) {
    const cards = lane.querySelector("[data-cards]");
    card.hidden = false;
    const place = cards.querySelector(`[data-mark="${CSS.escape(card.dataset.question)}"]`);
    if (place) return void place.replaceWith(card);
    const after = lane.dataset.column === "waiting" && [...cards.querySelectorAll("[data-question]")].find((each) => isEarlier(card, each));
    if (!after) return void cards.append(card);
    card.hidden = true;
    after.before(card);
  }

  /** The buttons of each lane: what waits behind one, and what is done. */
  tools() {
    for (const lane of this.box.querySelectorAll("[data-column]")) {
      const late = lane.querySelectorAll("[data-question][hidden]").length;
      const button = lane.querySelector("[data-late]");
      button.hidden = !late;
      button.textContent = late === 1 ? say("late.one") : say("late.many", late);
      lane.querySelector("[data-tidy]").hidden = !lane.querySelector(".desk-mark");
    }
  }

  #showLate(lane) {
    const cards = [...lane.querySelectorAll("[data-question][hidden]")];
    for (const card of cards) card.hidden = false;
    cards[0]?.focus();
  }

  #tidy(lane) {
    for (const mark of lane.querySelectorAll(".desk-mark")) mark.remove();
    lane.querySelector("h2").focus({ preventScroll: true });
  }

  /** The lane of what the address names. */
  #follow() {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const lane = target?.closest("[data-column], .desk__beside > *");
    if (!lane) return;
    this.#show(lane);
    // Only where the browser did not: it could not in a lane that was away. Somebody may be at a card of it already.
    if (!lane.contains(document.activeElement) && target.matches("[tabindex]")) target.focus();
  }

  #show(lane) {
    for (const each of this.box.querySelectorAll("[data-shown]")) delete each.dataset.shown;
    lane.dataset.shown = "";
    this.box.dataset.here = "";
    for (const link of this.links) {
      const isHere = lane.querySelector(link.hash);
      if (isHere) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}

/** Whether `card` waits longer than `other`: the order of the server. */
function isEarlier(card, other) {
  const [one, two] = [card.dataset, other.dataset];
  return one.askedAt < two.askedAt || (one.askedAt === two.askedAt && Number(one.arrived) < Number(two.arrived));
}
