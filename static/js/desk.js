// The moderator's desk, made live. The page is complete without this.
import { cloned, fillQuestion, show, showConnection, showPresent, write } from "./cards.js";
import { Live } from "./live.js";
import { Outbox, newId } from "./outbox.js";
import { say } from "./words.js";

const desk = document.querySelector("[data-desk]");
const live = new Live(desk);
const outbox = new Outbox(live.session, (event, message) => live.send(event, message));
const COLUMN = { shortlisted: "visible", open_after: "visible" };

function columnOf(status) {
  return desk.querySelector(`[data-column="${COLUMN[status] ?? status}"]`);
}

function cardOf(id) {
  return desk.querySelector(`[data-question="${CSS.escape(id)}"]`);
}

function fill(card, item) {
  fillQuestion(card, item);
  card.id = `vraag-${item.id}`;
  card.dataset.question = item.id;
  show(card, "answer", Boolean(item.answer));
  for (const deed of card.querySelectorAll("[data-in]")) {
    deed.hidden = !deed.dataset.in.split(" ").includes(item.status);
  }
}

function made(item) {
  const card = cloned("#question-template");
  card.dataset.revision = "-1";
  for (const form of card.querySelectorAll("form")) {
    form.action = form.getAttribute("action") && `${desk.dataset.base}/${item.id}${form.getAttribute("action")}`;
  }
  // Labels point at fields by id; each card needs its own.
  for (const field of card.querySelectorAll("[id]")) field.id += item.id;
  for (const label of card.querySelectorAll("label[for]")) label.htmlFor += item.id;
  return card;
}

function apply({ items, whole }) {
  const seen = new Set();
  for (const item of items) {
    if (item.kind !== "question") continue;
    seen.add(item.id);
    let card = cardOf(item.id);
    const column = item.gone ? null : columnOf(item.status);
    if (!column) {
      card?.remove();
      continue;
    }
    if (card && item.revision < Number(card.dataset.revision)) continue;
    card ??= made(item);
    fill(card, item);
    const place = column.querySelector("[data-cards]");
    // At the end: what somebody is reading does not move. A card that is typed in stays where it is.
    if (card.parentElement !== place && !card.contains(document.activeElement)) place.append(card);
  }
  if (whole) {
    for (const card of desk.querySelectorAll("[data-question]")) if (!seen.has(card.dataset.question)) card.remove();
  }
  count();
}

function count() {
  for (const column of desk.querySelectorAll("[data-column]")) {
    const number = column.querySelectorAll("[data-question]").length;
    column.querySelector("[data-count]").textContent = number;
    column.querySelector("[data-none]").hidden = number > 0;
  }
}

desk.addEventListener("submit", (event) => {
  const form = event.target;
  event.preventDefault();
  const card = form.closest("[data-question]");
  const message = { op: newId(), question: card.dataset.question };
  for (const name of ["text", "reason", "note"]) {
    if (form.elements[name]) message[name] = form.elements[name].value;
  }
  write(card, "said", say("outbox.sending"));
  outbox.put(`question:${form.dataset.deed}`, message, `${form.dataset.deed}:${message.question}`);
});

outbox.addEventListener("waiting", ({ detail }) => {
  const card = cardOf(detail.message.question);
  if (card) write(card, "said", say("outbox.waiting"));
});
outbox.addEventListener("received", ({ detail }) => {
  const card = cardOf(detail.message.question);
  if (card) {
    write(card, "said", "");
    for (const open of card.querySelectorAll("details[open]")) open.open = false;
    if (card.contains(document.activeElement)) card.focus();
    document.activeElement?.blur();
  }
  apply({ items: [detail.answer.question], whole: false });
  cardOf(detail.message.question)?.focus({ preventScroll: true });
});
outbox.addEventListener("refused", ({ detail }) => {
  const error = detail.answer.error;
  const card = cardOf(detail.message.question);
  const why = Object.values(error.fields ?? {}).flat().join(" ") || error.message;
  // Two moderators at once: whoever was second hears who was first.
  if (card) write(card, "said", error.by ? `${say("desk.was_first", error.by)} ${why}` : why);
});
outbox.addEventListener("old", ({ detail }) => outbox.forget(detail));

live.addEventListener("items", ({ detail }) => apply(detail));
live.addEventListener("present", ({ detail }) => showPresent(detail.present));
live.addEventListener("status", ({ detail }) => {
  showConnection(detail);
  if (detail.status === "live" || detail.status === "detour") outbox.flush();
});
live.start();
outbox.open();
desk.dataset.script = "ready";
