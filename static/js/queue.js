// The queue of a stand, for a visitor in it and for who keeps the stand: what changes is fetched anew, also while the page is
// not seen: the title of its tab tells. A visitor who is out of the queue asks no more.
import { keepFocus } from "./focus.js";
import { Refresh } from "./refresh.js";
import { ScreenParts } from "./screen_parts.js";
import { announce } from "./ui.js";

const LOOK_MS = 10_000;

const place = /** @type {HTMLElement} */ (document.querySelector("[data-queue]"));
const parts = new ScreenParts(place);
const title = document.title;
const refresh = new Refresh(place.dataset.nowUrl ?? "", take, { together: 0 });

/** @param {ParentNode} from */
function saidIn(from) {
  return (from.querySelector("[data-said]")?.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** @param {string} html the part of the page, from our own server */
function take(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const before = saidIn(place);
  keepFocus(place, () => parts.apply(fresh.content));
  const said = saidIn(place);
  if (said === before) return;
  announce(said);
  document.title = `${said} - ${title}`; // for who looks at another tab meanwhile
}

function look() {
  if (place.querySelector("[data-goes-on]")) refresh.soon(0);
}

setInterval(look, LOOK_MS);
document.addEventListener("visibilitychange", look);
place.dataset.script = "ready";
