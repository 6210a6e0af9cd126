// What comes first on a page: numbers to call, or an alarm that nobody took. It is fetched anew when something happens,
// and on pages where people work every so often: an alarm of another session is theirs too.
import { Refresh } from "./refresh.js";
import { announce } from "./ui.js";

const NOW_URL = "/gevaar/nu";
const TOGETHER_MS = 150;
const TRY_AGAIN_MS = 5_000;
const PLACES = "[data-urgent], [data-urgent-part]";
const THINGS = "[data-help], [data-alarm]";

export class Urgent {
  constructor() {
    this.refresh = new Refresh(NOW_URL, (html) => this.#take(html), { together: TOGETHER_MS, again: TRY_AGAIN_MS });
  }

  /** Look what there is now. */
  look() {
    this.refresh.soon();
  }

  /**
   * Look every so many milliseconds as well, while the page is seen.
   *
   * @param {number} every
   */
  keepLooking(every) {
    const whenSeen = () => document.visibilityState === "visible" && this.look();
    setInterval(whenSeen, every);
    document.addEventListener("visibilitychange", whenSeen);
  }

  /** @param {string} html our own server's */
  #take(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const there = document.querySelector(PLACES);
    const told = keysOf(fresh.content);
    if (told === (there ? keysOf(there) : "")) return;
    const place = placeOf();
    if (!place) return;
    const isHere = place.contains(document.activeElement);
    if (!told && place.matches("[data-urgent-part]")) place.remove(); // an empty one takes room
    else place.replaceChildren(fresh.content);
    const first = place.querySelector(THINGS);
    if (isHere) goOn(told ? place.querySelector("button") : null);
    if (!told || !first) return;
    announce((first.querySelector("h2, p")?.textContent ?? "").replace(/\s+/g, " ").trim());
    if (first.matches("[data-help]")) first.scrollIntoView({ block: "start" });
  }
}

/**
 * Who was in it with the keyboard goes on at the next one; without one, at what the page is about.
 *
 * @param {HTMLElement | null} next
 */
function goOn(next) {
  const there = next ?? /** @type {HTMLElement | null} */ (document.querySelector("main h1") ?? document.querySelector("main"));
  if (!there) return;
  if (there !== next) there.tabIndex = -1;
  there.focus({ preventScroll: there !== next });
}

/**
 * Where it stands on this page: a place of its own, or on top of the messages.
 *
 * @returns {HTMLElement | null}
 */
function placeOf() {
  /** @type {HTMLElement | null} */
  const there = document.querySelector(PLACES);
  const messages = document.querySelector("[data-messages]");
  if (there || !messages) return there;
  const made = document.createElement("div");
  made.dataset.urgentPart = "";
  messages.prepend(made);
  return made;
}

/**
 * What is said there, without what differs at each request.
 *
 * @param {ParentNode} place
 */
function keysOf(place) {
  const things = [...place.querySelectorAll(THINGS)];
  return things.map((each) => `${each.getAttribute("data-help") ?? each.getAttribute("data-alarm")} ${each.textContent?.replace(/\s+/g, " ")}`).join("|");
}
