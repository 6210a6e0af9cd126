// Outbox: operations are stored until the server acknowledged them. It survives a closed tab.
import { Away } from "./live.js";
import { LOGGED_OUT } from "./words.js";

const OLD_MS = 10 * 60 * 1000;
const WAIT_LEAST_MS = 500;
const WAIT_MOST_MS = 10000;
// Nothing was decided: the same deed may be sent again, perhaps after coming in again.
const UNDECIDED = ["live.try_again", "live.not_entered", "live.slow_down", "house.login_needed", "house.stale_form", "house.failed"];

/** A new id for a deed: sending the same deed twice does it once. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * @typedef {{code: string, message: string, fields?: Record<string, string[]>, retry_after?: number}} Refusal
 * @typedef {{ok: boolean, error?: Refusal}} Answer the acknowledgement of the server
 *
 * @typedef {object} Entry one deed
 * @property {string} op
 * @property {string} event
 * @property {{op: string, [name: string]: unknown}} message
 * @property {string} [key]
 * @property {string} session
 * @property {string} owner
 * @property {number} at
 * @property {"waiting" | "sending" | "unsure"} state
 * @property {string} [why] why it waits
 */

/**
 * Why something was refused, in the server's own sentences.
 *
 * @param {{error: Refusal}} answer
 */
export function whyNot(answer) {
  return Object.values(answer.error.fields ?? {}).flat().join(" ") || answer.error.message;
}

/**
 * The deeds of one person in one room, in the order in which they were done; one under way at a time.
 *
 * Tells `found` (kept from an earlier page), `old` (the same, but too old to send unasked), `sending`,
 * `waiting`, `received` and `refused`, each with the entry.
 */
export class Outbox extends EventTarget {
  /**
   * `owner` stands for who typed it: on a shared device nobody sends what another one typed.
   *
   * @param {string} session
   * @param {string} owner
   * @param {(event: string, message: Entry["message"]) => Promise<Answer>} send
   */
  constructor(session, owner, send) {
    super();
    this.session = session;
    this.owner = owner;
    this.send = send;
    /** @type {Entry[]} */
    this.entries = [];
    this.running = false;
    this.stuck = false; // the first of the entries did not get through
    this.wait = WAIT_LEAST_MS;
    this.store = openStore();
  }

  /** Find what an earlier page could not send. What is old is asked about first. */
  async open() {
    const kept = (await (await this.store).all()).filter(
      (entry) => entry.session === this.session && entry.owner === this.owner,
    );
    kept.sort((one, other) => one.at - other.at);
    for (const entry of kept) {
      if (this.entries.some((other) => other.op === entry.op)) continue;
      const isOld = Date.now() - entry.at > OLD_MS;
      if (!isOld) this.entries.push({ ...entry, state: "waiting" });
      this.#tell(isOld ? "old" : "found", entry);
    }
    if (this.entries.length) this.flush();
  }

  /**
   * Do `event`. A wish of the same `key` that was not sent yet is replaced.
   *
   * @param {string} event
   * @param {Entry["message"]} message
   * @param {string} [key]
   */
  async put(event, message, key) {
    /** @type {Entry} */
    const entry = {
      op: message.op, event, message, key, session: this.session, owner: this.owner, at: Date.now(), state: "waiting",
    };
    const replaced = this.entries.findIndex((other) => key && other.key === key && other.state === "waiting");
    if (replaced >= 0) this.forget(this.entries.splice(replaced, 1)[0]);
    this.entries.push(entry);
    if (this.stuck) this.#tell("waiting", entry);
    this.flush(); // not after storing it: a store that hangs would hold it up
    const store = await this.store;
    await store.put(entry);
  }

  /**
   * Let `change` adjust the messages of what was never sent yet.
   *
   * @param {(message: Entry["message"]) => void} change
   */
  async change(change) {
    const unsent = this.entries.filter((entry) => entry.state === "waiting");
    for (const entry of unsent) change(entry.message); // at once: the next one goes out in a moment
    const store = await this.store;
    for (const entry of unsent) if (this.entries.includes(entry)) await store.put(entry);
  }

