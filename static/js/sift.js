// Looks among the cards of the desk: by words, language, label, and what the card says. The server does the same by the address
// (`qanda/desk_filter.py`). What was there before it was asked for stays; nothing comes or goes under a finger by itself.
import { part } from "./cards.js";
import { say } from "./words.js";

export class Sift {
  /**
   * @param {HTMLDetailsElement} box
   * @param {HTMLElement} desk
   * @param {() => void} changed called when what shows changed
   */
  constructor(box, desk, changed) {
    this.box = box;
    this.desk = desk;
    this.changed = changed;
    this.form = /** @type {HTMLFormElement} */ (box.querySelector("form"));
    this.said = /** @type {HTMLElement} */ (box.querySelector("[data-sift-said]"));
    /** @type {WeakMap<HTMLElement, {from: string, folded: string}>} what a card says, folded once */
    this.known = new WeakMap();
    this.isAsked = false;
    this.form.addEventListener("input", () => this.look());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.look();
    });
    box.querySelector("[data-sift-off]")?.addEventListener("click", (event) => {
      event.preventDefault();
      for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (this.form.querySelectorAll("input, select"))) {
        if (field.type === "checkbox") field.checked = false;
        else field.value = "";
      }
      this.look();
      this.form.elements.zoek.focus();
    });
  }

  /** Open it, for who works by keyboard. */
  open() {
    this.box.open = true;
    this.form.elements.zoek.focus();
  }

  /** Look at every card anew, and keep in the address what is looked for. */
  look() {
    const wish = this.#wish();
    for (const card of this.#cards) this.#mark(card, wish);
    this.#tell(wish);
    history.replaceState(history.state, "", `${location.pathname}${wish.query ? `?${wish.query}` : ""}${location.hash}`);
    this.changed();
  }

  /** A card that came in. */
  arrived(card) {
    const lang = part(card, "text")?.lang;
    const languages = this.form.elements.taal;
    if (lang && ![...languages.options].some((option) => option.value === lang)) {
      const option = document.createElement("option");
      option.value = lang;
      option.textContent = new Intl.DisplayNames([document.documentElement.lang || "nl"], { type: "language" }).of(lang) ?? lang;
      languages.append(option);
    }
    this.#mark(card, this.#wish());
    if (this.isAsked) return;
    this.isAsked = true;
    queueMicrotask(() => { // once for all that come in together
      this.isAsked = false;
      this.#tell(this.#wish());
    });
  }

  /** @returns {HTMLElement[]} */
  get #cards() {
    return /** @type {HTMLElement[]} */ ([...this.desk.querySelectorAll("[data-question]")]);
  }

  #wish() {
    const { zoek, taal, label, eerste, noemt } = this.form.elements;
    const words = fold(zoek.value).split(/\s+/).filter(Boolean);
    const fields = { zoek: zoek.value.trim(), taal: taal.value, label: label.value, eerste: eerste.checked ? "1" : "", noemt: noemt.checked ? "1" : "" };
    const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value)).toString();
    return { words, lang: taal.value, label: label.value, first: eerste.checked, mentions: noemt.checked, query };
  }

  #mark(card, wish) {
    const isWanted = wish.words.every((word) => this.#said(card).includes(word))
      && (!wish.lang || part(card, "text").lang === wish.lang)
      && (!wish.label || (card.dataset.labelsOn ?? "").split(" ").includes(wish.label))
      && (!wish.first || card.dataset.asked === "1")
      && (!wish.mentions || !part(card, "mentions").hidden);
    card.toggleAttribute("data-sifted", !isWanted);
  }

  #said(card) {
    const from = `${part(card, "text").textContent} ${part(card, "by").textContent}`;
    const before = this.known.get(card);
    if (before?.from === from) return before.folded;
    const folded = fold(from);
    this.known.set(card, { from, folded });
    return folded;
  }

  #tell(wish) {
    const cards = this.#cards;
    const passing = cards.filter((card) => !card.hasAttribute("data-sifted")).length;
    const text = wish.query ? `: ${say("sift.some").replace("#", String(passing)).replace("#", String(cards.length))}` : "";
    if (this.said.textContent !== text) this.said.textContent = text;
  }
}

/** @param {string} text */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
