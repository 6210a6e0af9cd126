// The session room, made live. The page is complete without this.
import { cloned, fillQuestion, show, showConnection, showPresent, write } from "./cards.js";
import { Live } from "./live.js";
import { Outbox, newId } from "./outbox.js";
import { byLine, say } from "./words.js";

const room = document.querySelector("[data-room]");
const list = room.querySelector("[data-questions]");
const newButton = room.querySelector("[data-new]");
const mineBox = room.querySelector("[data-mine]");
const mineList = room.querySelector("[data-mine-list]");
const onStage = room.querySelector("[data-onstage]");
const form = room.querySelector("[data-ask]");
const known = room.dataset.known === "yes";

const live = new Live(room);
const outbox = new Outbox(live.session, (event, message) => live.send(event, message));
const waiting = new Map(); // new questions, until the reader asks for them
const supported = new Set(
  [...list.querySelectorAll('[aria-pressed="true"]')].map((button) => button.closest("[data-question]").dataset.question),
);

// --- the list -----------------------------------------------------------------------------------

function cardOf(id) {
  return list.querySelector(`[data-question="${CSS.escape(id)}"]`);
}

function fillCard(card, item) {
  fillQuestion(card, item);
  card.id = `vraag-${item.id}`;
  card.dataset.question = item.id;
  card.classList.toggle("question--live", item.status === "live");
  show(card, "live", item.status === "live");
  show(card, "answer-box", Boolean(item.answer));
  card.querySelector("form").action = `${room.dataset.base}/${item.id}/steun`;
  drawSupport(card);
}

function drawSupport(card) {
  const button = card.querySelector(".support");
  const on = supported.has(card.dataset.question);
  button.setAttribute("aria-pressed", String(on));
  button.value = on ? "" : "1";
  button.disabled = !known || card.dataset.status === "answered";
  write(card, "support-word", say(on ? "support.on" : "support.off"));
}

function applyItems({ items, whole }) {
  const seen = new Set();
  for (const item of items) {
    if (item.kind !== "question") continue;
    seen.add(item.id);
    const card = cardOf(item.id);
    if (item.gone) {
      waiting.delete(item.id);
      if (card) takeAway(card);
    } else if (card) {
      if (item.revision >= Number(card.dataset.revision)) fillCard(card, item);
    } else if (!waiting.has(item.id) || waiting.get(item.id).revision < item.revision) {
      waiting.set(item.id, item);
    }
  }
  if (whole) {
    for (const card of list.querySelectorAll("[data-question]")) if (!seen.has(card.dataset.question)) takeAway(card);
    for (const id of [...waiting.keys()]) if (!seen.has(id)) waiting.delete(id);
  }
  drawNew();
  drawStage(items, whole);
}

function takeAway(card) {
  // Nothing jumps under a finger: the words go, their place stays until the page is loaded again.
  card.classList.add("question--gone");
  write(card, "text", "…");
  write(card, "by", "");
  write(card, "answer", "");
  show(card, "answer-box", false);
  card.querySelector(".support").disabled = true;
}

function drawNew() {
  newButton.hidden = waiting.size === 0;
  newButton.textContent = waiting.size === 1 ? say("new.one") : say("new.many", waiting.size);
  if (waiting.size) announce(newButton.textContent);
}

newButton.addEventListener("click", () => {
  const fresh = [...waiting.values()].sort((one, other) => other.support - one.support);
  waiting.clear();
  room.querySelector("[data-empty]").hidden = true;
  let first;
  for (const item of fresh.reverse()) {
    const card = cloned("#question-template");
    fillCard(card, item);
    list.prepend(card);
    first = card;
  }
  drawNew();
  first?.setAttribute("tabindex", "-1");
  first?.focus();
});

let stageId = null;

function drawStage(items, whole) {
  for (const item of items) {
    if (item.kind !== "question") continue;
    if (item.status === "live" && !item.gone) {
      stageId = item.id;
      onStage.hidden = false;
      write(onStage, "text", item.text);
      write(onStage, "by", byLine(item.by));
    } else if (item.id === stageId) {
      stageId = null;
    }
  }
  if (whole && !items.some((item) => item.status === "live")) stageId = null;
  if (stageId === null && (whole || items.some((item) => item.kind === "question"))) {
    onStage.hidden = !list.querySelector('[data-status="live"]');
  }
}

// --- support ------------------------------------------------------------------------------------

list.addEventListener("submit", (event) => {
  const card = event.target.closest("[data-question]");
  if (!card) return;
  event.preventDefault();
  const id = card.dataset.question;
  const on = !supported.has(id);
  on ? supported.add(id) : supported.delete(id);
  drawSupport(card);
  outbox.put("question:support", { op: newId(), question: id, on }, `support:${id}`);
});

// --- asking -------------------------------------------------------------------------------------