  /** @param {Entry} entry */
  async forget(entry) {
    const store = await this.store;
    await store.remove(entry.op);
  }

  /** Send what waits, one after the other, until it is there. */
  async flush() {
    clearTimeout(this.timer);
    if (this.running) return;
    this.running = true;
    while (this.entries.length) {
      const entry = this.entries[0];
      entry.state = "sending";
      this.#tell("sending", entry);
      const answer = await this.#sent(entry);
      if (!answer || (!answer.ok && isUndecided(answer.error?.code))) {
        // What was sent may have arrived: it is never replaced any more, only sent again.
        entry.state = answer ? "waiting" : "unsure";
        this.stuck = true;
        for (const each of this.entries) { // what stands behind it waits as well
          each.why = answer?.error?.code;
          this.#tell("waiting", each);
        }
        if (answer?.error?.code === LOGGED_OUT) await this.#askFirst();
        else this.#later(answer?.error?.retry_after);
        break;
      }
      this.stuck = false;
      this.wait = WAIT_LEAST_MS;
      this.entries.shift();
      this.forget(entry);
      this.#tell(answer.ok ? "received" : "refused", { ...entry, answer });
    }
    this.running = false;
  }

  /** Who was logged out is asked, once they are in again, whether they still want what they sent. */
  async #askFirst() {
    const store = await this.store;
    for (const entry of this.entries) await store.put({ ...entry, at: 0 });
  }

  /** @param {Entry} entry */
  async #sent(entry) {
    try {
      return await this.send(entry.event, entry.message);
    } catch (error) {
      if (!(error instanceof Away)) console.error(error);
      return null;
    }
  }

  /** @param {number} [seconds] */
  #later(seconds) {
    const wait = seconds ? seconds * 1000 : Math.min(this.wait * (1 + Math.random()), WAIT_MOST_MS);
    this.wait = Math.min(this.wait * 2, WAIT_MOST_MS);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** @param {string | undefined} code */
function isUndecided(code) {
  return code === undefined || UNDECIDED.includes(code) || code.startsWith("http.");
}

// IndexedDB where there is one. A private window may have none, and a full phone may refuse: then
// memory must do, and what is typed still goes out while the page is open.
/** @returns {Promise<{all: () => Promise<Entry[]>, put: (entry: Entry) => Promise<unknown>, remove: (op: string) => Promise<unknown>}>} */
async function openStore() {
  /** @type {Map<string, Entry>} */
  const memory = new Map();
  /** @type {IDBDatabase | null} */
  let database = null;
  try {
    database = await promised(indexedDB.open("dagvandebuurt", 1), (request) => {
      request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "op" });
    });
  } catch {
    // No database: memory it is.
  }
  /**
   * @param {IDBTransactionMode} mode
   * @param {(table: IDBObjectStore) => IDBRequest} ask
   * @param {() => unknown} otherwise
   * @returns {Promise<any>}
   */
  const tried = async (mode, ask, otherwise) => {
    try {
      return await promised(ask(/** @type {IDBDatabase} */ (database).transaction("outbox", mode).objectStore("outbox")));
    } catch {
      return otherwise();
    }
  };
  return {
    all: () => tried("readonly", (table) => table.getAll(), () => [...memory.values()]),
    put: (entry) => tried("readwrite", (table) => table.put(entry), () => void memory.set(entry.op, entry)),
    remove: (op) => tried("readwrite", (table) => table.delete(op), () => void memory.delete(op)),
  };
}

/**
 * @template {IDBRequest} R
 * @param {R} request
 * @param {(request: R) => void} [prepare]
 * @returns {Promise<R["result"]>}
 */
function promised(request, prepare) {
  prepare?.(request);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
