// Polls, made live. The panel is drawn by the server, the same for everybody; here it is fetched anew
// when something changed, and gets what is one's own: the token of this page, and what one chose.
import { keepFocus } from "./focus.js";
import { newId, whyNot } from "./outbox.js";
import { announce } from "./ui.js";
import { say, waiting } from "./words.js";

const SPREAD_MS = 1500; // not the whole hall in one moment
const TOGETHER_MS = 200;
const RETRY_MS = 5000; // the least between two questions that nothing new was told for; doubled up to the most
const MOST_RETRY_MS = 60_000;

/** Keep `box` ([data-polls]) as the server would draw it now. `after` runs on the new content. */
export class PollPanel {
  constructor(box, { csrf = "", spread = SPREAD_MS, after = () => {}, inUse = "[data-ballot] *" } = {}) {
    this.inUse = inUse; // with the focus in one of these, somebody is choosing
    this.box = box;
    this.csrf = csrf;
    this.spread = spread;
    this.after = after;
    this.offset = Date.now() - performance.now(); // until the server answered: the device's own time
    this.retries = 0;
    this.#watchTheClock();
  }

  apply({ items }) {
    if (items.some((item) => item.kind === "poll")) this.refreshSoon();
  }

  refreshSoon(least = TOGETHER_MS) {
    if (this.timer) return;
    this.timer = setTimeout(() => this.#refresh(), least + this.spread * Math.random());
  }

  async #refresh() {
    this.timer = undefined;
    try {
      const response = await fetch(this.box.dataset.pollsUrl, { headers: { Accept: "text/html" } });
      const now = Date.parse(response.headers.get("Date"));
      if (Number.isFinite(now)) this.offset = now - performance.now();
      if (response.ok) this.#draw(await response.text());
    } catch {
      this.refreshSoon(this.#patience());
    }
  }

  /** Longer each time that asking brought nothing: a phone whose clock is wrong asks no more than others. */
  #patience() {
    const wait = Math.min(MOST_RETRY_MS, RETRY_MS * 2 ** this.retries);
    this.retries += 1;
    return wait;
  }

  #draw(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html; // our own server's markup
    const kept = [];
    for (const article of fresh.content.querySelectorAll("[data-poll]")) {
      const id = article.dataset.poll;
      const old = this.box.querySelector(`[data-poll="${CSS.escape(id)}"]`);
      // What somebody is choosing in is left alone while it is still the same poll.
      const isSame = old?.dataset.revision !== undefined && old.dataset.revision === article.dataset.revision && old.dataset.status === article.dataset.status;
      if (old && (isSame || (old.contains(document.activeElement) && document.activeElement.matches(this.inUse))) && article.dataset.status === old.dataset.status) {
        kept.push([old, article]); // not yet: what leaves the page loses the focus
      } else if (!old || old.dataset.status !== article.dataset.status) {
        const title = article.querySelector("h2, h3");
        const isNew = article.dataset.status === "open";
        if (isNew || old || this.box.dataset.drawn) announce(`${isNew ? `${say("poll.open")} ` : ""}${title.textContent}`);
      }
    }
    /** @type {NodeListOf<HTMLInputElement>} */
    const tokens = fresh.content.querySelectorAll('input[name="csrf_token"]');
    for (const input of tokens) if (!input.value) input.value = this.csrf;
    /** @type {NodeListOf<HTMLInputElement>} */
    const fields = this.box.querySelectorAll("[data-keeps]");
    const typed = [...fields].filter((field) => field.checked || field.value !== field.defaultValue);
    keepFocus(this.box, () => {
      for (const [old, article] of kept) {
        const shown = article.querySelector("[data-shown]"); // outside the form: what others wrote comes in meanwhile
        if (shown) old.querySelector("[data-shown]")?.replaceWith(shown);
        article.replaceWith(old);
      }
      this.box.replaceChildren(fresh.content);
    });
    for (const field of typed) this.#again(field);
    this.box.dataset.drawn = "yes";
    this.after();
    this.#watchTheClock();
  }

  /** What was typed or ticked, and not sent, in what was drawn anew. Where a poll closed meanwhile, as text to copy.
      @param {HTMLInputElement} old */
  #again(old) {
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById(old.id));
    if (field) {
      field.checked = old.checked;
      if (!old.checked) field.value = old.value;
    } else if (old.dataset.left && old.value.trim()) {
      const poll = /** @type {HTMLElement} */ (old.closest("[data-poll]")).dataset.poll ?? "";
      const left = document.createElement("p");
      left.append(`${old.dataset.left} `, Object.assign(document.createElement("q"), { dir: "auto", textContent: old.value }));
      this.box.querySelector(`[data-poll="${CSS.escape(poll)}"]`)?.append(left);
    }
  }

  /** A poll that closes by itself closes here at the same moment, by the clock of the server (RFC 9110, 6.6.1). One
      that is still open then is asked for again with growing patience. */
  #watchTheClock() {
    clearTimeout(this.clock);
    const moments = [...this.box.querySelectorAll("[data-closes-at]")].map((poll) => Date.parse(poll.dataset.closesAt));
    const next = Math.min(...moments);
    if (!Number.isFinite(next)) {
      this.retries = 0;
      return;
    }
    const left = next - (performance.now() + this.offset);
    if (left > 0) this.retries = 0;
    const wait = left > 0 ? left + 300 : this.#patience();
    this.clock = setTimeout(() => this.refreshSoon(), wait);
  }
}

