// The phase of a session by the server's time, for an open page: it opens, begins and ends by itself, without asking
// the server. What the page shows then was printed with it.
import { askTheTime, keepTheTime, serverNow, startFrom } from "./server_clock.js";
import { say } from "./words.js";

const LOBBY_MS = 600_000;
const MINUTE_MS = 60_000;
const LONGEST_MS = 15_000; // a timer of long ago fires late on a phone that slept

/**
 * @typedef {import("./room_state.js").Room} Room
 *
 * @param {number} now
 * @param {number} start
 * @param {number} end
 */
export function phaseAt(now, start, end) {
  if (now >= end) return "ended";
  if (now >= start) return "live";
  return now >= start - LOBBY_MS ? "lobby" : "before";
}

/** Tells `room` ({phase, starts_at, ends_at}) when its session begins, ends, moves or is called off. */
export class RoomClock extends EventTarget {
  /** @param {HTMLElement} room the element with the moments, as they were when the page was made */
  constructor(room) {
    super();
    const { phase, startsAt, endsAt, now } = room.dataset;
    startFrom(Number(now));
    /** @type {Room} */
    this.room = { phase, starts_at: startsAt, ends_at: endsAt };
    this.told = JSON.stringify(this.room);
    this.left = document.querySelector("[data-left]");
    this.line = document.querySelector("[data-time]");
  }

  start() {
    document.addEventListener("visibilitychange", () => document.hidden || this.tick());
    askTheTime().then(() => this.tick());
    this.tick();
  }

  /**
   * What the server says of the room: it may have moved, or be called off.
   *
   * @param {Room} room
   */
  heard(room) {
    this.room = { ...room };
    this.tick();
  }

  tick() {
    clearTimeout(this.timer);
    keepTheTime()?.then(() => this.tick());
    const now = serverNow();
    const [start, end] = [Date.parse(this.room.starts_at), Date.parse(this.room.ends_at)];
    if (this.room.phase !== "cancelled") this.room.phase = phaseAt(now, start, end);
    this.#draw(now, start, end);
    const told = JSON.stringify(this.room);
    if (told !== this.told) {
      this.told = told;
      this.dispatchEvent(new CustomEvent("room", { detail: { ...this.room } }));
    }
    const moments = [start - LOBBY_MS, start, end].filter((moment) => moment > now);
    this.timer = setTimeout(() => this.tick(), Math.min(LONGEST_MS, ...moments.map((moment) => moment - now)) + 10);
  }

  #draw(now, start, end) {
    const minutes = Math.ceil(((now < start ? start : end) - now) / MINUTE_MS);
    const words = minutes > 90 ? "" : minutes === 1 ? say("left.one") : say("left.many", minutes);
    if (this.left && words && now < end) this.left.textContent = words;
    this.line?.setAttribute("width", String(Math.round(1000 * Math.max(0, Math.min(1, (end - now) / (end - start)))) / 10));
  }
}
