// The hall chat, live. It is asked for when somebody opens it; from then on new lines are written in place, so a full
// room asks for nothing. Folded it is silent. Open, one or two lines in ten seconds are read aloud, and of more only how
// many there are.
import { keepFocus } from "./focus.js";
import { parsed, post } from "./posting.js";
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

/** The hall chat as somebody in the hall reads it: in the room, or on a page of its own. */
class Chat {
  #parts;
  #refresh;
  #typed = "";
  /** @type {string[]} */
  #unsaid = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #saying;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.#parts = new ScreenParts(place);
    this.#refresh = new Refresh(place.dataset.extraUrl ?? "", (html) => this.#take(parsed(html)), { together: TOGETHER_MS, again: AGAIN_MS });
    place.addEventListener("submit", (event) => this.#submit(event));
    place.addEventListener("toggle", () => this.#toggled(), true);
    this.#toggled();
  }

  /** @returns {HTMLElement | null} what there is once it was asked for */
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

  /** @returns {HTMLInputElement | null} */
  get field() {
    return this.place.querySelector("[data-chat-form] [name=text]");
  }

  get isOpen() {
    const fold = this.place.querySelector("[data-chat-fold]");
    return fold ? fold.hasAttribute("open") : this.panel !== null;
  }

  #toggled() {
    if (this.isOpen && !this.panel) this.#refresh.soon(0);
    this.#listen();
  }

  /** What is folded away is no log: nothing of it is in the way of who listens to the page. */
  #listen() {
    const log = this.log;
    if (!this.isOpen) this.#unsaid = [];
    if (!log) return;
    log.setAttribute("role", this.isOpen ? "log" : "group");
    log.setAttribute("aria-live", "off"); // `#say` says it, and not each line of a hundred people
    if (this.isOpen) log.scrollTop = log.scrollHeight;
  }

  /**
   * @param {ChatItem[]} items
   * @param {boolean} whole there is nothing besides these
   */
  apply(items, whole) {
    for (const item of items) if (item.kind === "chat") this.#arranged(item);
    const told = items.filter((item) => item.kind === "chat_line");
    if (whole) this.#only(told);
    for (const item of told) this.#line(item);
  }

  /** @param {ChatItem} item */
  #arranged(item) {
    const panel = this.panel;
    if (item.over) return this.#over();
    const isSame = panel ? (panel.dataset.open === "yes") === item.open && Number(panel.dataset.pause) === item.seconds_between : this.place.childElementCount > 0 && !this.isNone;
    if (!isSame) this.#refresh.soon(TOGETHER_MS + SPREAD_MS * Math.random());
  }

  get isNone() {
    return this.place.querySelector("[data-chat-none]") !== null || (!this.place.querySelector("[data-chat-fold]") && !this.panel);
  }

  /** Nobody reads it any more. */
  #over() {
    this.#refresh.outdate();
    this.#unsaid = [];
    keepFocus(this.place.parentElement, () => {
      if (this.place.querySelector("[data-chat-fold]")) this.place.replaceChildren();
      else if (this.panel) this.#refresh.soon(); // its own page says so
      this.lines?.replaceChildren();
    });
  }

  /**
   * Take away the lines that are not among these: they were hidden while this page heard nothing.
   *
   * @param {ChatItem[]} told
   */
  #only(told) {
    const list = this.lines;
    if (!list) return;
    const there = new Set(told.map((item) => item.id));
    for (const line of /** @type {HTMLElement[]} */ ([...list.children])) if (!there.has(line.dataset.row)) this.#remove(list, line);
    this.#count();
  }

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} line
   */
  #remove(list, line) {
    if (line.dataset.own !== undefined) this.#refresh.soon(); // its author reads why
    keepFocus(list, () => line.remove());
  }

  /** @param {ChatItem} item */
  #line(item) {
    const list = this.lines;
    if (!list) return;
    const old = /** @type {HTMLElement | null} */ (list.querySelector(`[data-row="${CSS.escape(item.id ?? "")}"]`));
    if (item.gone) {
      if (old) this.#remove(list, old);
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
    this.place.querySelector("[data-chat-empty]")?.toggleAttribute("hidden", Boolean(this.lines?.childElementCount));
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

  /** @param {ParentNode} fresh a page, or the part of one */
  #take(fresh) {
    const panel = /** @type {HTMLElement | null} */ (fresh.querySelector("[data-chat]"));
    const fold = this.place.querySelector("[data-chat-fold]");
    const box = this.place.querySelector("[data-chat-box]");
    const inBox = fresh.querySelector("[data-chat-box]");
    if (!inBox) return; // some other page
    keepFocus(this.place, () => {
      if (fold && !panel) this.place.replaceChildren(); // there is none any more
      else if (panel && this.panel) this.#replace(this.panel, panel, fresh);
      else if (box) this.#fill(box, inBox);
      else if (panel) this.place.replaceChildren(...[...fresh.querySelectorAll("link, [data-chat-fold]")].filter((each) => !each.closest("head")));
    });
    this.#listen();
  }

  /**
   * @param {Element} box
   * @param {Element} inBox
   */
  #fill(box, inBox) {
    box.replaceChildren(...inBox.childNodes);
    this.#parts = new ScreenParts(this.place);
  }

  /**
   * What differs. What somebody is typing stays, also while no lines are taken.
   *
   * @param {HTMLElement} old
   * @param {HTMLElement} panel
   * @param {ParentNode} fresh
   */
  #replace(old, panel, fresh) {
    this.#typed = this.field?.value ?? this.#typed;
    this.#parts.apply(fresh);
    if (this.field) this.field.value = this.#typed;
    for (const name of ["open", "pause"]) old.dataset[name] = panel.dataset[name];
    const log = /** @type {HTMLElement} */ (this.log);
    const { scrollTop } = log;
    this.lines?.replaceChildren(...panel.querySelector("[data-chat-lines]").childNodes);
    log.scrollTop = scrollTop;
    this.#count();
  }

  /** @param {Event} event */
  async #submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    this.#refresh.outdate();
    const sent = this.field?.value;
    try {
      const { ok, page, words } = await post(form, event);
      if (ok && this.field?.value === sent) this.field.value = ""; // who typed on meanwhile keeps that
      this.#next(form, page);
      this.#take(page);
      const refused = page.querySelector(".field__error")?.textContent ?? "";
      announce(words || refused);
      this.#show(words);
    } catch {
      const words = this.panel?.dataset.notSent ?? "";
      announce(words);
      this.#show(words);
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
  #next(form, page) {
    const next = page.querySelector("[data-chat-form]");
    if (!next) return;
    for (const name of ["id", "op"]) {
      const from = /** @type {HTMLInputElement | null} */ (next.querySelector(`[name=${name}]`));
      const to = /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
      if (from && to) to.value = from.value;
    }
  }

  /** @param {string} words */
  #show(words) {
    const here = this.place.querySelector("[data-chat-said]");
    if (here) here.textContent = words;
  }
}

// Where the hall chat is turned on while the room is open, its page has no place for it yet: below the questions.
const room = /** @type {HTMLElement | null} */ (document.querySelector("[data-room]"));
if (room && !document.querySelector("[data-extra=chat]")) {
  const place = document.createElement("div");
  place.dataset.extra = "chat";
  place.dataset.extraUrl = `${room.dataset.base}/../zaalgesprek?deel=1`;
  room.querySelector(".part--questions")?.append(place);
}

/** @param {HTMLElement} place */
export function begin(place) {
  return new Chat(place);
}
