// Page of the captioner, live: Enter sends, focus stays in the field. The page works without this.
import { cloned, part, showConnection } from "./cards.js";
import { Live } from "./live.js";
import { newId, Outbox, whyNot } from "./outbox.js";
import { say, waiting } from "./words.js";

const desk = document.querySelector("[data-captioner]");
const list = desk.querySelector("[data-lines]");
/** @type {HTMLFormElement} */
const form = desk.querySelector("[data-add]");
const said = desk.querySelector("[data-said]");
const most = Number(desk.dataset.most);

const live = new Live(desk);
const outbox = new Outbox(live.session, desk.dataset.outbox, (event, message) => live.send(event, message));

/** @returns {HTMLElement[]} */
function lines() {
  return [...list.querySelectorAll("[data-line]")];
}

function lineOf(id) {
  return list.querySelector(`[data-line="${CSS.escape(id)}"]`);
}

/** The line as it is now. Nobody's correction is written over while they type it. */
function put(item) {
  let line = lineOf(item.id);
  if (item.gone) return void line?.remove();
  if (line && item.revision < Number(line.dataset.revision)) return;
  if (!line) {
    const first = Number(lines()[0]?.dataset.position ?? 0);
    if (item.position < first) return;
    line = fresh(item);
  }
  line.dataset.revision = item.revision;
  const field = part(line, "text");
  if (field !== document.activeElement) field.value = field.defaultValue = item.text;
}

function fresh(item) {
  const line = cloned("#line-template");
  const correction = line.querySelector("form");
  Object.assign(line.dataset, { line: item.id, position: item.position });
  correction.action = `${desk.dataset.here}/${item.id}`;
  correction.elements.op.value = newId();
  part(line, "text").id = line.querySelector("label").htmlFor = `regel-${item.id}`;
  const after = lines().find((other) => Number(other.dataset.position) > item.position);
  list.insertBefore(line, after ?? null);
  while (list.children.length > most && list.firstElementChild !== line) list.firstElementChild.remove();
  return line;
}

function tell(text, state = "") {
  if (!said) return;
  said.textContent = text;
  said.dataset.state = state;
}

function wrong(text) {
  const place = form.querySelector("[data-error]");
  place.hidden = !text;
  place.querySelector("[data-error-text]").textContent = text;
  form.elements.text.toggleAttribute("aria-invalid", Boolean(text));
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = form.elements.text.value.trim();
  form.elements.text.focus();
  if (!text) return;
  wrong("");
  // At once: the next words are being said already.
  form.elements.text.value = "";
  outbox.put("caption:add", { op: newId(), text });
});

list.addEventListener("submit", (event) => {
  event.preventDefault();
  const line = event.target.closest("[data-line]");
  const field = part(line, "text");
  if (field.value === field.defaultValue) return;
  outbox.put("caption:correct", { op: newId(), line: line.dataset.line, text: field.value.trim() }, `line:${line.dataset.line}`);
  form?.elements.text.focus();
});

const ours = (entry) => entry.event.startsWith("caption:");
outbox.addEventListener("waiting", ({ detail }) => ours(detail) && tell(waiting(detail), "waiting"));
outbox.addEventListener("received", ({ detail }) => {
  if (!ours(detail)) return;
  tell("");
  put(detail.answer.line);
});
for (const name of ["refused", "old"]) {
  outbox.addEventListener(name, ({ detail }) => {
    if (!ours(detail)) return;
    const why = detail.answer ? `${say("outbox.refused")} ${whyNot(detail.answer)}` : say("outbox.refused");
    if (form && detail.event === "caption:add" && !form.elements.text.value) {
      form.elements.text.value = detail.message.text; // nothing that was typed is lost
      wrong(why);
    } else tell(`${why} ${detail.message.text}`);
    outbox.forget(detail);
  });
}

live.addEventListener("items", ({ detail }) => {
  const captions = detail.items.filter((item) => item.kind === "caption");
  if (detail.whole) {
    const there = new Set(captions.map((item) => item.id));
    for (const line of lines()) if (!there.has(line.dataset.line)) line.remove();
  }
  captions.forEach(put);
  desk.querySelector("[data-none]").hidden = list.children.length > 0;
});
live.addEventListener("status", ({ detail }) => {
  showConnection(detail);
  if (detail.status === "live" || detail.status === "detour") outbox.flush();
});

live.start();
outbox.open();
desk.dataset.script = "ready";
