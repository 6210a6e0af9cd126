// The clock on the programme, and what it makes of each session. It follows the server, since the clock of
// a phone may be wrong. It only marks: nothing that somebody reads moves, comes or goes.
const LOBBY = 600; // seconds
const clock = document.querySelector("[data-clock]");
const tags = [...document.querySelectorAll("[data-from] [data-state]")]
  .filter((tag) => tag.dataset.state !== "cancelled")
  .map((tag) => ({ tag, session: tag.closest("[data-from]") }));
const words = JSON.parse(document.querySelector("[data-state-words]")?.dataset.stateWords ?? "{}");
const time = new Intl.DateTimeFormat("nl-NL", { timeZone: "Europe/Amsterdam", hour: "2-digit", minute: "2-digit" });
let skew = Date.parse(clock?.dataset.now) - Date.now();
let asked = 0;

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

function tick() {
  const at = Date.now() + skew;
  const said = clock.dataset.pattern.replace("{}", time.format(at).replace(":", "."));
  if (clock.textContent !== said) clock.textContent = said;
  const changed = tags.filter((each) => mark(each, at / 1000));
  if (changed.length) document.querySelector("[data-changed]").classList.add("now__changed--shown");
  setTimeout(tick, 1000 - (at % 1000));
}

/** The page may come from the browser's store: the date on any answer of the server is the time it has. */
async function askTheTime() {
  const left = Date.now();
  asked = left;
  try {
    const answer = await fetch(import.meta.url, { method: "HEAD", cache: "no-store" });
    const date = Date.parse(answer.headers.get("Date"));
    if (date) skew = date + 500 - (left + Date.now()) / 2;
  } catch {
    // No connection: the page keeps the time it had.
  }
}

if (clock) {
  askTheTime().finally(tick);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - asked > 300_000) askTheTime();
  });
}
