// A closed room opens by itself, at the moment that the server opens it: its page is asked for again.
import { askTheTime, keepTheTime, serverNow, startFrom } from "./server_clock.js";

const LONGEST_MS = 15_000; // a timer of long ago fires late on a phone that slept
const LEAST_MS = 400; // between two looks
const SPREAD_MS = 800; // not everybody who waits in the same moment

const line = document.querySelector("[data-opens-at]");
const opensAt = Number(line?.dataset.opensAt) + SPREAD_MS * Math.random();
let timer;

function look() {
  clearTimeout(timer);
  keepTheTime()?.then(look);
  const left = opensAt - serverNow();
  if (left <= 0 && performance.now() > LEAST_MS) return void location.reload();
  timer = setTimeout(look, Math.max(LEAST_MS, Math.min(left, LONGEST_MS)));
}

if (line) {
  startFrom(Number(line.dataset.now));
  document.addEventListener("visibilitychange", () => document.hidden || look());
  askTheTime().then(look);
  look();
}
