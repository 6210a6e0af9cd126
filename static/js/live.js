// Connection of a page to its live room. State-based: after a missed message it asks what changed since the
// revision it knows, and is consistent again.
import { io } from "../vendor/socket.io.esm.min.js";
import { LOGGED_OUT } from "./words.js";

const ACK_MS = 4000;
const BEAT_MS = 30000;
const PATIENCE_MOST_MS = 30000;
const SILENCE_MS = 12000; // a tick is due every 5 seconds
const SILENCE_MOST_MS = 180000;
const DETOUR_MS = 4000;
const DETOUR_AFTER_MS = 6000;
const FETCH_MS = 10000;
const FAILURES_BEFORE_DETOUR = 2;

/**
 * @typedef {{code: string, message: string, retry_after?: number, fields?: Record<string, string[]>}} Refusal
 * @typedef {any} Answer the acknowledgement of an event: {ok: true, …} or {ok: false, error: Refusal}
 *
 * @typedef {object} State what the room is like, whole (`from` is 0) or since a revision
 * @property {string} epoch
 * @property {number} from
 * @property {number} to
 * @property {object[]} items
 * @property {{questions?: object[]}} [mine] absent where nothing of it changed
 * @property {string} [audience]
 * @property {number} present
 *
 * @typedef {{session: string, epoch: string, from: number, to: number, items: object[]}} Changes
 * @typedef {{session: string, epoch: string, to: number, present: number, room?: object}} Tick
 * @typedef {{session: string, items: object[]}} Message
 * @typedef {Error & {data?: {code?: string}}} Refused a connection that the server did not accept
 * @typedef {"connecting" | "live" | "away" | "detour" | "out"} Status
 */

/**
 * One's own items, by what they are about.
 *
 * @param {any[]} items
 */
function own(items) {
  const seat = items.find((item) => item.kind === "breakout_seat");
  return { questions: items.filter((item) => item !== seat), ...(seat && { seat }) };
}

/** The server did not answer in time, or there is no way to it now. Send the same thing again. */
export class Away extends Error {}

/**
 * Tells `items` ({items, whole}), `mine`, `present`, `room` ({phase, starts_at, ends_at}), `anew` and `status` ({status, before, text}), where status
 * is connecting, live, away, detour (by asking, where no WebSocket gets through) or out (logged out).
 */
export class Live extends EventTarget {
  /** @param {HTMLElement} place the element that carries the room's data attributes */
  constructor(place) {
    super();
    this.session = place.dataset.session;
    this.epoch = place.dataset.epoch;
    this.revision = Number(place.dataset.revision);
    this.known = place.dataset.known === "yes";
    this.stateUrl = place.dataset.stateUrl ?? "";
    this.opUrl = place.dataset.opUrl ?? "";
    this.csrf = place.dataset.csrf ?? "";
    this.entered = false;
    /** @type {Changes[]} */
    this.early = [];
    this.failures = 0;
    this.unanswered = 0; // questions of ours in a row: so much longer the next one waits
    this.notBefore = 0;
    this.status = "connecting";
  }

