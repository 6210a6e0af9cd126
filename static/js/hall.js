// Questions of the hall, live. Numbers change in place without layout shift: new questions wait behind a
// button until the reader asks for them.
import { cloned, fillQuestion, part, show, write } from "./cards.js";
import { keepFocus } from "./focus.js";
import { newId, whyNot } from "./outbox.js";
import { announce } from "./ui.js";
import { byLine, say } from "./words.js";

// What a moderator's page hears besides is not for the hall; a reload would not show it either.
const SHOWN = { visible: "visible", shortlisted: "visible", live: "live", answered: "answered", open_after: "open_after", forwarded: "forwarded" };

export class Hall {
  #isOver = false;

  constructor(room, outbox) {
    this.room = room;
    this.outbox = outbox;
    this.known = room.dataset.known === "yes";
    this.list = room.querySelector("[data-questions]");
    this.newButton = room.querySelector("[data-new]");
    this.stage = room.querySelector("[data-onstage]");
    this.onStage = this.list.querySelector('[data-status="live"]')?.dataset.question;
    this.#isOver = room.dataset.phase === "ended";
    this.fresh = new Map(); // new questions, until the reader asks for them
    this.supported = new Set(
      [...this.list.querySelectorAll('[aria-pressed="true"]')].map((button) => button.closest("[data-question]").dataset.question),
    );
    this.newButton.addEventListener("click", () => this.showFresh());
    this.list.addEventListener("submit", (event) => this.support(event));
    outbox.addEventListener("waiting", ({ detail }) => this.#stands(detail.message.question));
  }

  /** The session is over: nothing has its turn any more. */
  over() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.stage.hidden = true;
    for (const card of this.list.querySelectorAll('[data-status="live"]')) {
      card.dataset.status = "open_after";
      card.classList.remove("question--live");
      show(card, "live", false);
    }
  }

  /** Make it so. `whole`: there is nothing besides these. */
  apply({ items, whole }) {
    const questions = items.filter((item) => item.kind === "question");
    const seen = new Set();
    for (const item of questions) {
      if (item.gone || !SHOWN[item.status]) this.#gone(item);
      else seen.add(item.id) && this.#shown({ ...item, status: this.#isOver && item.status === "live" ? "open_after" : SHOWN[item.status] });
    }
    if (whole) {
      for (const card of this.list.querySelectorAll("[data-question]")) if (!seen.has(card.dataset.question)) takeAway(card);
      for (const id of [...this.fresh.keys()]) if (!seen.has(id)) this.fresh.delete(id);
    }
    this.#drawNew();
    this.#drawStage(questions, whole);
  }

  /** What stands here to be read, for whoever is about to ask the same. */
  texts() {
    return [...this.list.querySelectorAll("[data-question]:not(.question--gone)")].map((card) => ({
      id: card.dataset.question,
      text: card.querySelector('[data-part="text"]').textContent,
      answer: card.querySelector('[data-part="answer"]')?.textContent.trim() ?? "",
      status: card.dataset.status,
    }));
  }

