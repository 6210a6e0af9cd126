// The hall chat, live. New lines are written in place, so a full room asks for nothing. It is silent until it is opened;
// then one or two lines in ten seconds are read aloud, and of more only how many there are.
import { keepFocus } from "./focus.js";
import { Refresh } from "./refresh.js";
import { ScreenParts } from "./screen_parts.js";
import { announce } from "./ui.js";
import { byLine } from "./words.js";

const TOGETHER_MS = 200;
const SPREAD_MS = 1500; // not the whole room in one moment
const AGAIN_MS = 5000;
const SAID_TOGETHER_MS = 10_000;
const READ_ALOUD = 2;
const MOST_SHOWN = 60;

/** @typedef {{kind: string, id?: string, open?: boolean, over?: boolean, seconds_between?: number, gone?: boolean, text?: string, by?: import("./words.js").By}} ChatItem */

class Chat {
  #parts;
  #refresh;
  /** @type {string[]} */
  #unsaid = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #saying;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.all = place.dataset.extraAll !== undefined; // what was decided too, for who runs the session
    this.#parts = new ScreenParts(place);
    this.#refresh = new Refresh(place.dataset.extraUrl ?? "", (html) => this.#take(html), { together: TOGETHER_MS, again: AGAIN_MS });
    place.addEventListener("submit", (event) => this.#submit(event));
    place.addEventListener("toggle", () => this.#opened(), true);
    this.#opened();
  }

  /** @returns {HTMLElement | null} */
  get panel() {
    return this.place.querySelector("[data-chat]");
  }

  /** @returns {HTMLElement | null} */
  get lines() {
    return this.place.querySelector("[data-chat-lines]");
  }

  /** @returns {HTMLElement | null} */
  get log() {
    return this.place.querySelector("[data-chat-log]");
  }

  get isOpen() {
    return this.place.querySelector("[data-chat-fold][open]") !== null;
  }

  /** What is folded away is no log: nothing of it is in the way of who listens to the page. */
  #opened() {
    const log = this.log;
    if (!log) return;
    log.setAttribute("role", this.isOpen ? "log" : "group");
    log.setAttribute("aria-live", "off"); // `#say` says it, and not each line of a hundred people
    if (this.isOpen) log.scrollTop = log.scrollHeight;
    else this.#unsaid = [];
  }

  /** @param {ChatItem[]} items */
  apply(items) {
    if (this.all) return void this.#refresh.soon();
    for (const item of items) {
      if (item.kind === "chat_line") this.#line(item);
      else this.#arranged(item);
    }
  }

