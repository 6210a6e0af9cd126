// Labels that the team gives questions at the desk: each button puts one on or takes it off, and says what its presser
// saw. Nothing moves for it: a button is as wide when it is on, and other labels of a session wait behind a button.
import { write } from "./cards.js";
import { newId, whyNot } from "./outbox.js";
import { say, waiting } from "./words.js";

const EVENT = "labels:put";

/**
 * @typedef {{id: string, name: string}} Label
 * @typedef {{id: string, revision: number, labels: string[]}} Labelled
 */

export class Labels {
  /**
   * @param {HTMLElement} desk
   * @param {import("./outbox.js").Outbox} outbox
   * @param {{chosen: () => HTMLElement[], said: (sentence: string) => void}} several the cards that are ticked, and
   *   where is said what became of them
   */
  constructor(desk, outbox, several) {
    this.desk = desk;
    this.outbox = outbox;
    this.several = several;
    this.news = /** @type {HTMLElement} */ (document.querySelector("[data-labels-new]"));
    /** @type {Label[] | null} other labels, not drawn yet */
    this.coming = null;
    /** @type {Map<string, {on: Set<string>, revision: number}>} */
    this.known = new Map();
    /** @type {Map<string, boolean>} what was pressed and not answered yet */
    this.wished = new Map();
    for (const card of this.#cards) {
      const row = this.#rowOf(card);
      if (row) this.known.set(card.dataset.question, { on: this.#onOf(card), revision: Number(seenOf(row).value) });
    }
    desk.addEventListener("submit", (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      if (!form.matches("[data-labels], [data-labels-several]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#press(form, /** @type {HTMLButtonElement} */ (event.submitter));
    });
    this.news.querySelector("button").addEventListener("click", () => this.#choose());
    outbox.addEventListener("waiting", ({ detail }) => {
      if (detail.event !== EVENT) return;
      for (const { question } of detail.message.questions) this.#tell(question, waiting(detail));
    });
  }

  /** What came in: before the cards of the same message are drawn. */
  apply({ items }) {
    for (const item of items) {
      if (item.kind === "labelled") this.#take(item);
      if (item.kind === "labels" && !this.#isDrawn(item.labels)) {
        this.coming = item.labels;
        this.news.hidden = false;
      }
    }
  }

  /** Draw the labels of a card as they are now, or as they were just pressed. */
  draw(card) {
    const row = this.#rowOf(card);
    const id = card.dataset.question;
    const { on, revision } = this.known.get(id) ?? { on: new Set(), revision: 0 };
    card.dataset.labelsOn = [...on].join(" ");
    seenOf(row).value = String(revision);
    for (const button of row.querySelectorAll("button")) {
      const label = labelOf(button);
      const wish = this.wished.get(`${id}:${label}`);
      button.setAttribute("aria-pressed", String(wish ?? on.has(label)));
      button.toggleAttribute("aria-busy", wish !== undefined);
      button.value = `${label}:${on.has(label) ? "" : "1"}`;
    }
  }

  /** What became of it, when the deed was one of these: then true. */
  told({ event, message, answer }) {
    if (event !== EVENT) return false;
    const ids = message.questions.map((each) => each.question);
    for (const id of ids) this.wished.delete(`${id}:${message.label}`);
    for (const item of answer.ok ? [...answer.done, ...answer.now] : []) this.#take(item);
    for (const id of ids) this.#redraw(id);
    for (const id of ids) this.#tell(id, answer.ok ? "" : whyNot(answer));
    for (const { question, error } of answer.ok ? answer.refused : []) this.#tell(question, error.message);
    if (answer.ok && ids.length > 1) {
      const number = answer.done.length;
      this.several.said(number === 1 ? say("label.one") : say("label.many", number));
    }
    return true;
  }

  /** @returns {HTMLElement[]} */
  get #cards() {
    return [...this.desk.querySelectorAll("[data-question]")];
  }

  /** @returns {HTMLFormElement} */
  #rowOf(card) {
    return card.querySelector("[data-labels]");
  }

  /** @returns {Set<string>} */
  #onOf(card) {
    return new Set((card.dataset.labelsOn ?? "").split(" ").filter(Boolean));
  }

  #press(form, button) {
    const label = labelOf(button);
    const own = form.closest("[data-question]");
    const cards = own ? [own] : this.several.chosen();
    if (!cards.length) return void this.several.said(say("chosen.none"));
    const on = own ? button.getAttribute("aria-pressed") !== "true" : true;
    const questions = cards.map(({ dataset: { question } }) => ({ question, seen: this.known.get(question)?.revision ?? 0 }));
    for (const { question } of questions) {
      this.wished.set(`${question}:${label}`, on);
      this.#redraw(question);
    }
    this.outbox.put(EVENT, { op: newId(), label, on, questions }, own ? `label:${questions[0].question}:${label}` : undefined);
  }

  /** @param {Labelled} item */
  #take(item) {
    if ((this.known.get(item.id)?.revision ?? -1) > item.revision) return;
    this.known.set(item.id, { on: new Set(item.labels), revision: item.revision });
    this.#redraw(item.id);
  }

  #redraw(id) {
    const card = this.#cardOf(id);
    if (card) this.draw(card);
  }

  #tell(id, sentence) {
    const card = this.#cardOf(id);
    if (card) write(card, "said", sentence);
  }

  #cardOf(id) {
    return this.desk.querySelector(`[data-question="${CSS.escape(id)}"]`);
  }

  get #template() {
    return /** @type {HTMLTemplateElement} */ (document.querySelector("#question-template")).content;
  }

  /** @param {Label[]} labels */
  #isDrawn(labels) {
    const drawn = [...this.#rowOf(this.#template).querySelectorAll("button")].map((each) => `${labelOf(each)} ${each.textContent}`);
    return drawn.join("\n") === labels.map(({ id, name }) => `${id} ${name}`).join("\n");
  }

  /** Draw other labels of the session: on the cards, over the ticked ones, and in the filter. */
  #choose() {
    const labels = this.coming;
    const rows = [this.#rowOf(this.#template), ...this.desk.querySelectorAll("[data-labels], [data-labels-several]")];
    for (const row of rows) {
      for (const button of row.querySelectorAll("button")) button.remove();
      row.append(...labels.map(made));
      row.hidden = !labels.length;
    }
    const wish = /** @type {HTMLElement} */ (document.querySelector("[data-label-wish]"));
    const select = wish.querySelector("select");
    for (const option of [...select.options].slice(1)) option.remove();
    select.append(...labels.map(({ id, name }) => {
      const option = document.createElement("option");
      option.value = id;
      option.lang = "nl";
      option.textContent = name;
      return option;
    }));
    for (const box of [wish, /** @type {HTMLElement} */ (this.desk.querySelector("[data-chosen-labels]"))]) box.hidden = !labels.length;
    for (const card of this.#cards) this.draw(card);
    this.coming = null;
    this.news.hidden = true;
  }
}

/** @param {Label} label */
function made({ id, name }) {
  const element = document.createElement("button");
  element.className = "label";
  element.lang = "nl";
  element.name = "label";
  element.value = `${id}:1`;
  element.textContent = name;
  return element;
}

/** @returns {HTMLInputElement} */
function seenOf(row) {
  return row.querySelector('[name="seen"]');
}

/** The id of the label that a button puts on or takes off. */
function labelOf(each) {
  return each.value.split(":")[0];
}