const said = form?.querySelector("[data-outbox]");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = form.elements.text.value;
  if (!text.trim()) return void showError(form.elements.text.validationMessage || "…");
  showError("");
  outbox.put(
    "question:ask",
    {
      op: form.elements.op.value,
      id: form.elements.id.value,
      kind: form.elements.kind.value,
      text,
      appear: form.elements.appear.value,
    },
    `ask:${form.elements.id.value}`,
  );
});

function showError(text) {
  const place = form.querySelector("[data-error]");
  place.hidden = !text;
  place.querySelector("[data-error-text]").textContent = text;
  form.elements.text.toggleAttribute("aria-invalid", Boolean(text));
  if (text) form.elements.text.focus();
}

function nextQuestion() {
  form.elements.op.value = newId();
  form.elements.id.value = newId();
}

function drawOutbox(state, text) {
  if (!said) return;
  said.dataset.state = state;
  said.textContent = text;
}

outbox.addEventListener("sending", ({ detail }) => {
  if (detail.event === "question:ask") drawOutbox("sending", say("outbox.sending"));
});
outbox.addEventListener("waiting", ({ detail }) => {
  if (detail.event === "question:ask") drawOutbox("waiting", say("outbox.waiting"));
});
outbox.addEventListener("received", ({ detail }) => {
  if (detail.event === "question:ask") {
    drawOutbox("received", say("outbox.received"));
    if (form && form.elements.text.value === detail.message.text) form.elements.text.value = "";
    if (form) nextQuestion();
    drawMine([detail.answer.question]);
  } else if (detail.event === "question:withdraw") {
    drawMine([detail.answer.question]);
  }
});
outbox.addEventListener("refused", ({ detail }) => {
  const error = detail.answer.error;
  const why = Object.values(error.fields ?? {}).flat().join(" ") || error.message;
  if (detail.event === "question:ask" && form) {
    drawOutbox("refused", "");
    showError(why);
    nextQuestion(); // what was refused is refused for ever: the next try is another deed
  } else {
    announce(`${say("outbox.refused")} ${why}`);
    if (detail.event === "question:support") {
      detail.message.on ? supported.delete(detail.message.question) : supported.add(detail.message.question);
      const card = cardOf(detail.message.question);
      if (card) drawSupport(card);
    }
  }
});
outbox.addEventListener("old", ({ detail }) => {
  if (detail.event !== "question:ask" || !form) return void outbox.forget(detail);
  // Typed long ago and never sent: back into the field, for its writer to decide.
  if (!form.elements.text.value) form.elements.text.value = detail.message.text;
  drawOutbox("waiting", say("outbox.old"));
  outbox.forget(detail);
});

// --- one's own questions --------------------------------------------------------------------------

function drawMine(questions) {
  for (const item of questions) {
    let line = mineList.querySelector(`[data-own="${CSS.escape(item.id)}"]`);
    if (!line) {
      line = cloned("#own-template");
      line.dataset.own = item.id;
      line.dataset.revision = "-1";
      line.querySelector("form").action = `${room.dataset.base}/${item.id}/intrekken`;
      mineList.prepend(line);
    }
    if (item.revision < Number(line.dataset.revision)) continue;
    const changed = line.dataset.status !== item.status && line.dataset.revision !== "-1";
    fillQuestion(line, item);
    write(line, "status", say(`status.${item.status}`));
    show(line, "answer", Boolean(item.answer));
    show(line, "withdraw", ["waiting", "visible"].includes(item.status));
    mineBox.hidden = false;
    if (changed) announce(`${item.text.slice(0, 60)}: ${say(`status.${item.status}`)}`);
  }
}

mineList.addEventListener("submit", (event) => {
  event.preventDefault();
  const id = event.target.closest("[data-own]").dataset.own;
  outbox.put("question:withdraw", { op: newId(), question: id }, `withdraw:${id}`);
});

// --- together -----------------------------------------------------------------------------------

function announce(text) {
  const place = document.querySelector("#announcer");
  place.textContent = "";
  requestAnimationFrame(() => (place.textContent = text)); // the same words twice are read twice
}

live.addEventListener("items", ({ detail }) => applyItems(detail));
live.addEventListener("mine", ({ detail }) => {
  drawMine(detail.questions ?? []);
  if (detail.supported) {
    supported.clear();
    for (const id of detail.supported) supported.add(id);
    for (const entry of outbox.entries) {
      if (entry.event === "question:support") entry.message.on ? supported.add(entry.message.question) : supported.delete(entry.message.question);
    }
    for (const card of list.querySelectorAll("[data-question]")) drawSupport(card);
  }
});
live.addEventListener("present", ({ detail }) => showPresent(detail.present));
live.addEventListener("status", ({ detail }) => {
  showConnection(detail);
  if (detail.status === "live" || detail.status === "detour") outbox.flush();
});
live.start();
if (known) outbox.open();
room.dataset.script = "ready";