  start() {
    const token = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="live-token"]')).content;
    this.socket = io("/live", {
      transports: ["websocket"],
      auth: { token },
      reconnectionDelay: 500,
      reconnectionDelayMax: 10000,
      randomizationFactor: 0.9, // after a restart not everybody at once
      retries: 0, // our own outbox resends; a second one would only confuse
    });
    this.socket.on("connect", () => this.#enter());
    this.socket.on("disconnect", (/** @type {string} */ reason) => this.#away(reason));
    this.socket.on("connect_error", (/** @type {Refused} */ error) => this.#failed(error));
    this.socket.on("session:changes", (/** @type {Changes} */ message) => this.#changes(message));
    this.socket.on("session:mine", (/** @type {Message} */ message) => message.session === this.session && this.#tell("mine", own(message.items ?? [])));
    this.socket.on("session:tick", (/** @type {Tick} */ message) => this.#tick(message));
    this.socket.on("session:reactions", (/** @type {Message} */ message) => message.session === this.session && this.#tell("reactions", message));
    this.socket.on("rights:changed", () => this.#enter()); // another audience: a new snapshot
    setInterval(() => this.#beat(), BEAT_MS);
    this.socket.onAny(() => this.#heard());
    setTimeout(() => this.entered || this.#detour(), DETOUR_AFTER_MS);
    addEventListener("online", () => this.socket.connect());
    document.addEventListener("visibilitychange", () => document.hidden || this.catchUp());
  }

  /**
   * Send one deed and give back its acknowledgement. Throws Away when nobody answered.
   *
   * @param {string} event
   * @param {object} message
   * @returns {Promise<Answer>}
   */
  async send(event, message) {
    const full = { session: this.session, ...message };
    // Nobody answers who is not let in any more: that is no waiting for a connection.
    if (this.status === "out" && !this.whyOut) return { ok: false, error: { code: LOGGED_OUT, message: "" } };
    if (this.entered) {
      const answer = await this.#ask(event, full);
      if (answer.error?.code === "live.not_entered") this.#enter();
      return answer;
    }
    if (this.status === "detour") return this.#post(event, full);
    throw new Away();
  }

  /**
   * @param {string} event
   * @param {object} message
   * @returns {Promise<Answer>}
   */
  async #ask(event, message, patience = ACK_MS) {
    try {
      const answer = await this.socket.timeout(patience).emitWithAck(event, message);
      this.unanswered = 0;
      this.#heard(); // any answer is a sign of life
      return answer;
    } catch {
      throw new Away();
    }
  }

  async #enter() {
    this.entered = false;
    let answer;
    try {
      // Who gives up too soon on a busy server only makes it busier.
      answer = await this.#ask("session:enter", { session: this.session }, Math.min(ACK_MS * 2 ** this.unanswered, PATIENCE_MOST_MS));
    } catch {
      this.unanswered += 1;
      this.socket.disconnect();
      return void setTimeout(() => this.socket.connect(), spread(500 * 2 ** Math.min(this.unanswered, 5)));
    }
    if (!answer.ok) return this.#refused(answer.error);
    this.notBefore = 0;
    this.#whole(answer, answer.revision);
    this.entered = true;
    this.failures = 0;
    this.#heard();
    this.#say(this.#isOut(answer) ? "out" : "live");
    for (const message of this.early.splice(0)) this.#changes(message);
  }

  /** @param {Refusal} error */
  #refused(error) {
    if (isFinal(error.code)) return void this.#say("out", error.message);
    setTimeout(() => this.socket.connected && !this.entered && this.#enter(), ACK_MS * (0.5 + Math.random()));
  }

  /**
   * The page was made for somebody, and the server sees nobody: logged out, here or elsewhere.
   *
   * @param {Answer} answer
   */
  #isOut(answer) {
    return this.known && !answer.mine.questions;
  }

  /** @param {string} reason */
  #away(reason) {
    this.entered = false;
    this.early = [];
    this.#say("away");
    // The library comes back by itself, except when the server closed the door.
    if (reason === "io server disconnect") setTimeout(() => this.socket.connect(), 500 + 2000 * Math.random());
  }

  /** @param {Refused} error */
  #failed(error) {
    this.entered = false;
    if (error.data?.code === "house.not_allowed") return void this.#say("out");
    if (this.status !== "detour") this.#say("away");
    this.failures += 1;
    if (this.failures >= FAILURES_BEFORE_DETOUR) this.#detour();
  }

  /** @param {Changes} message */
  #changes(message) {
    if (message.session !== this.session) return;
    if (!this.entered) return void this.early.push(message);
    if (message.epoch !== this.epoch || message.from > this.revision) return void this.catchUp();
    this.revision = Math.max(this.revision, message.to);
    this.#tell("items", { items: message.items, whole: false });
  }

  /** @param {Tick} message */
  #tick(message) {
    if (message.session !== this.session) return;
    this.#tell("present", { present: message.present });
    if (message.room) this.#tell("room", message.room);
    if (this.entered && (message.epoch !== this.epoch || message.to > this.revision)) this.catchUp();
  }

  /**
   * The server speaks. When it falls silent and the connection does not break, ask: not everybody in the
   * same second, and less and less often while nobody answers (exponential backoff with jitter).
   */
  #heard() {
    clearTimeout(this.silence);
    const least = Math.min(SILENCE_MS * 2 ** this.unanswered, SILENCE_MOST_MS);
    this.silence = setTimeout(() => {
      this.catchUp(false);
      this.#heard();
    }, least + Math.random() * least);
  }

  /** Ask what changed since the revision this page knows, and, with `mine`, what is one's own. */
  async catchUp(mine = true) {
    if (!this.entered || this.catching || Date.now() < this.notBefore) return;
    this.catching = true;
    try {
      const answer = await this.#ask("session:sync", { session: this.session, since: this.revision, epoch: this.epoch, mine });
      if (!answer.ok) return void (answer.error.code === "live.not_entered" && this.#enter());
      if (answer.epoch !== this.epoch) return void (await this.#enter());
      this.#since(answer);
    } catch {
      // The next tick, or the next connection, asks again: not each tick while nobody answers.
      this.unanswered += 1;
      this.notBefore = Date.now() + spread(Math.min(ACK_MS * 2 ** this.unanswered, SILENCE_MOST_MS));
    } finally {
      this.catching = false;
    }
  }

  /** @param {State} answer */
  #since(answer) {
    if (answer.from === 0) return this.#whole(answer, answer.to);
    this.revision = Math.max(this.revision, answer.to);
    this.#tell("items", { items: answer.items, whole: false, audience: answer.audience });
    if (answer.mine) this.#tell("mine", answer.mine); // absent: nothing of it changed
    this.#tell("present", { present: answer.present });
  }

  /**
   * @param {State} answer
   * @param {number} revision
   */
  #whole(answer, revision) {
    if (answer.epoch !== this.epoch) this.#anew();
    this.epoch = answer.epoch;
    this.revision = revision;
    this.#tell("items", { items: answer.items, whole: true, audience: answer.audience });
    this.#tell("mine", answer.mine);
    this.#tell("present", { present: answer.present });
  }

  /** The database was put back: no revision on this page means anything any more. */
  #anew() {
    for (const element of document.querySelectorAll("[data-revision]")) element.dataset.revision = "-1";
    this.#tell("anew", {});
  }

  #beat() {
    if (this.entered) this.#ask("session:beat", { session: this.session }).catch(() => {});
  }

