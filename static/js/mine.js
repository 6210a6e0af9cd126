// One's own questions and their status, live.
import { cloned, fillQuestion, part, show, write } from "./cards.js";
import { newId, whyNot } from "./outbox.js";
import { drawTimeline } from "./timeline.js";
import { announce } from "./ui.js";
import { say } from "./words.js";

export class Mine {
  constructor(room, outbox) {
    this.room = room;
    this.outbox = outbox;
    this.box = room.querySelector("[data-mine]");
    this.list = room.querySelector("[data-mine-list]");
    this.summary = room.querySelector("[data-mine-status]");
    this.list.addEventListener("submit", (event) => this.#withdraw(event));
  }

  /** Whether one of these changed items was asked here; it may stand under a pseudonym of another room. */
  concerns(items) {
    return items.some((item) => item.kind === "question" && this.#line(item.id));
  }

  apply(questions) {
    for (const item of questions) {
      const line = this.#line(item.id) ?? this.#added(item.id);
      if (item.revision < Number(line.dataset.revision)) continue;
      const status = part(line, "status");
      const before = status.textContent;
      const isNew = line.dataset.revision === "-1";
      fillQuestion(line, item);
      const standing = say(`standing.${item.timeline.standing}`);
      status.textContent = status.dataset.said = standing;
      status.dataset.tone = item.timeline.tone;
      drawTimeline(part(line, "timeline"), item.timeline.steps);
      show(line, "answer", Boolean(item.answer));
      const name = part(line, "name-box");
      if (item.name_hidden && name.hidden) announce(name.textContent);
      name.hidden = !item.name_hidden;
      if (item.own_words && part(line, "own-words-box").hidden) announce(part(line, "own-words-box").textContent);
      write(line, "own-words", item.own_words ?? "");
      show(line, "own-words-box", Boolean(item.own_words));
      this.#went(line, item);
      show(line, "withdraw", ["waiting", "visible"].includes(item.status));
      if (isNew || before !== standing || !this.summary.textContent) this.summary.textContent = standing;
      if (!isNew && before !== standing) announce(`${item.text.slice(0, 60)}: ${standing}`);
    }
  }

  /** Where a question went that is no longer a card of its own, and the link to find it by. */
  #went(line, item) {
    show(line, "merged-box", Boolean(item.merged_into));
    show(line, "moved-box", Boolean(item.moved_to));
    write(line, "merged", item.merged_into?.text ?? "");
    write(line, "moved", item.moved_to?.title ?? "");
    if (item.merged_into) part(line, "merged").href = `#vraag-${item.merged_into.id}`;
    if (item.moved_to) part(line, "moved").href = `/sessies/${item.moved_to.slug}/live`;
    show(line, "contest-box", item.status === "hidden");
    if (item.way_back) {
      part(line, "way-back").href = item.way_back;
      part(line, "contest").href = `${item.way_back}/bezwaar`;
      part(line, "slip").href = `${item.way_back}/briefje`;
      write(line, "number", item.way_back_number.replace(/^(\d{3})(\d{3})/, "$1 $2 "));
    }
  }

  /** A question that was refused while no form could take its text back: it stays readable here. */
  keep({ message, answer }) {
    const line = this.#line(message.id) ?? this.#added(message.id);
    write(line, "text", message.text);
    write(line, "status", `${say("outbox.refused")} ${whyNot(answer)}`);
    show(line, "withdraw", false);
  }

  refused({ message, answer }) {
    const line = this.#line(message.question);
    const status = line && part(line, "status");
    if (status) {
      status.dataset.said ??= status.textContent;
      status.textContent = `${status.dataset.said}. ${say("outbox.refused")} ${whyNot(answer)}`;
    }
    announce(`${say("outbox.refused")} ${whyNot(answer)}`);
  }

  #line(id) {
    return this.list.querySelector(`[data-own="${CSS.escape(id)}"]`);
  }

  #added(id) {
    const line = cloned("#own-template");
    line.dataset.own = id;
    line.dataset.revision = "-1";
    line.querySelector("form").action = `${this.room.dataset.base}/${id}/intrekken`;
    this.list.prepend(line);
    this.box.hidden = false;
    this.box.open = true; // somebody just asked it here
    this.summary.textContent = "";
    return line;
  }

  #withdraw(event) {
    event.preventDefault();
    const id = event.target.closest("[data-own]").dataset.own;
    this.outbox.put("question:withdraw", { op: newId(), question: id }, `withdraw:${id}`);
  }
}
