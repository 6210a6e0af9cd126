// Form of one's own question: keeps the typed text until the server acknowledged it.
import { newId, whyNot } from "./outbox.js";
import { say, waiting } from "./words.js";

export class AskForm {
  constructor(form, outbox) {
    this.form = form;
    this.outbox = outbox;
    this.said = form.querySelector("[data-said]");
    this.discard = form.querySelector("[data-discard]");
    this.pending = null; // the operation that is on its way
    this.old = []; // never sent, and too old to send unasked
    /** @type {(() => void) | undefined} */
    this.lookAgain = undefined; // set by the page
    this.offered = null; // the one of those that is in the form now
    form.addEventListener("submit", (event) => this.#submit(event));
    this.discard.addEventListener("click", () => this.#throwAway());
    outbox.addEventListener("found", ({ detail }) => isQuestion(detail) && this.#found(detail));
    outbox.addEventListener("old", ({ detail }) => isQuestion(detail) && this.old.push(detail) && this.#offer());
    outbox.addEventListener("sending", ({ detail }) => this.#holds(detail) && this.#say("sending", say("outbox.sending")));
    outbox.addEventListener("waiting", ({ detail }) => this.#holds(detail) && this.#say("waiting", waiting(detail)));
    outbox.addEventListener("received", ({ detail }) => this.#holds(detail) && this.#received());
  }

  get #fields() {
    return this.form.elements;
  }

  #holds(entry) {
    return this.pending !== null && entry.op === this.pending;
  }

  #submit(event) {
    event.preventDefault();
    if (this.pending) return;
    const text = this.#fields.text.value;
    if (!text.trim()) return void this.#wrong(say("ask.empty"));
    if (this.offered && this.offered.message.text !== text) {
      // Another text is another deed: the old one may have arrived after all.
      this.outbox.forget(this.offered);
      this.#nextIds();
    }
    this.#wrong("");
    this.#take(null);
    const { op, id, kind, appear, notice } = this.#fields;
    const mailed = notice?.checked && appear.value === "anonymous" ? { notice: true } : {};
    this.#hold(op.value);
    this.outbox.put("question:ask", { op: op.value, id: id.value, kind: kind.value, text, appear: appear.value, ...mailed, ...this.#behalf() });
  }

  /** For whom, when a helper writes down what somebody else asks. */
  #behalf() {
    const { via, for_role: role, for_place: place, consent } = this.#fields;
    return via?.value ? { via: via.value, for_role: role.value, for_place: place.value, consent: consent.checked } : {};
  }

  #hold(op) {
    this.pending = op;
    this.#fields.text.readOnly = op !== null;
    this.form.toggleAttribute("data-busy", op !== null);
  }

  #received() {
    this.#hold(null);
    this.#fields.text.value = "";
    // The next person a helper writes for is asked anew whether they agree.
    if (this.#fields.consent) this.#fields.consent.checked = false;
    if (this.#fields.notice) this.#fields.notice.checked = false; // chosen for one question
    this.#nextIds();
    this.lookAgain?.();
    this.#say("received", say("outbox.received"));
    this.#fold();
    this.#offer();
  }

  /** The field is folded while it has no focus: it would lie over what one wants to read now. */
  #fold() {
    const heading = document.getElementById("jouw-vraag");
    if (this.form.contains(document.activeElement)) heading?.focus({ preventScroll: true });
  }

  /** Whether the refusal was told here, at the field, where the text still stands. */
  refused(entry) {
    if (!this.#holds(entry)) return false;
    this.#hold(null);
    this.#nextIds(); // what was refused stays refused: the next try is another deed
    this.#say("refused", "");
    this.#withoutConsent(entry.answer.error.fields?.consent) || this.#wrong(whyNot(entry.answer));
    return true;
  }

  #found(entry) {
    if (this.pending || this.offered || this.#fields.text.value) return; // it is sent all the same
    this.#fill(entry.message);
    this.#hold(entry.op);
    this.#say("waiting", say("outbox.waiting"));
  }

  #offer() {
    if (this.pending || this.offered || this.#fields.text.value || !this.old.length) return;
    this.#take(this.old.shift());
    this.#fill(this.offered.message);
    this.#say("waiting", say("outbox.old"));
  }

  #take(entry) {
    this.offered = entry;
    this.discard.hidden = entry === null;
  }

  #throwAway() {
    this.outbox.forget(this.offered);
    this.#take(null);
    this.#fields.text.value = "";
    this.#nextIds();
    this.#say("", "");
    this.#fields.text.focus();
    this.#offer();
  }

  #fill(message) {
    for (const name of ["op", "id", "kind", "text", "appear", "via", "for_role", "for_place"]) {
      if (this.#fields[name] && message[name] !== undefined) this.#fields[name].value = message[name];
    }
    if (this.#fields.consent) this.#fields.consent.checked = Boolean(message.consent);
    if (this.#fields.notice) this.#fields.notice.checked = Boolean(message.notice);
  }

  #nextIds() {
    this.#fields.op.value = newId();
    this.#fields.id.value = newId();
  }

  #say(state, text) {
    this.said.dataset.state = state;
    this.said.textContent = text;
  }

  #withoutConsent(texts) {
    const place = this.form.querySelector("[data-consent-error]");
    if (!place) return false;
    place.hidden = !texts;
    place.querySelector("[data-error-text]").textContent = texts?.join(" ") ?? "";
    if (texts) this.#fields.consent.focus();
    return Boolean(texts);
  }

  #wrong(text) {
    const place = this.form.querySelector("[data-error]");
    place.hidden = !text;
    place.querySelector("[data-error-text]").textContent = text;
    place.parentElement.classList.toggle("field--wrong", Boolean(text));
    if (!text) return void this.#fields.text.removeAttribute("aria-invalid");
    this.#fields.text.setAttribute("aria-invalid", "true");
    this.#fields.text.focus();
  }
}

function isQuestion(entry) {
  return entry.event === "question:ask";
}
