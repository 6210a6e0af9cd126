// The clock on the programme, and what it makes of each session. It follows the server, since the clock of
// a phone may be wrong. It only marks: nothing that somebody reads moves, comes or goes.
import { askTheTime, keepTheTime, serverNow, startFrom } from "./server_clock.js";

const LOBBY = 600; // seconds
const clock = document.querySelector("[data-clock]");
const tags = [...document.querySelectorAll("[data-from] [data-state]")]
  .filter((tag) => tag.dataset.state !== "cancelled")
  .map((tag) => ({ tag, session: tag.closest("[data-from]") }));
const words = JSON.parse(document.querySelector("[data-state-words]")?.dataset.stateWords ?? "{}");
const time = new Intl.DateTimeFormat("nl-NL", { timeZone: "Europe/Amsterdam", hour: "2-digit", minute: "2-digit" });
let ticking;

function phaseOf({ from, to }, now) {
  if (now >= Number(to)) return "ended";
  if (now >= Number(from)) return "live";
  return now >= Number(from) - LOBBY ? "lobby" : "before";
}

function mark({ tag, session }, now) {
  const phase = phaseOf(session.dataset, now);
  if (tag.dataset.state === phase) return false;
  tag.classList.remove("tag--live", "tag--sun", "tag--off");
  if (phase !== "before") tag.classList.add({ live: "tag--live", lobby: "tag--sun", ended: "tag--off" }[phase]);
  tag.textContent = words[phase] ?? "";
  tag.dataset.state = phase;
  return true;
}

/** The line of now goes down within its own row; past it, the page says that it can be refreshed. */
function move(line, now) {
  const { from, to } = line.dataset;
  line.setAttribute("y", `${Math.min(Math.max((now - from) / (to - from), 0), 1) * 100}%`);
}

/** Milliseconds until something may change: the next whole second, or sooner a session that begins or ends. */
function untilNext(at) {
  const second = 1000 - (at % 1000);
  const moments = tags.flatMap(({ session: { dataset: { from, to } } }) => [Number(from) - LOBBY, Number(from), Number(to)]);
  return Math.min(second, ...moments.map((moment) => moment * 1000 - at).filter((left) => left > 0));
}

function tick() {
  clearTimeout(ticking);
  const at = serverNow();
  const said = clock.dataset.pattern.replace("{}", document.documentElement.lang === "en" ? time.format(at) : time.format(at).replace(":", "."));
  if (clock.textContent !== said) clock.textContent = said;
  document.querySelectorAll("[data-now-line]").forEach((line) => move(line, at / 1000));
  const changed = tags.filter((each) => mark(each, at / 1000));
  if (changed.length) document.querySelector("[data-changed]").classList.add("now__changed--shown");
  keepTheTime()?.then(tick);
  ticking = setTimeout(tick, Math.ceil(untilNext(at)));
}

if (clock) {
  // The page may come from the browser's store, made long ago: nothing is marked before the server answered.
  startFrom(Date.parse(clock.dataset.now));
  askTheTime().finally(tick);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}
