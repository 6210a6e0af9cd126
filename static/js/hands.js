// Raised hands, live. The server draws them; here a part is fetched anew when it concerns this reader, and what everybody
// may know (who speaks, how many hands are up) is written in place: a full room asks for nothing.
import { keepFocus } from "./focus.js";
import { Refresh } from "./refresh.js";
import { ScreenParts } from "./screen_parts.js";
import { askTheTime, serverNow } from "./server_clock.js";
import { announce } from "./ui.js";
import { byLine } from "./words.js";

const TOGETHER_MS = 200;
const SPREAD_MS = 1500; // not the whole room in one moment
const AGAIN_MS = 5000;
const NEARLY_MS = 30_000;

/** @typedef {{id: string, by: import("./words.js").By, ends_at: string}} Turn */
/** @typedef {{revision?: number, open?: boolean, up?: number, speaking?: Turn | null, kind: string}} HandsItem */

class Hands {
  #parts;
  #refresh;
  #warned = "";
  #turn = "";

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.all = place.dataset.extraAll !== undefined; // every hand, for who runs the session
    this.#parts = new ScreenParts(place);
    this.#turn = this.panel?.querySelector("[data-mine]") ? this.panel.dataset.own ?? "" : "";
    this.#refresh = new Refresh(place.dataset.extraUrl ?? "", (html) => this.#take(html), { together: TOGETHER_MS, again: AGAIN_MS });
    place.addEventListener("submit", (event) => this.#submit(event));
    askTheTime();
    setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  /** @returns {HTMLElement | null} */
  get panel() {
    return this.place.querySelector("[data-hands]");
  }

  /** @param {HandsItem[]} items */
  apply(items) {
    const item = items[items.length - 1];
    const panel = this.panel;
    const isSame = panel && (panel.dataset.open === "yes") === item.open;
    if (this.all) return void this.#refresh.soon();
    if (!isSame || panel.dataset.own) this.#refresh.soon(TOGETHER_MS + (item.speaking?.id === panel?.dataset.own ? 0 : SPREAD_MS * Math.random()));
    if (panel && item.open) this.#write(panel, item);
  }

  /**
   * @param {HTMLElement} panel
   * @param {HandsItem} item
   */
  #write(panel, { up = 0, speaking }) {
    const words = up === 0 ? panel.dataset.none : up === 1 ? panel.dataset.one : panel.dataset.many?.replace("#", String(up));
    panel.querySelector("[data-hands-up]").textContent = words ?? "";
    const isOn = speaking && Date.parse(speaking.ends_at) > serverNow();
    this.#speaks(panel, isOn ? byLine(speaking.by) : "", isOn ? speaking.ends_at : "");
  }

  /**
   * Who has the turn, and until when. Said once to who listens to the page.
   *
   * @param {HTMLElement} panel
   * @param {string} name
   * @param {string} until
   */
  #speaks(panel, name, until) {
    const now = panel.querySelector("[data-hands-now]");
    if ((now.querySelector("[data-until]")?.getAttribute("data-until") ?? "") === until) return;
    now.replaceChildren();
    if (!until) return;
    const who = document.createElement("strong");
    const left = document.createElement("span");
    who.textContent = name;
    left.className = "hands__left";
    left.dataset.until = until;
    now.append(`${panel.dataset.speaks} `, who, " ", left);
    this.#tick();
  }

  /** @param {string} html a page, or the part of one, from our own server */
  #take(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const panel = /** @type {HTMLElement | null} */ (fresh.content.querySelector("[data-hands]"));
    keepFocus(this.place, () => {
      if (this.place.querySelector("[data-screen-part]")) this.#replace(fresh.content, panel);
      else if (panel) {
        this.place.replaceChildren(panel);
        this.#parts = new ScreenParts(this.place);
      }
    });
    this.#tick();
    const turn = this.panel?.querySelector("[data-mine]") ? this.panel.dataset.own ?? "" : "";
    if (turn && turn !== this.#turn) {
      announce(this.panel?.dataset.turn ?? "");
      this.panel?.scrollIntoView({ block: "center" }); // whose turn it is has to see how to speak
    }
    this.#turn = turn;
  }

  /**
   * What differs. What somebody is typing stays, and settings that are unfolded stay so.
   *
   * @param {DocumentFragment} fresh
   * @param {HTMLElement | null} panel
   */
  #replace(fresh, panel) {
    const typed = /** @type {HTMLInputElement | null} */ (this.place.querySelector("[name=about]"))?.value;
    const isOpen = this.place.querySelector("details[open]") !== null;
    this.#parts.apply(fresh);
    const about = /** @type {HTMLInputElement | null} */ (this.place.querySelector("[name=about]"));
    if (typed && about && !about.value) about.value = typed;
    if (isOpen) this.place.querySelector("details")?.setAttribute("open", "");
    const old = this.panel;
    if (!panel || !old) return;
    for (const name of ["own", "open"]) old.dataset[name] = panel.dataset[name];
    old.hidden = panel.hidden;
    const sheet = panel.querySelector("link");
    if (sheet && !old.querySelector("link")) old.prepend(sheet);
    old.querySelector("[data-hands-up]").textContent = panel.querySelector("[data-hands-up]").textContent;
    const now = panel.querySelector("[data-hands-now]");
    this.#speaks(old, now.querySelector("strong")?.textContent ?? "", now.querySelector("[data-until]")?.getAttribute("data-until") ?? "");
  }

  /** @param {Event} event */
  async #submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.dataset.leaves !== undefined) return; // into the meeting, as a page of its own
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
      const said = page.querySelector("[data-messages]");
      const words = said?.textContent?.replace(/\s+/g, " ").trim() ?? "";
      const about = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("about"));
      if (about && response.ok) about.value = "";
      this.#take(html);
      // In the room the part itself shows it; a line that stays would be over what comes next.
      const here = document.querySelector("[data-extra-page]") && document.querySelector("[data-messages]");
      if (said && here) here.replaceChildren(...said.childNodes);
      announce(words);
    } catch {
      announce(this.#notSent());
      const here = document.querySelector("[data-messages]");
      if (here) here.textContent = this.#notSent();
    } finally {
      delete form.dataset.busy;
    }
  }

  #notSent() {
    return this.place.dataset.notSent ?? this.panel?.dataset.notSent ?? "";
  }

  /** How long a turn lasts yet. One that is over is asked for once more: then it is not there any more. */
  #tick() {
    for (const left of /** @type {NodeListOf<HTMLElement>} */ (this.place.querySelectorAll("[data-until]"))) {
      const until = left.dataset.until ?? "";
      const wait = Date.parse(until) - serverNow();
      const seconds = Math.max(0, Math.ceil(wait / 1000));
      const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (left.textContent !== text) left.textContent = text;
      if (left.dataset.mine !== undefined && wait < NEARLY_MS && wait > 0 && this.#warned !== until) {
        this.#warned = until;
        announce(this.panel?.dataset.nearly ?? "");
      }
      if (wait > 0 || left.dataset.over !== undefined) continue;
      left.dataset.over = "yes";
      if (this.all || left.dataset.mine !== undefined) this.#refresh.soon(500);
      else left.closest("[data-hands-now]")?.replaceChildren();
    }
  }
}

/** @param {HTMLElement} place */
export function begin(place) {
  return new Hands(place);
}
