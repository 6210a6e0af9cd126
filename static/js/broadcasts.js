// What the organisers tell everybody, live: a line on top of the page, gone when its time is over.
import { serverNow } from "./server_clock.js";

const LONGEST_TIMER_MS = 2 ** 31 - 1; // longer ones fire at once

/**
 * @typedef {{kind: string, id: string, gone?: boolean, text: string, text_en: string, until: string}} Broadcast
 */

export class Broadcasts {
  constructor() {
    /** The region is a live one, so what is added to it is read aloud. */
    this.region = /** @type {HTMLElement} */ (document.querySelector("[data-messages]"));
    this.shape = /** @type {HTMLTemplateElement} */ (document.querySelector("#broadcast-template"));
    for (const line of this.#lines()) this.#endAt(line, line.dataset.until ?? "");
  }

  /**
   * Make it so. `whole`: there is nothing besides these.
   *
   * @param {{items: Broadcast[], whole?: boolean}} changes
   */
  apply({ items, whole }) {
    const said = items.filter((item) => item.kind === "broadcast");
    const there = new Map(this.#lines().map((line) => [line.dataset.broadcast, line]));
    for (const item of said) {
      if (item.gone || Date.parse(item.until) <= serverNow()) there.get(item.id)?.remove();
      else if (!there.has(item.id)) this.#add(item);
    }
    if (!whole) return;
    const kept = new Set(said.map((item) => item.id));
    for (const [id, line] of there) if (!kept.has(id ?? "")) line.remove();
  }

  /** @returns {HTMLElement[]} */
  #lines() {
    return [...this.region.querySelectorAll("[data-broadcast]")];
  }

  /** @param {Broadcast} item */
  #add(item) {
    const drawn = /** @type {DocumentFragment} */ (this.shape.content.cloneNode(true));
    const line = /** @type {HTMLElement} */ (drawn.querySelector("[data-broadcast]"));
    const text = /** @type {HTMLElement} */ (line.querySelector("[data-text]"));
    const isEnglish = document.documentElement.lang === "en" && item.text_en !== "";
    text.textContent = isEnglish ? item.text_en : item.text;
    text.lang = isEnglish ? "en" : "nl";
    line.dataset.broadcast = item.id;
    this.region.append(line);
    this.#endAt(line, item.until);
  }

  /**
   * @param {HTMLElement} line
   * @param {string} until
   */
  #endAt(line, until) {
    const left = Date.parse(until) - serverNow();
    if (!(left <= LONGEST_TIMER_MS)) return;
    setTimeout(() => (Date.parse(until) <= serverNow() ? line.remove() : this.#endAt(line, until)), Math.max(0, left) + 50);
  }
}
