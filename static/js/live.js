// The one connection of a page to its live room. State, not events: whoever missed a message asks
// what changed since the revision they know, and is right again.
import { io } from "../vendor/socket.io.esm.min.js";

const ACK_MS = 4000;
const BEAT_MS = 30000;
const DETOUR_MS = 4000;
const DETOUR_AFTER_MS = 6000;

/** The server did not answer in time, or there is no way to it now. Send the same thing again. */
export class Away extends Error {}

export class Live extends EventTarget {
  /** `place` is the element that carries the room's data attributes. */
  constructor(place) {
    super();
    this.session = place.dataset.session;
    this.epoch = place.dataset.epoch;
    this.revision = Number(place.dataset.revision);
    this.stateUrl = place.dataset.stateUrl;
    this.opUrl = place.dataset.opUrl;
    this.csrf = place.dataset.csrf;
    this.entered = false;
    this.early = [];
    this.status = "connecting";
  }

  start() {
    const token = document.querySelector('meta[name="live-token"]').content;
    this.socket = io("/live", {
      transports: ["websocket"],
      auth: { token },
      reconnectionDelay: 500,
      reconnectionDelayMax: 10000,
      randomizationFactor: 0.9, // after a restart not everybody at once
      retries: 0, // our own outbox resends; a second one would only confuse
    });
    this.socket.on("connect", () => this.#enter());
    this.socket.on("disconnect", () => this.#away());
    this.socket.on("connect_error", (error) => this.#failed(error));
    this.socket.on("session:changes", (message) => this.#changes(message));
    this.socket.on("session:mine", (message) => this.#tell("mine", { questions: message.items }));
    this.socket.on("session:tick", (message) => this.#tick(message));
    this.socket.on("rights:changed", (message) => this.#tell("rights", message));
    setInterval(() => this.#beat(), BEAT_MS);
    setTimeout(() => this.entered || this.#detour(), DETOUR_AFTER_MS);
    addEventListener("online", () => this.socket.connect());
    document.addEventListener("visibilitychange", () => document.hidden || this.#catchUp());
  }

  /** Send one deed and give back its acknowledgement. Throws Away when nobody answered. */
  async send(event, message) {
    const full = { session: this.session, ...message };
    if (this.entered) {
      try {
        return await this.socket.timeout(ACK_MS).emitWithAck(event, full);
      } catch {
        throw new Away();
      }
    }
    if (this.status === "detour") return this.#post(event, full);
    throw new Away();
  }

  async #enter() {
    try {
      const answer = await this.socket.timeout(ACK_MS).emitWithAck("session:enter", { session: this.session });
      if (!answer.ok) return this.#tell("refused", answer.error);
      this.#whole(answer, answer.revision);
      this.entered = true;
      this.#say("live");
      for (const message of this.early.splice(0)) this.#changes(message);
    } catch {
      this.socket.disconnect().connect();
    }
  }

  #away() {
    this.entered = false;
    this.#say("away");
  }

  #failed(error) {
    if (error.data?.code === "house.not_allowed") return this.#say("out");
    this.entered = false;
    if (this.status !== "detour") this.#say("away");
    this.failures = (this.failures ?? 0) + 1;
    if (this.failures >= 2) this.#detour();
  }

  #changes(message) {
    if (message.session !== this.session) return;
    if (!this.entered) return void this.early.push(message);
    if (message.epoch !== this.epoch || message.from > this.revision) return void this.#catchUp();
    this.revision = Math.max(this.revision, message.to);
    this.#tell("items", { items: message.items, whole: false });
  }

  #tick(message) {
    if (message.session !== this.session) return;
    this.#tell("present", { present: message.present });
    if (this.entered && (message.epoch !== this.epoch || message.to > this.revision)) this.#catchUp();
  }

  async #catchUp() {
    if (!this.entered || this.catching) return;
    this.catching = true;
    try {
      const answer = await this.socket
        .timeout(ACK_MS)
        .emitWithAck("session:sync", { session: this.session, since: this.revision });
      if (!answer.ok) return;
      if (answer.epoch !== this.epoch) return void (await this.#enter());
      this.revision = Math.max(this.revision, answer.to);
      this.#tell("items", { items: answer.items, whole: false });
      this.#tell("mine", answer.mine);
    } catch {
      // The next tick, or the next connection, asks again.
    } finally {
      this.catching = false;
    }
  }

  #whole(answer, revision) {
    this.epoch = answer.epoch;
    this.revision = revision;
    this.#tell("items", { items: answer.items, whole: true });
    this.#tell("mine", answer.mine);
    this.#tell("present", { present: answer.present });
  }

  async #beat() {
    if (this.entered) this.socket.timeout(ACK_MS).emitWithAck("session:beat", { session: this.session }).catch(() => {});
  }

  // Where a network lets no WebSocket through, the same state comes by asking for it.
  async #detour() {
    if (this.detouring) return;
    this.detouring = true;
    while (!this.entered) {
      try {
        const answer = await this.#ask();
        if (answer?.ok) {
          if (answer.from === 0) this.#whole(answer, answer.to);
          else {
            this.revision = Math.max(this.revision, answer.to);
            this.#tell("items", { items: answer.items, whole: false });
            this.#tell("mine", answer.mine);
            this.#tell("present", { present: answer.present });
          }
          this.#say("detour");
        }
      } catch {
        this.#say("away");
      }
      await new Promise((later) => setTimeout(later, DETOUR_MS));
    }
    this.detouring = false;
    this.failures = 0;
  }

  async #ask() {
    const response = await fetch(`${this.stateUrl}?since=${this.revision}&epoch=${this.epoch}`, {
      headers: { Accept: "application/json" },
    });
    // A captive portal answers 200 with a page of its own: that is being away, not being right.
    if (!response.headers.get("content-type")?.startsWith("application/json")) throw new Away();
    return response.json();
  }

  async #post(event, message) {
    let response;
    try {
      response = await fetch(this.opUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrf },
        body: JSON.stringify({ event, message }),
      });
    } catch {
      throw new Away();
    }
    if (!response.headers.get("content-type")?.startsWith("application/json")) throw new Away();
    return response.json();
  }

  #say(status) {
    if (status === this.status) return;
    const before = this.status;
    this.status = status;
    this.#tell("status", { status, before });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
