// How asking goes in this session, at the desk: open or closed, a pause, who may. Another moderator may turn a knob too.
import { newId } from "./outbox.js";
import { say } from "./words.js";

const FIELDS = ["is_open", "minutes_between", "shows_first", "registered_only"];
const EVENT = "asking:arrange";

export class Asking {
  /**
   * @param {HTMLElement} box
   * @param {import("./outbox.js").Outbox} outbox
   */
  constructor(box, outbox) {
    this.box = box;
    this.outbox = outbox;
    box.addEventListener("submit", (event) => {
      event.preventDefault();
      const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
      const target = /** @type {HTMLElement} */ (event.target);
      this.#send(target.closest("form"), submitter);
    });
  }

  /** It stands as it is now. */
  draw(item) {
    const words = [say(item.open ? "asking.open" : "asking.closed")];
    if (item.minutes_between) words.push(say("asking.slow"));
    if (item.shows_first) words.push(say("asking.first"));
    if (item.registered_only) words.push(say("asking.registered"));
    this.box.querySelector("[data-asking-now]").textContent = words.join(", ");
    for (const field of this.#inputs('[name="seen"]')) field.value = item.revision;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.box.querySelectorAll("[data-when]"))) {
      button.hidden = (button.dataset.when === "open") === item.open;
    }
    const [minutes] = this.#inputs('[name="minutes_between"]');
    if (document.activeElement !== minutes) minutes.value = String(item.minutes_between);
    for (const choice of this.#inputs('[name="shows_first"], [name="registered_only"]')) {
      if (!this.box.contains(document.activeElement)) choice.checked = (choice.value === "yes") === item[choice.name];
    }
  }

  tell(sentence) {
    this.box.querySelector("[data-asking-said]").textContent = sentence;
  }

  /** What became of it, when the deed was one of these: then true. */
  told({ event, answer }) {
    if (event !== EVENT) return false;
    this.draw(answer.asking);
    this.outbox.change((unsent) => {
      if (FIELDS.some((name) => name in unsent)) unsent.seen = answer.asking.revision;
    });
    this.tell(say("outbox.done"));
    return true;
  }

  #send(form, submitter) {
    const message = { op: newId(), seen: Number(form.elements.seen.value) };
    if (submitter?.name === "is_open") message.is_open = submitter.value === "yes";
    if (form.elements.minutes_between) message.minutes_between = Number(form.elements.minutes_between.value);
    if (form.elements.registered_only) message.registered_only = form.elements.registered_only.value === "yes";
    if (form.elements.shows_first) message.shows_first = form.elements.shows_first.value === "yes";
    this.outbox.put(EVENT, message);
  }

  /** @returns {HTMLInputElement[]} */
  #inputs(selector) {
    return [...this.box.querySelectorAll(selector)];
  }
}
