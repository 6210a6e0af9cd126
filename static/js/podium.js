// The big screen and its overlay, live. What they show is drawn by the server; here it is fetched anew when something
// of it changed, and each text is made as large as its place allows.
import { showApplause } from "./applause.js";
import { showConnection, showPresent } from "./cards.js";
import { Live } from "./live.js";
import { Refresh } from "./refresh.js";
import { ScreenParts } from "./screen_parts.js";

const TOGETHER_MS = 150;
const AGAIN_MS = 4000; // without a connection
const AT_LEAST_EVERY_MS = 30_000; // a poll or a part that ends by the clock, and whatever was missed
const LEAST_PX = 8;
const LARGEST = 0.13; // of the height of the screen

/** @type {HTMLElement} */
const screen = document.querySelector("[data-podium]");
const live = new Live(screen);
const parts = new ScreenParts(screen);
const oneScreen = matchMedia("(min-width: 48rem) and (min-aspect-ratio: 6/5)");
const isOverlay = screen.classList.contains("overlay__screen");
const refresh = new Refresh(screen.dataset.screenUrl ?? "", draw, { together: TOGETHER_MS, again: AGAIN_MS });
let phase;

/** @param {HTMLElement} box */
function overflows(box) {
  return box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
}

/**
 * Find the largest font size at which all of the box is in view: by halving, about eight layouts. Words are kept
 * whole while the text stays readable; a word of five hundred letters is not.
 *
 * @param {HTMLElement} box
 */
function fit(box) {
  box.style.fontSize = "";
  box.style.overflowWrap = "";
  if (!oneScreen.matches && !isOverlay) return;
  const most = box.dataset.fits === "way" || isOverlay ? innerHeight * 0.05 : innerHeight * LARGEST;
  const within = /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("*"));
  for (const wrap of ["normal", ""]) {
    for (const part of within) part.style.overflowWrap = wrap;
    let [low, high] = [wrap ? innerHeight * 0.03 : LEAST_PX, most];
    box.style.fontSize = `${low}px`;
    if (wrap && overflows(box)) continue;
    while (high - low > 0.5) {
      const middle = (low + high) / 2;
      box.style.fontSize = `${middle}px`;
      if (overflows(box)) high = middle;
      else low = middle;
    }
    box.style.fontSize = `${low}px`;
    break;
  }
}

function fitAll() {
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (screen.querySelectorAll("[data-fits]"))) fit(box);
  screen.dataset.fitted = `${innerWidth}x${innerHeight}`;
}

/** @param {string} html */
function draw(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html; // our own server's markup
  if (parts.apply(fresh.content)) fitAll();
}

live.addEventListener("items", ({ detail }) => {
  const onStage = /** @type {HTMLElement} */ (screen.querySelector("[data-on-stage]")).dataset.onStage;
  const concerns = detail.items.some((item) => item.kind !== "question" || item.status === "live" || item.id === onStage);
  if (detail.whole || concerns) refresh.soon();
});
live.addEventListener("room", ({ detail }) => {
  const now = `${detail.phase} ${detail.starts_at}`;
  if (phase !== undefined && phase !== now) refresh.soon();
  phase = now;
});
live.addEventListener("present", ({ detail }) => showPresent(detail.present));
live.addEventListener("status", ({ detail }) => showConnection(detail));
setInterval(() => refresh.soon(), AT_LEAST_EVERY_MS);
addEventListener("resize", fitAll);
const clapping = /** @type {HTMLElement | null} */ (document.querySelector("[data-clapping]"));
if (clapping) showApplause(clapping, live);
fitAll();
document.fonts.ready.then(fitAll);
live.start();
screen.dataset.script = "ready";