  // Where a network lets no WebSocket through, the same state comes by asking for it.
  async #detour() {
    if (this.detouring) return;
    this.detouring = true;
    while (!this.entered) {
      try {
        const answer = await this.#fetched(`${this.stateUrl}?since=${this.revision}&epoch=${this.epoch}`);
        if (this.entered) break;
        if (answer.ok) {
          this.#since(answer);
          this.#tell("room", answer.room);
          this.#say(this.#isOut(answer) ? "out" : "detour");
        } else if (isFinal(answer.error.code)) {
          this.#say("out", answer.error.message);
        } else {
          this.#say("away");
        }
      } catch {
        if (!this.entered) this.#say("away");
      }
      await new Promise((later) => setTimeout(later, DETOUR_MS * (0.75 + Math.random() / 2)));
    }
    this.detouring = false;
  }

  /**
   * @param {string} event
   * @param {object} message
   */
  #post(event, message) {
    return this.#fetched(this.opUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf },
      body: JSON.stringify({ event, message }),
    });
  }

  /**
   * @param {string} url
   * @param {RequestInit} how
   */
  async #fetched(url, how = { headers: { Accept: "application/json" } }) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), FETCH_MS);
    try {
      const response = await fetch(url, { ...how, signal: patience.signal });
      // A captive portal answers 200 with a page of its own: that is being away, not being right.
      if (!response.headers.get("content-type")?.startsWith("application/json")) throw new Away();
      return await response.json();
    } catch {
      throw new Away();
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {Status} status
   * @param {string} [text]
   */
  #say(status, text) {
    if (status === this.status) return;
    const before = this.status;
    this.status = status;
    this.whyOut = text; // without words: logged out
    this.#tell("status", { status, before, text });
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/**
 * Half of it, or all of it, or anything between.
 *
 * @param {number} milliseconds
 */
function spread(milliseconds) {
  return milliseconds * (0.5 + Math.random() / 2);
}

/**
 * Whether asking again would be refused again: the room is closed, gone, or not for this person.
 *
 * @param {string} code
 */
function isFinal(code) {
  return code.startsWith("programme.") || ["house.not_found", "house.not_allowed", "house.login_needed"].includes(code);
}