  /** @param {ChatItem} item */
  #arranged(item) {
    const panel = this.panel;
    if (item.over) return void this.place.replaceChildren();
    const isSame = panel && (panel.dataset.open === "yes") === item.open && Number(panel.dataset.pause) === item.seconds_between;
    if (!isSame || panel.hidden) this.#refresh.soon(TOGETHER_MS + SPREAD_MS * Math.random());
  }

  /** @param {ChatItem} item */
  #line(item) {
    const list = this.lines;
    if (!list) return;
    const old = /** @type {HTMLElement | null} */ (list.querySelector(`[data-row="${CSS.escape(item.id ?? "")}"]`));
    if (item.gone) {
      if (old?.dataset.own !== undefined) this.#refresh.soon(); // its author reads why
      if (old) keepFocus(list, () => old.remove());
      return this.#count();
    }
    const line = old ?? this.#blank();
    if (!line || !item.by) return;
    const by = byLine(item.by);
    line.dataset.row = item.id ?? "";
    line.querySelector("[data-part=by]").textContent = by;
    line.querySelector("[data-part=text]").textContent = item.text ?? "";
    const report = /** @type {HTMLAnchorElement | null} */ (line.querySelector("[data-part=report]"));
    if (report) report.href = `${this.panel?.dataset.base}/${item.id}/melden`;
    if (old) return;
    const log = /** @type {HTMLElement} */ (this.log);
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    list.append(line);
    if (list.childElementCount > MOST_SHOWN && !list.contains(document.activeElement)) list.firstElementChild?.remove();
    if (isAtEnd) log.scrollTop = log.scrollHeight;
    this.#count();
    if (this.isOpen) this.#say(`${by}: ${item.text}`);
  }

  /** @returns {HTMLElement | null} */
  #blank() {
    const template = /** @type {HTMLTemplateElement | null} */ (this.place.querySelector("[data-chat-template]"));
    return /** @type {HTMLElement | null} */ (template?.content.querySelector("li")?.cloneNode(true) ?? null);
  }

  #count() {
    const number = this.lines?.childElementCount ?? 0;
    this.place.querySelector("[data-chat-count]").textContent = String(number);
    this.place.querySelector("[data-chat-empty]").toggleAttribute("hidden", number > 0);
  }

  /** @param {string} words */
  #say(words) {
    this.#unsaid.push(words);
    if (this.#saying) return;
    this.#saying = setTimeout(() => {
      const said = this.#unsaid;
      this.#unsaid = [];
      this.#saying = undefined;
      if (said.length && said.length <= READ_ALOUD) announce(said.join(". "));
      else if (said.length) announce(this.panel?.dataset.many?.replace("#", String(said.length)) ?? "");
    }, SAID_TOGETHER_MS);
  }

  /** @param {string} html a page, or the part of one, from our own server */
  #take(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    if (this.all) return void keepFocus(this.place, () => this.#desk(fresh.content));
    const panel = /** @type {HTMLElement | null} */ (fresh.content.querySelector("[data-chat]"));
    const old = this.panel;
    if (!panel) return;
    keepFocus(this.place, () => {
      if (!old?.querySelector("[data-chat-fold]") || panel.hidden) this.#begin(panel);
      else this.#replace(old, panel, fresh.content);
    });
    this.#opened();
  }

  /** @param {HTMLElement} panel */
  #begin(panel) {
    if (document.querySelector("[data-room]")) panel.querySelector("[data-chat-fold]")?.removeAttribute("open");
    this.place.replaceChildren(panel);
    this.#parts = new ScreenParts(this.place);
  }

  /**
   * What differs. What somebody is typing stays.
   *
   * @param {HTMLElement} old
   * @param {HTMLElement} panel
   * @param {DocumentFragment} fresh
   */
  #replace(old, panel, fresh) {
    const typed = this.#field()?.value;
    this.#parts.apply(fresh);
    const field = this.#field();
    if (typed && field && !field.value) field.value = typed;
    for (const name of ["open", "pause"]) old.dataset[name] = panel.dataset[name];
    this.lines?.replaceChildren(...panel.querySelector("[data-chat-lines]").childNodes);
    this.#count();
  }

  /** @returns {HTMLInputElement | null} */
  #field() {
    return this.place.querySelector("[data-chat-form] [name=text]");
  }

  /** @param {DocumentFragment} fresh */
  #desk(fresh) {
    const folded = [...this.place.querySelectorAll("[data-row] details[open]")].map((each) => each.closest("[data-row]"));
    const chosen = new Map(folded.map((row) => [/** @type {HTMLElement} */ (row).dataset.row, row?.querySelector("select")?.value]));
    this.#parts.apply(fresh);
    for (const [id, reason] of chosen) {
      const row = this.place.querySelector(`[data-row="${CSS.escape(id ?? "")}"]`);
      row?.querySelector("details")?.setAttribute("open", "");
      const select = row?.querySelector("select");
      if (select && reason) select.value = reason;
    }
  }

  /** @param {Event} event */
  async #submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    this.#refresh.outdate();
    const body = new FormData(form);
    const pressed = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
    if (pressed?.name) body.set(pressed.name, pressed.value);
    try {
      const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      const html = await response.text();
      const page = new DOMParser().parseFromString(html, "text/html");
      const words = page.querySelector("[data-messages]")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
      const refused = page.querySelector(".field__error")?.textContent ?? "";
      const field = this.#field();
      if (response.ok && field) field.value = "";
      this.#sent(form, page);
      this.#take(html);
      announce(words || refused);
      this.#show(words);
    } catch {
      announce(this.#notSent());
      this.#show(this.#notSent());
    } finally {
      delete form.dataset.busy;
    }
  }

  /**
   * The next line is another one: it gets the id and the operation of the form that came back.
   *
   * @param {HTMLFormElement} form
   * @param {Document} page
   */
  #sent(form, page) {
    const next = page.querySelector("[data-chat-form]");
    if (form.dataset.chatForm === undefined || !next) return;
    for (const name of ["id", "op"]) {
      const from = /** @type {HTMLInputElement | null} */ (next.querySelector(`[name=${name}]`));
      const to = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
      if (from && to) to.value = from.value;
    }
  }

  /** @param {string} words */
  #show(words) {
    const here = this.place.querySelector("[data-chat-said]") ?? document.querySelector("[data-messages]");
    if (here) here.textContent = words;
  }

  #notSent() {
    return this.place.dataset.notSent ?? this.panel?.dataset.notSent ?? "";
  }
}

/** Where the hall chat is turned on while the room is open, its page has no place for it yet: below the questions. */
export function prepare() {
  const room = /** @type {HTMLElement | null} */ (document.querySelector("[data-room]"));
  if (!room || document.querySelector("[data-extra=chat]")) return;
  const place = document.createElement("div");
  place.dataset.extra = "chat";
  place.dataset.extraUrl = `${room.dataset.base}/../zaalgesprek?deel=1`;
  room.querySelector(".part--questions")?.append(place);
}

/** @param {HTMLElement} place */
export function begin(place) {
  return new Chat(place);
}
