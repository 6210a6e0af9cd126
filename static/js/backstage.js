// Backstage messages between moderators, live.
import { cloned, write } from "./cards.js";
import { newId, whyNot } from "./outbox.js";
import { say, waiting } from "./words.js";

export class Backstage {
  constructor(box, outbox) {
    this.box = box;
    this.outbox = outbox;
    this.list = box.querySelector("[data-lines]");
    this.form = box.querySelector("form");
    this.fresh = new Set();
    this.said = box.querySelector("[data-said]");
    this.form.addEventListener("submit", (event) => this.#submit(event));
    for (const name of ["waiting", "received", "refused"]) {
      outbox.addEventListener(name, ({ detail }) => detail.event === "backstage:say" && this.#tell(name, detail));
    }
  }

  apply({ items }) {
    for (const item of items) if (item.kind === "backstage") this.#put(item);
  }

  /** Whether somebody else said this since the page was made. */
  isNew(item) {
    return this.fresh.has(item.id);
  }

  #put(item) {
    if (this.list.querySelector(`[data-line="${CSS.escape(item.id)}"]`)) return;
    const line = cloned("#backstage-template");
    line.dataset.line = item.id;
    line.dataset.revision = item.revision;
    write(line, "by", item.by);
    write(line, "text", item.text);
    this.list.append(line);
    this.fresh.add(item.id);
  }

  #submit(event) {
    event.preventDefault();
    const text = this.form.elements.text.value;
    if (!text.trim() || this.pending) return;
    this.pending = newId();
    this.outbox.put("backstage:say", { op: this.pending, text });
  }

  #tell(state, { op, answer, why }) {
    const isOurs = op === this.pending;
    if (state === "waiting") return void (this.said.textContent = waiting({ why }));
    if (state === "received") {
      this.#put(answer.line);
      this.fresh.delete(answer.line.id);
      if (isOurs) this.form.elements.text.value = "";
      this.said.textContent = "";
    } else {
      this.said.textContent = `${say("outbox.refused")} ${whyNot(answer)}`;
    }
    if (isOurs) this.pending = null;
  }
}