  #card(id) {
    return this.list.querySelector(`[data-question="${CSS.escape(id)}"]`);
  }

  #shown(item) {
    const card = this.#card(item.id);
    if (card) {
      if (item.revision >= Number(card.dataset.revision)) this.#fill(card, item);
    } else if (!(this.fresh.get(item.id)?.revision > item.revision)) {
      this.fresh.set(item.id, item);
    }
  }

  #gone(item) {
    if (this.fresh.get(item.id)?.revision <= item.revision) this.fresh.delete(item.id);
    const card = this.#card(item.id);
    if (!card || item.revision < Number(card.dataset.revision)) return;
    const stood = item.into && this.supported.has(item.id);
    takeAway(card, item.revision, stood ? "question.merged" : "question.gone");
    if (!stood) return;
    // Whoever stood behind it stands behind the one it went into.
    this.#remember(item.id, false);
    this.#remember(item.into, true);
    this.#stands(item.into);
  }

  #fill(card, item) {
    complete(card, item);
    fillQuestion(card, item);
    card.id = `vraag-${item.id}`;
    part(card, "text").id = `tekst-${item.id}`;
    card.setAttribute("aria-labelledby", `tekst-${item.id}`);
    card.querySelector(".support").setAttribute("aria-describedby", `tekst-${item.id}`);
    card.dataset.question = item.id;
    card.classList.remove("question--gone");
    card.classList.toggle("question--live", item.status === "live");
    show(card, "live", item.status === "live");
    show(card, "answer-box", Boolean(item.answer));
    card.querySelector("form").action = `${this.room.dataset.base}/${item.id}/steun`;
    part(card, "report").href = `${this.room.dataset.base}/${item.id}/melden`;
    this.#drawSupport(card);
  }

  #drawNew() {
    const count = this.fresh.size;
    const before = Number(this.newButton.dataset.count ?? 0);
    this.newButton.dataset.count = count;
    this.newButton.hidden = count === 0;
    this.newButton.textContent = count === 1 ? say("new.one") : say("new.many", count);
    if (count > before) announce(this.newButton.textContent);
  }

  showFresh() {
    const fresh = [...this.fresh.values()].sort((one, other) => one.support - other.support);
    this.fresh.clear();
    this.room.querySelector("[data-empty]").hidden = true;
    let first;
    for (const item of fresh) {
      first = cloned("#question-template");
      this.#fill(first, item);
      this.list.prepend(first);
    }
    this.#drawNew();
    // The button that was pressed is gone; reading goes on at the first of the new ones.
    first?.setAttribute("tabindex", "-1");
    first?.focus();
  }

  #drawStage(questions, whole) {
    if (whole && !questions.some((item) => item.status === "live")) this.onStage = undefined;
    for (const item of questions) {
      if (item.status === "live" && !item.gone) {
        this.onStage = item.id;
        write(this.stage, "text", item.text);
        part(this.stage, "text").lang = item.lang ?? "";
        write(this.stage, "by", byLine(item.by));
      } else if (item.id === this.onStage) {
        this.onStage = undefined;
      }
    }
    this.stage.hidden = !this.onStage || this.#isOver;
  }

  // --- support ------------------------------------------------------------------------------------

  support(event) {
    event.preventDefault();
    const card = event.target.closest("[data-question]");
    const id = card.dataset.question;
    const on = !this.supported.has(id);
    this.#remember(id, on);
    this.outbox.put("question:support", { op: newId(), question: id, on }, `support:${id}`);
    this.#drawSupport(card);
  }

  /** What the server knows of this person's support; wishes that are on their way count already. */
  setSupported(ids) {
    this.supported = new Set(ids);
    for (const { event, message } of this.outbox.entries) if (event === "question:support") this.#remember(message.question, message.on);
    for (const card of this.list.querySelectorAll("[data-question]")) this.#drawSupport(card);
  }

  supportReceived({ id, support, revision }) {
    const card = this.#stands(id);
    if (card && revision >= Number(card.dataset.revision)) write(card, "support", String(support));
  }

  supportRefused({ message, answer }) {
    announce(`${say("outbox.refused")} ${whyNot(answer)}`);
    this.#remember(message.question, !message.on);
    this.#stands(message.question);
  }

  #remember(id, on) {
    on ? this.supported.add(id) : this.supported.delete(id);
  }

  #stands(id) {
    const card = id && this.#card(id);
    if (card) this.#drawSupport(card);
    return card;
  }

  #isWaiting(id) {
    return this.outbox.entries.some(
      (entry) => entry.event === "question:support" && entry.message.question === id && entry.state !== "sending",
    );
  }

  #drawSupport(card) {
    const button = card.querySelector(".support");
    const on = this.supported.has(card.dataset.question);
    const waits = this.#isWaiting(card.dataset.question);
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? "" : "1";
    const isShut = !this.known || ["answered", "forwarded", "gone"].includes(card.dataset.status);
    keepFocus(card, () => (button.disabled = isShut)); // a button that is shut lets go of the focus
    button.classList.toggle("support--waiting", waits);
    write(card, "support-word", say(waits ? "support.waiting" : on ? "support.on" : "support.off"));
  }
}

/** Add what the card of a question in Dutch is printed without while it has no answer and no turn. */
function complete(card, { answer, lang, status }) {
  if ((answer || status === "live") && !part(card, "answer-box")) {
    const whole = cloned("#question-template");
    card.querySelector(".question__body").append(part(whole, "live"), part(whole, "answer-box"));
  }
  if (lang && lang !== "nl" && !part(card, "language")) {
    part(card, "by").after(" ", part(cloned("#question-template"), "language"));
  }
}

/** Nothing jumps under a finger: the words go, their place stays until the page is loaded again. */
function takeAway(card, revision, words = "question.gone") {
  if (revision !== undefined) card.dataset.revision = revision;
  card.dataset.status = "gone";
  card.classList.add("question--gone");
  card.classList.remove("question--live");
  write(card, "text", say(words));
  for (const name of ["by", "type", "answer", "answered-by"]) write(card, name, "");
  for (const name of ["live", "answer-box"]) show(card, name, false);
  keepFocus(card, () => (card.querySelector(".support").disabled = true));
}
