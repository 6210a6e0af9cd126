// Keys for a desk, one sign each. The card of keys on the page names them, turns them off and changes them; what was
// changed stays in this browser. Every deed has a button too: a key presses it, and only where it can be seen.

const KEPT = "dvb-keys";
const FIELDS = "input, textarea, select, [contenteditable]";

export class Keys {
  /**
   * @param {HTMLDetailsElement} box the card of keys: a field for each, named by `data-key`
   * @param {Record<string, () => void>} deeds
   */
  constructor(box, deeds) {
    this.box = box;
    this.deeds = deeds;
    /** @type {HTMLInputElement} */
    this.isOn = box.querySelector("[data-keys-on]");
    this.#recall();
    document.addEventListener("keydown", (event) => this.#press(event));
    box.addEventListener("change", ({ target }) => this.#change(/** @type {HTMLInputElement} */ (target)));
    box.hidden = false;
  }

  /** @returns {HTMLInputElement[]} */
  get #fields() {
    return /** @type {HTMLInputElement[]} */ ([...this.box.querySelectorAll("[data-key]")]);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || target.closest?.(FIELDS)) return;
    if (event.key === "?") {
      this.box.open = true;
      this.box.querySelector("summary").focus();
      return;
    }
    if (!this.isOn.checked || !this.box.isConnected) return;
    const field = this.#fields.find((each) => each.value === event.key);
    if (!field) return;
    event.preventDefault();
    this.deeds[field.dataset.key ?? ""]?.();
  }

  /** Another sign for a deed: a free one, or it stays as it was. */
  #change(field) {
    if (field.dataset.key) {
      const sign = field.value.trim();
      const isTaken = this.#fields.some((each) => each !== field && each.value === sign);
      field.value = sign && sign !== "?" && !isTaken ? sign : (field.dataset.was ?? field.defaultValue);
      field.dataset.was = field.value;
    }
    const kept = Object.fromEntries(this.#fields.map((each) => [each.dataset.key, each.value]));
    try {
      localStorage.setItem(this.#place, JSON.stringify({ on: this.isOn.checked, keys: kept }));
    } catch {
      // Full, or not allowed: then they hold until the page is left.
    }
  }

  get #place() {
    return `${KEPT}:${this.box.dataset.keys}`;
  }

  #recall() {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(this.#place) ?? "null");
    } catch {
      return;
    }
    if (!kept) return;
    this.isOn.checked = kept.on !== false;
    for (const field of this.#fields) {
      field.value = field.dataset.was = kept.keys?.[field.dataset.key ?? ""] ?? field.value;
    }
  }
}

/**
 * The deeds of the moderator's desk. They are about the question that has the keyboard; where none has, a key goes to
 * the first one and does nothing more.
 *
 * @param {HTMLElement} desk
 */
export function deedsOf(desk) {
  const cardHere = () => /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-question]") ?? null);
  const isSeen = (element) => !element.closest("[hidden], [data-sifted]");

  /** To the question so many further, in the lane where the keyboard is: also from its heading, or from a line that is
      left of a question. */
  function goTo(step) {
    const at = document.activeElement;
    const lane = at?.closest("[data-column]") ?? desk.querySelector("[data-column]");
    const here = /** @type {HTMLElement | null} */ (at?.closest("[data-question], .desk-mark") ?? null);
    const all = /** @type {HTMLElement[]} */ ([...lane.querySelectorAll("[data-question], .desk-mark")].filter(isSeen));
    const isCard = (each) => each.dataset.question !== undefined;
    if (!here) return all.find(isCard)?.focus();
    let place = all.indexOf(here) + (step || 1);
    while (all[place] && !isCard(all[place])) place += step || 1;
    return all[place]?.focus();
  }

  /** @param {string} deed */
  const about = (deed) => () => {
    const card = cardHere();
    if (!card) return goTo(0);
    const form = [...card.querySelectorAll(`form[data-deed="${deed}"]`)].find(isSeen);
    if (!form) return undefined;
    const fold = form.closest("details");
    const field = form.querySelector("textarea, input[type=radio]");
    if (!field) return form.querySelector("button").click();
    fold.open = true;
    return field.focus();
  };

  return {
    next: () => goTo(1),
    previous: () => goTo(-1),
    show: about("show"),
    hide: about("hide"),
    live: about("live"),
    shortlist: about("shortlist"),
    answer: about("answer"),
    merge: about("merge"),
    claim: about("claim"),
    choose: () => (cardHere() ? /** @type {HTMLElement | null} */ (cardHere()?.querySelector("[data-tick]"))?.click() : goTo(0)),
    label: () => (cardHere() ? /** @type {HTMLElement | null} */ (cardHere()?.querySelector("[data-labels]:not([hidden]) button"))?.focus() : goTo(0)),
    danger: about("danger"),
  };
}
