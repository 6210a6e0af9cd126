// One decision about several waiting questions: ticked on their cards, sent as one deed. Each is held against what its
// presser saw; what a colleague was first with is listed, the rest is done.
import { newId, whyNot } from "./outbox.js";
import { say } from "./words.js";

const MOST = 100;
const OFFERED_MS = 10_000;
const EVENT = "question:several";
const SAID = { show: "shown", hide: "hid", undo: "undone" };

/**
 * @typedef {{id: string, desk_revision: number}} Item
 * @typedef {{code: string, message: string, by?: string, status?: string, deed?: string}} Refusal
 * @typedef {{done: Item[], refused: {question: string, error: Refusal}[]}} Answer
 */

export class Several {
  /**
   * @param {HTMLElement} desk
   * @param {import("./outbox.js").Outbox} outbox
   * @param {{put: (item: Item) => void, offer: (event: string, item: Item) => void, first: (error: Refusal) => string, wrong: (form: HTMLFormElement, text: string) => void}} page
   */
  constructor(desk, outbox, page) {
    this.desk = desk;
    this.outbox = outbox;
    this.page = page;
    this.bar = /** @type {HTMLElement} */ (desk.querySelector("[data-chosen]"));
    this.way = /** @type {HTMLElement} */ (desk.querySelector("[data-several]"));
    /** @type {Item[]} */
    this.undoable = [];
    for (const tick of this.#ticks) tick.checked = false; // a browser may keep them over a reload
    this.way.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#turn(Boolean(this.bar.hidden));
    });
    this.bar.addEventListener("click", ({ target }) => {
      const button = /** @type {HTMLElement} */ (target);
      if (button.closest("[data-chosen-stop]")) this.#turn(false);
      else if (button.closest("[data-chosen-all]")) this.#tickAll();
      else if (button.closest("[data-chosen-undo]")) this.#undo();
    });
    desk.addEventListener("change", ({ target }) => {
      if (!(/** @type {HTMLElement} */ (target).matches("[data-tick]"))) return;
      if (this.bar.hidden) this.#turn(true, false);
      this.count();
    });
    desk.addEventListener("submit", (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      if (!form.dataset.severalDeed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#press(form);
    });
  }

  /** @returns {HTMLInputElement[]} */
  get #ticks() {
    return /** @type {HTMLInputElement[]} */ ([...this.desk.querySelectorAll('[data-column="waiting"] [data-tick]')]);
  }

  /** Ticked and in sight: what a filter took out of view is not decided about unseen. */
  get #chosen() {
    return this.#ticks.filter((tick) => tick.checked && !tick.closest("[data-sifted]"));
  }

  /** The cards that are ticked and in sight. */
  get chosen() {
    return this.#chosen.slice(0, MOST).map((tick) => /** @type {HTMLElement} */ (tick.closest("[data-question]")));
  }

  /**
   * Say what became of what was chosen.
   *
   * @param {string} sentence
   */
  say(sentence) {
    this.#say(sentence);
  }

  /** How many are ticked; a card that left the lane is ticked no more. */
  count() {
    if (this.bar.hidden) return;
    for (const tick of this.desk.querySelectorAll('[data-column]:not([data-column="waiting"]) [data-tick]:checked')) {
      /** @type {HTMLInputElement} */ (tick).checked = false;
    }
    const number = this.#chosen.length;
    this.#place("count").textContent = number === 1 ? say("chosen.one") : say("chosen.many", number);
  }

  /**
   * What became of it, when the deed was one of these: then true.
   *
   * @param {{event: string, message: Record<string, any>, answer: {ok: boolean, error: Refusal} & Answer}} detail
   */
  told({ event, message, answer }) {
    if (event !== EVENT) return false;
    if (!answer.ok) {
      this.#say(whyNot(answer));
      return true;
    }
    for (const item of answer.done) {
      const tick = this.#cardOf(item.id)?.querySelector("[data-tick]");
      if (tick) /** @type {HTMLInputElement} */ (tick).checked = false;
      this.page.put(item);
      if (message.deed !== "undo") this.page.offer(`question:${message.deed}`, item);
    }
    const number = answer.done.length;
    const name = SAID[/** @type {keyof typeof SAID} */ (message.deed)];
    this.#say(!number ? "" : number === 1 ? say(`${name}.one`) : say(`${name}.many`, number));
    this.#list(answer.refused);
    this.#offer(message.deed === "undo" ? [] : answer.done);
    this.count();
    return true;
  }

  /**
   * @param {boolean} on
   * @param {boolean} [withFocus]
   */
  #turn(on, withFocus = true) {
    this.bar.hidden = !on;
    if (on) this.desk.dataset.choosing = "";
    else delete this.desk.dataset.choosing;
    this.#say("");
    this.#list([]);
    if (!on) for (const tick of this.#ticks) tick.checked = false;
    this.count();
    if (!withFocus) return;
    if (on) this.#ticks.find((tick) => !tick.closest("[hidden], [data-sifted]"))?.focus();
    else this.way.focus({ preventScroll: true });
  }

  #tickAll() {
    for (const tick of this.#ticks.filter((each) => !each.closest("[hidden], [data-sifted]")).slice(0, MOST)) tick.checked = true;
    this.count();
  }

  /** @param {HTMLFormElement} form */
  #press(form) {
    const deed = form.dataset.severalDeed ?? "";
    const chosen = this.chosen;
    if (!chosen.length) return void this.#say(say("chosen.none"));
    const reason = form.elements.reason?.value;
    if (deed === "hide" && !reason) return void this.page.wrong(form, say("reason.choose"));
    this.page.wrong(form, "");
    const questions = chosen.map((card) => ({ question: card.dataset.question ?? "", seen: Number(card.dataset.deskRevision) }));
    const more = deed === "hide" ? { reason, note: form.elements.note.value } : {};
    this.#send({ deed, questions, ...more });
    const unfolded = form.closest("details");
    if (unfolded) unfolded.open = false;
    form.reset();
    this.#place("said").focus({ preventScroll: true });
  }

  #undo() {
    const questions = this.undoable.map((item) => ({ question: item.id, seen: item.desk_revision }));
    this.#offer([]);
    if (questions.length) this.#send({ deed: "undo", questions });
    this.#place("said").focus({ preventScroll: true });
  }

  /** @param {Record<string, unknown>} message */
  #send(message) {
    this.#say(say("outbox.sending"));
    this.#list([]);
    this.outbox.put(EVENT, { op: newId(), ...message });
  }

  /** @param {Item[]} items */
  #offer(items) {
    this.undoable = items;
    const button = this.#place("undo");
    button.hidden = !items.length;
    if (items.length) setTimeout(() => this.undoable === items && this.#offer([]), OFFERED_MS);
  }

  /** @param {Answer["refused"]} refused */
  #list(refused) {
    const list = this.#place("refused");
    list.hidden = !refused.length;
    list.replaceChildren(...refused.map(({ question, error }) => {
      const line = document.createElement("li");
      const text = document.createElement("q");
      text.dir = "auto";
      text.lang = "nl";
      text.textContent = this.#cardOf(question)?.querySelector('[data-part="text"]')?.textContent ?? "";
      line.append(text, ` ${this.page.first(error)}`);
      return line;
    }));
  }

  /** @param {string} sentence */
  #say(sentence) {
    this.#place("said").textContent = sentence;
  }

  /** @param {string} id */
  #cardOf(id) {
    return this.desk.querySelector(`[data-question="${CSS.escape(id)}"]`);
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  #place(name) {
    return /** @type {HTMLElement} */ (this.bar.querySelector(`[data-chosen-${name}]`));
  }
}
