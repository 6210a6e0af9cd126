// The way back of a deed, for ten seconds, on the place where the card was. The server decides: it refuses what a
// colleague changed meanwhile.
import { newId } from "./outbox.js";
import { write } from "./cards.js";
import { say } from "./words.js";

const OFFERED_MS = 10_000;
const DEEDS = ["question:show", "question:hide", "question:live", "question:merge", "question:move"];

export class Undo {
  /**
   * @param {HTMLElement} desk
   * @param {import("./outbox.js").Outbox} outbox
   */
  constructor(desk, outbox) {
    this.desk = desk;
    this.outbox = outbox;
    /** @type {Map<string, HTMLElement>} the mark of what was undone, until the answer is there */
    this.marks = new Map();
    desk.addEventListener("click", ({ target }) => {
      const button = /** @type {HTMLElement} */ (target).closest("[data-undo]");
      if (button) this.press(/** @type {HTMLElement} */ (button));
    });
    desk.addEventListener("submit", (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      if (!form.closest("[data-undoable]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#send(form.dataset.questionId ?? "", form.elements.seen.value, form.elements.to.value);
      this.#forget(form);
    });
    // What the page offers, it offers for as long as it was just loaded.
    setTimeout(() => desk.querySelector("[data-undoable]")?.remove(), OFFERED_MS);
  }

  /**
   * Offer to undo what was done, on the mark that it left.
   *
   * @param {string} event
   * @param {{id: string, desk_revision: number}} item the question as the server answered
   */
  offer(event, item) {
    const mark = DEEDS.includes(event) && this.desk.querySelector(`[data-mark="${CSS.escape(item.id)}"]`);
    const button = mark ? /** @type {HTMLElement} */ (mark.querySelector("[data-undo]")) : null;
    if (!mark || !button) return;
    button.dataset.undo = item.id;
    button.dataset.seen = String(item.desk_revision);
    button.hidden = false;
    setTimeout(() => this.#withdraw(button), OFFERED_MS);
  }

  /** @param {HTMLElement} button */
  press(button) {
    const id = button.dataset.undo ?? "";
    const mark = /** @type {HTMLElement} */ (button.closest(".desk-mark"));
    this.marks.set(id, mark);
    this.#send(id, button.dataset.seen ?? "", "");
    this.#withdraw(button);
  }

  /** Put a card that is back where it stood, as far as that place is still there.
   *
   * @param {HTMLElement | null} card
   * @param {string} id
   */
  back(card, id) {
    const mark = this.marks.get(id);
    this.marks.delete(id);
    if (!card) return;
    if (mark?.isConnected && mark.closest("[data-column]") === card.closest("[data-column]")) {
      card.hidden = false;
      mark.replaceWith(card);
    }
    write(card, "said", say("undo.undone"));
    card.focus({ preventScroll: true });
  }

  /** Say on its mark why it could not be undone; false when there is none.
   *
   * @param {string} id
   * @param {string} sentence
   */
  refused(id, sentence) {
    const mark = this.marks.get(id);
    this.marks.delete(id);
    if (!mark?.isConnected) return false;
    write(mark, "said", sentence);
    return true;
  }

  #send(id, seen, to) {
    const message = { op: newId(), question: id, seen: Number(seen), ...(to ? { to } : {}) };
    this.outbox.put("question:undo", message, `undo:${id}`);
  }

  /** @param {HTMLElement} button */
  #withdraw(button) {
    if (document.activeElement === button) /** @type {HTMLElement | null} */ (button.closest(".desk-mark"))?.focus({ preventScroll: true });
    button.hidden = true;
  }

  #forget(form) {
    const list = form.closest("[data-undoable]");
    form.closest("li").remove();
    if (!list.children.length) list.remove();
  }
}
