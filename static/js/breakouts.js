// The tables of a session, in its live room: whether there is a round, and where one sits.
import { serverNow } from "./server_clock.js";

const LOOK_MS = 5000;

/**
 * @typedef {{kind: string, revision: number, number: number, ends_at?: string, ended?: boolean}} Round
 * @typedef {{kind: string, revision: number, round: number, table: number | null}} Seat
 */

export class Tables {
  /** @param {HTMLElement | null} box where it is said; in an archive it is missing */
  constructor(box) {
    this.box = box;
    /** @type {Round | null} */
    this.round = null;
    /** @type {Seat | null} */
    this.seat = null;
    if (!box) return;
    const { round, endsAt } = box.dataset;
    const table = Number(box.querySelector("b")?.textContent);
    if (round) this.round = { kind: "breakout_round", revision: -1, number: Number(round), ends_at: endsAt };
    if (round && table) this.seat = { kind: "breakout_seat", revision: -1, round: Number(round), table };
    setInterval(() => this.#draw(), LOOK_MS);
  }

  /** @param {{items: object[]}} changes */
  apply({ items }) {
    for (const item of /** @type {Round[]} */ (items)) {
      if (item.kind !== "breakout_round" || item.revision < (this.round?.revision ?? -1)) continue;
      this.round = item;
      this.#draw();
    }
  }

  /** @param {Seat | undefined} seat absent where nothing of it changed */
  mine(seat) {
    if (!seat || (this.seat?.round === seat.round && seat.revision < this.seat.revision)) return;
    this.seat = seat;
    this.#draw();
  }

  #draw() {
    const { box, round, seat } = this;
    if (!box || !round) return;
    const phase = /** @type {HTMLElement | null} */ (box.closest("[data-room]"))?.dataset.phase ?? "";
    const isOn = round.number > 0 && !round.ended && !["ended", "cancelled"].includes(phase) && Date.parse(round.ends_at ?? "") > serverNow();
    const table = isOn && seat?.round === round.number ? seat.table : null;
    const shows = { soon: round.number === 0, on: isOn, mine: table !== null };
    box.hidden = !shows.soon && !isOn;
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("[data-in]"))) part.hidden = !shows[part.dataset.in ?? ""];
    const number = box.querySelector("b");
    if (number && table !== null) number.textContent = String(table);
  }
}

/**
 * The tables that ask for help, at a desk. Returns what takes the changes.
 *
 * @param {HTMLElement} line
 */
export function followCalls(line) {
  const calling = new Set((line.dataset.tableCalls ?? "").split(" ").filter(Boolean).map(Number));
  /** @param {{kind: string, table?: number, calls?: boolean, revision: number}[]} items @param {boolean} [whole] */
  return (items, whole) => {
    const isNew = whole || items.some((item) => item.kind === "breakout_round");
    const calls = items.filter((item) => item.kind === "breakout_call");
    if (!isNew && !calls.length) return;
    if (isNew) calling.clear(); // another round has other tables
    for (const item of calls) calling[item.calls ? "add" : "delete"](Number(item.table));
    line.hidden = calling.size === 0;
    const there = line.querySelector('[data-part="tables"]');
    if (there) there.textContent = [...calling].sort((one, other) => one - other).join(", ");
  };
}
