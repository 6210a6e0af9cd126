// The hall chat at the desk. Its part of the page is asked for anew when something changed.
import { keepFocus } from "./focus.js";
import { parsed, post } from "./posting.js";
import { Refresh } from "./refresh.js";
import { ScreenParts } from "./screen_parts.js";
import { announce } from "./ui.js";

const TOGETHER_MS = 1000; // a busy chat has many lines in a second
const AGAIN_MS = 5000;

/** The hall chat for who runs the session: every line, with what was decided. */
class DeskChat {
  #parts;
  #refresh;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.#parts = new ScreenParts(place);
    this.#refresh = new Refresh(place.dataset.extraUrl ?? "", (html) => this.#take(parsed(html)), { together: TOGETHER_MS, again: AGAIN_MS });
    place.addEventListener("submit", (event) => this.#submit(event));
    place.addEventListener("click", (event) => this.#pressed(/** @type {HTMLElement} */ (event.target)));
  }

  apply() {
    this.#refresh.soon();
  }

  /** @returns {HTMLElement | null} */
  get list() {
    return this.place.querySelector("[data-chat-all]");
  }

  /** @returns {HTMLElement | null} says how many lines wait */
  get more() {
    return this.place.querySelector("[data-chat-more]");
  }

  /** @param {HTMLElement} target */
  #pressed(target) {
    if (!target.closest("[data-chat-more]")) return;
    for (const fold of this.place.querySelectorAll("[data-row] details[open]")) fold.removeAttribute("open");
    this.list?.focus({ preventScroll: true });
    this.#refresh.outdate();
    this.#refresh.soon(0);
  }

  /** @param {ParentNode} fresh */
  #take(fresh) {
    const list = this.list;
    const now = /** @type {HTMLElement | null} */ (fresh.querySelector("[data-chat-all]"));
    if (!list || !now) return;
    const rows = /** @type {HTMLElement[]} */ ([...now.children]);
    const known = new Set([...list.children].map((row) => /** @type {HTMLElement} */ (row).dataset.row));
    const news = rows.filter((row) => !known.has(row.dataset.row)).length;
    // Nothing moves while a moderator is deciding.
    const isBusy = news > 0 && list.querySelector("details[open]") !== null;
    keepFocus(this.place, () => {
      this.#inPlace(list, fresh, rows);
      if (!isBusy) this.#all(list, rows);
    });
    const more = this.more;
    if (!more) return;
    more.hidden = !isBusy;
    more.textContent = (news === 1 ? more.dataset.one : more.dataset.many?.replace("#", String(news))) ?? "";
  }

  /**
   * What changed of the lines that are there already; who is choosing a reason goes on with that.
   *
   * @param {HTMLElement} list
   * @param {ParentNode} fresh
   * @param {HTMLElement[]} rows
   */
  #inPlace(list, fresh, rows) {
    const there = new Set(rows.map((row) => row.dataset.row));
    const open = /** @type {HTMLElement[]} */ ([...list.children]).filter((row) => row.querySelector("details[open]"));
    const chosen = open.map((row) => /** @type {[HTMLElement, string | undefined]} */ ([row, row.querySelector("select")?.value]));
    for (const row of /** @type {HTMLElement[]} */ ([...list.children])) if (!there.has(row.dataset.row) && !open.includes(row)) row.remove();
    this.#parts.apply(fresh);
    for (const [row, reason] of chosen) {
      row.querySelector("details")?.setAttribute("open", "");
      const select = row.querySelector("select");
      if (select && reason) select.value = reason;
    }
  }

  /**
   * All lines in the order of now, each in the element that it has.
   *
   * @param {HTMLElement} list
   * @param {HTMLElement[]} rows
   */
  #all(list, rows) {
    const old = new Map([...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.row, row]));
    const isSame = rows.length === old.size && rows.every((row, index) => row.dataset.row === /** @type {HTMLElement} */ (list.children[index]).dataset.row);
    if (isSame) return;
    list.replaceChildren(...rows.map((row) => old.get(row.dataset.row) ?? row));
    this.#parts = new ScreenParts(this.place);
  }

  /** @param {Event} event */
  async #submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    this.#refresh.outdate();
    const row = form.closest("[data-row]");
    let words = this.place.dataset.notSent ?? "";
    try {
      const answer = await post(form, event);
      words = answer.words;
      form.closest("details")?.removeAttribute("open");
      this.#take(answer.page);
      if (row && !row.contains(document.activeElement)) /** @type {HTMLElement | null} */ (row.querySelector("button, summary"))?.focus({ preventScroll: true });
    } catch {
      // what was pressed is there yet: press again
    } finally {
      delete form.dataset.busy;
    }
    announce(words);
    const here = document.querySelector("[data-messages]");
    if (here) here.textContent = words;
  }
}

/** @param {HTMLElement} place */
export function begin(place) {
  return new DeskChat(place);
}
