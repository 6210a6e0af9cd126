// Status of the session while its page is open: over, cancelled, moved. Without a reload, so typed text
// stays.
import { announce } from "./ui.js";

/** @typedef {{phase: string, starts_at: string, ends_at: string}} Room */

/**
 * Keep the line on top of the page true, by what `live` tells of the room.
 *
 * @param {EventTarget} live
 */
export function followRoom(live) {
  const line = document.querySelector("[data-room-state]");
  if (!line) return;
  live.addEventListener("room", ({ detail }) => show(line, which(line.dataset, detail), detail));
}

/**
 * Which of the lines holds now, for a page that was made when it stood there otherwise.
 *
 * @param {DOMStringMap} page
 * @param {Room} room
 */
function which({ phase, startsAt, endsAt }, room) {
  if (room.phase === "cancelled") return phase === "cancelled" ? "" : "cancelled";
  if (room.phase === "ended") return phase === "ended" ? "" : "ended";
  if (Date.parse(room.starts_at) !== Date.parse(startsAt ?? "")) return "moved";
  return Date.parse(room.ends_at) === Date.parse(endsAt ?? "") ? "" : "longer";
}

/**
 * @param {HTMLElement} line
 * @param {string} state
 * @param {Room} room
 */
function show(line, state, { starts_at: startsAt, ends_at: endsAt }) {
  const told = `${state} ${{ moved: startsAt, longer: endsAt }[state] ?? ""}`;
  if (line.dataset.told === told) return;
  line.dataset.told = told;
  for (const each of line.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== state;
  const when = /** @type {HTMLElement} */ (line.querySelector("[data-starts]"));
  when.textContent = new Date(startsAt).toLocaleString(document.documentElement.lang, {
    weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: line.dataset.zone,
  });
  const ends = /** @type {HTMLElement} */ (line.querySelector("[data-ends]"));
  ends.textContent = new Date(endsAt).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: line.dataset.zone });
  line.hidden = !state;
  const said = line.querySelector(`[data-when="${state}"]`)?.textContent;
  if (state && said) announce(said.replace(/\s+/g, " ").trim());
}