/** One's own ballots in the hall: sent through the outbox, shown in its three states. Tells `drawn` when the polls, or what one chose, changed. */
export class Ballots extends EventTarget {
  constructor(box, outbox, csrf) {
    super();
    this.box = box;
    this.outbox = outbox;
    this.chosen = {};
    this.panel = new PollPanel(box, { csrf, after: () => this.#mark() });
    box.addEventListener("submit", (event) => this.#submit(event));
    outbox.addEventListener("sending", ({ detail }) => this.#say(detail, "sending", say("outbox.sending")));
    outbox.addEventListener("waiting", ({ detail }) => this.#say(detail, "waiting", waiting(detail)));
  }

  setMine(ballots) {
    this.chosen = { ...ballots };
    this.#mark();
  }

  received({ message }) {
    this.chosen[message.poll] = message.texts ?? message.choices;
    const form = this.#form(message.poll);
    if (form && message.texts) writeIn(form, message.texts);
    this.#say({ event: "poll:ballot", message }, "received", say("poll.received"));
    this.dispatchEvent(new Event("drawn"));
  }

  refused({ message, answer, event }) {
    this.#say({ event, message }, "refused", `${say("outbox.refused")} ${whyNot(answer)}`);
    this.panel.refreshSoon();
  }

  #submit(event) {
    const form = event.target.closest("[data-ballot]");
    if (!form) return;
    event.preventDefault();
    if (event.submitter?.name === "move") {
      this.#move(form, event.submitter);
      return;
    }
    const poll = form.closest("[data-poll]").dataset.poll;
    delete form.dataset.moved;
    if (form.matches("[data-written]")) {
      const texts = [...form.querySelectorAll('[name="text"]')].map((input) => input.value.trim()).filter(Boolean);
      this.outbox.put("poll:ballot", { op: newId(), poll, texts }, `ballot:${poll}`);
      return;
    }
    const chosen = form.matches("[data-ranking]") ? '[name="choice"]' : '[name="choice"]:checked';
    const choices = [...form.querySelectorAll(chosen)].map((input) => Number(input.value));
    this.outbox.put("poll:ballot", { op: newId(), poll, choices }, `ballot:${poll}`);
  }

  /** One place up or down in a ranking; it is sent when one says that this is the order. */
  #move(form, button) {
    const row = button.closest("li");
    const isUp = button.value.startsWith("up:");
    const other = isUp ? row.previousElementSibling : row.nextElementSibling;
    if (isUp) other?.before(row);
    else other?.after(row);
    button.focus(); // what is moved in the page loses it
    form.dataset.moved = "yes";
    const place = [...row.parentElement.children].indexOf(row) + 1;
    announce(`${row.querySelector(".ranking__label").textContent}: ${row.parentElement.dataset.place.replace("#", place)}`);
  }

  #mark() {
    this.dispatchEvent(new Event("drawn"));
    for (const [poll, choices] of Object.entries(this.chosen)) {
      const form = this.#form(poll);
      if (!form || form.contains(document.activeElement)) continue;
      if (form.matches("[data-written]")) writeIn(form, choices);
      else if (form.matches("[data-ranking]")) arrange(form, choices);
      else for (const input of form.querySelectorAll('[name="choice"]')) input.checked = choices.includes(Number(input.value));
    }
  }

  #form(poll) {
    return this.box.querySelector(`[data-poll="${CSS.escape(poll)}"] [data-ballot]`);
  }

  #say({ event, message }, state, text) {
    const said = event === "poll:ballot" && this.#form(message.poll)?.querySelector("[data-said]");
    if (!said) return;
    said.dataset.state = state;
    said.textContent = text;
  }
}

/** What one wrote earlier, in fields that nothing else was typed in. */
function writeIn(form, texts) {
  form.querySelectorAll('[name="text"]').forEach((input, place) => {
    const isTouched = input.value !== input.defaultValue;
    input.defaultValue = texts[place] ?? "";
    if (!isTouched) input.value = input.defaultValue;
  });
}

/** The rows of a ranking in the order that one chose earlier, unless one is moving them now. */
function arrange(form, choices) {
  const list = form.querySelector(".ranking");
  if (form.dataset.moved || choices.length !== list.children.length) return;
  for (const choice of choices) list.append(list.querySelector(`[name="choice"][value="${choice}"]`).closest("li"));
}
