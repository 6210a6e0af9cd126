// What somebody sent stays here until the server said that it has it. It survives a closed tab.
import { Away } from "./live.js";

const OLD_MS = 10 * 60 * 1000;
const WAIT_LEAST_MS = 500;
const WAIT_MOST_MS = 10000;

/** A new id for a deed: sending the same deed twice does it once. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Deeds of one room in the order in which they were done; one under way at a time. */
export class Outbox extends EventTarget {
  constructor(session, send) {
    super();
    this.session = session;
    this.send = send;
    this.entries = [];
    this.running = false;
    this.wait = WAIT_LEAST_MS;
  }

  /** Find what an earlier tab could not send. What is old is asked about first. */
  async open() {
    this.store = await openStore();
    const kept = (await this.store.all()).filter((entry) => entry.session === this.session);
    kept.sort((one, other) => one.at - other.at);
    for (const entry of kept) {
      if (Date.now() - entry.at > OLD_MS) this.#tell("old", entry);
      else this.entries.push(entry);
    }
    if (this.entries.length) this.flush();
  }

  /** Do `event`. The same `key` replaces a wish that is still waiting. */
  async put(event, message, key) {
    const entry = { op: message.op, event, message, key, session: this.session, at: Date.now(), state: "waiting" };
    if (key) {
      const index = this.entries.findIndex((other) => other.key === key && other.state === "waiting");
      if (index >= 0) await this.store?.remove(this.entries.splice(index, 1)[0].op);
    }
    this.entries.push(entry);
    await this.store?.put(entry);
    this.flush();
    return entry;
  }

  async forget(entry) {
    await this.store?.remove(entry.op);
  }

  async again(entry) {
    entry.at = Date.now();
    await this.store?.put(entry);
    this.entries.push(entry);
    this.flush();
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
      let answer;
      try {
        answer = await this.send(entry.event, entry.message);
      } catch (error) {
        if (!(error instanceof Away)) console.error(error);
      }
      if (!answer || (!answer.ok && ["live.try_again", "live.not_entered", "live.slow_down"].includes(answer.error?.code))) {
        entry.state = "waiting";
        this.#tell("waiting", entry);
        this.#later(answer?.error?.retry_after);
        break;
      }
      this.wait = WAIT_LEAST_MS;
      this.entries.shift();
      await this.store?.remove(entry.op);
      this.#tell(answer.ok ? "received" : "refused", { ...entry, answer });
    }
    this.running = false;
  }

  #later(seconds) {
    const wait = seconds ? seconds * 1000 : this.wait * (0.5 + Math.random());
    this.wait = Math.min(this.wait * 2, WAIT_MOST_MS);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

// IndexedDB where there is one; a private window may have none, and then memory must do.
async function openStore() {
  const memory = new Map();
  const inMemory = {
    all: async () => [...memory.values()],
    put: async (entry) => void memory.set(entry.op, entry),
    remove: async (op) => void memory.delete(op),
  };
  try {
    const database = await promised(indexedDB.open("dagvandebuurt", 1), (request) => {
      request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "op" });
    });
    const table = (mode) => database.transaction("outbox", mode).objectStore("outbox");
    return {
      all: () => promised(table("readonly").getAll()),
      put: (entry) => promised(table("readwrite").put(structuredClone(entry))),
      remove: (op) => promised(table("readwrite").delete(op)),
    };
  } catch {
    return inMemory;
  }
}

function promised(request, prepare) {
  prepare?.(request);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
