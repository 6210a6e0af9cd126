// Parts of a page that the server draws anew: only what changed is replaced, so that nothing moves under a finger.

/**
 * How the server drew it, without what differs at every drawing.
 *
 * @param {HTMLElement} part
 */
function asDrawn(part) {
  const copy = /** @type {HTMLElement} */ (part.cloneNode(true));
  for (const input of copy.querySelectorAll("input[name=op], input[name=csrf_token], input[data-new]")) input.remove();
  return copy.outerHTML;
}

/** The parts ([data-screen-part]) inside an element, each remembered as the server drew it last. */
export class ScreenParts {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    /** @type {Map<string, string>} */
    this.drawn = new Map();
    for (const part of this.#within(place)) this.drawn.set(part.dataset.screenPart ?? "", asDrawn(part));
  }

  /** @param {ParentNode} from @returns {NodeListOf<HTMLElement>} */
  #within(from) {
    return from.querySelectorAll("[data-screen-part]");
  }

  /**
   * Take over what differs. Returns whether anything did.
   *
   * @param {ParentNode} fresh
   */
  apply(fresh) {
    let changed = false;
    for (const part of this.#within(fresh)) {
      const name = part.dataset.screenPart ?? "";
      const now = asDrawn(part);
      const old = /** @type {HTMLElement | null} */ (this.place.querySelector(`[data-screen-part="${CSS.escape(name)}"]`));
      if (!old || this.drawn.get(name) === now) continue;
      this.drawn.set(name, now);
      for (const { name: attribute, value } of part.attributes) old.setAttribute(attribute, value);
      old.toggleAttribute("hidden", part.hasAttribute("hidden"));
      old.replaceChildren(...part.childNodes);
      changed = true;
    }
    return changed;
  }
}
