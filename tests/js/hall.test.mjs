// The live list of questions: numbers change in place, nothing moves, and what is new waits to be asked for.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { words } from "./setup.mjs";

words("new.one", "new.many", "question.gone", "question.merged", "support.on", "support.off", "support.waiting", "outbox.refused", "by.anonymous", "role.resident", "by.from");
const { Hall } = await import("../../static/js/hall.js");

const CARD = (id, { revision = 1, text = `text ${id}`, support = 0, on = false } = {}) => `
  <li data-question="${id}" data-revision="${revision}" data-status="visible" id="vraag-${id}">
    <p data-part="text">${text}</p><span data-part="by"></span><span data-part="type"></span>
    <p data-part="live" hidden></p><div data-part="answer-box" hidden><p data-part="answer"></p></div>
    <form action="/old"><button class="support" aria-pressed="${on}"><span data-part="support-word"></span></button></form>
    <b data-part="support">${support}</b><a data-part="report" href="/old"></a>
  </li>`;
const item = (id, more = {}) => ({
  kind: "question", id, status: "visible", revision: 2, text: `text ${id}`, type: "question", support: 0, by: { as: "anonymous" }, ...more,
});
const SAID = { ok: false, error: { message: "Not now." } };

let room;
let outbox;

beforeEach(() => {
  document.body.innerHTML = `
    <div data-room data-known="yes" data-base="/sessies/plein/vragen">
      <p data-onstage hidden><span data-part="text"></span><span data-part="by"></span></p>
      <button data-new hidden></button><p data-empty></p>
      <ul data-questions>${CARD("a", { support: 3 })}${CARD("b", { on: true })}</ul>
    </div>
    <p id="announcer"></p><template id="question-template">${CARD("")}</template>`;
  room = document.querySelector("[data-room]");
  outbox = Object.assign(new EventTarget(), { entries: [], puts: [], put: (...all) => outbox.puts.push(all) });
});

const hall = () => new Hall(room, outbox);
const part = (id, name) => room.querySelector(`[data-question="${id}"] [data-part="${name}"]`).textContent;
const button = (id) => room.querySelector(`[data-question="${id}"] .support`);
const order = () => [...room.querySelectorAll("[data-questions] [data-question]")].map((card) => card.dataset.question);
const told = () => room.querySelector("[data-new]");

test("a number changes in place, and nothing moves", () => {
  hall().apply({ items: [item("a", { support: 9 })], whole: false });

  assert.equal(part("a", "support"), "9");
  assert.deepEqual(order(), ["a", "b"]);
});

test("what is older than what stands there is not written over it", () => {
  const list = hall();
  list.apply({ items: [item("a", { revision: 5, support: 9 })], whole: false });

  list.apply({ items: [item("a", { revision: 4, support: 1 })], whole: false });

  assert.equal(part("a", "support"), "9");
});

test("what is new waits behind a button until its reader asks for it, most supported on top", () => {
  const list = hall();
  list.apply({ items: [item("c", { support: 1 }), item("d", { support: 8 })], whole: false });
  assert.deepEqual(order(), ["a", "b"]);
  assert.deepEqual([told().hidden, told().textContent], [false, "[new.many] 2"]);

  list.showFresh();

  assert.deepEqual(order(), ["d", "c", "a", "b"]);
  assert.equal(told().hidden, true);
  assert.equal(document.activeElement.dataset.question, "d");
  assert.equal(room.querySelector('[data-question="d"] form').getAttribute("action"), "/sessies/plein/vragen/d/steun");
});

test("what went keeps its place: only its words go", () => {
  const list = hall();

  list.apply({ items: [item("a", { gone: true })], whole: false });

  assert.deepEqual(order(), ["a", "b"]);
  assert.equal(part("a", "text"), "[question.gone]");
  assert.equal(button("a").disabled, true);
  assert.deepEqual(list.texts().map(({ id }) => id), ["b"]);
});

test("what went before anybody asked for it never shows", () => {
  const list = hall();
  list.apply({ items: [item("c")], whole: false });

  list.apply({ items: [item("c", { gone: true, revision: 3 })], whole: false });

  assert.equal(told().hidden, true);
});

test("a status that is not for the hall is as gone", () => {
  hall().apply({ items: [item("a", { status: "hidden" })], whole: false });

  assert.equal(part("a", "text"), "[question.gone]");
});

test("of a whole state nothing else is there", () => {
  const list = hall();
  list.apply({ items: [item("c")], whole: false });

  list.apply({ items: [item("b")], whole: true });

  assert.equal(part("a", "text"), "[question.gone]");
  assert.equal(part("b", "text"), "text b");
  assert.equal(told().hidden, true);
});

test("what is on stage stands on top while it is its turn", () => {
  const list = hall();
  const stage = room.querySelector("[data-onstage]");

  list.apply({ items: [item("a", { status: "live" })], whole: false });
  assert.deepEqual([stage.hidden, stage.querySelector('[data-part="text"]').textContent], [false, "text a"]);
  list.apply({ items: [item("a", { status: "answered", revision: 3 })], whole: false });

  assert.equal(stage.hidden, true);
});

test("a press shows at once, and one wish for each question is on its way", () => {
  const list = hall();
  const press = { target: button("a"), preventDefault() {} };

  list.support(press);
  assert.equal(button("a").getAttribute("aria-pressed"), "true");
  list.support(press);

  assert.equal(button("a").getAttribute("aria-pressed"), "false");
  assert.deepEqual(outbox.puts.map(([event, { question, on }, key]) => [event, question, on, key]), [
    ["question:support", "a", true, "support:a"],
    ["question:support", "a", false, "support:a"],
  ]);
});

test("a refusal takes the press back", () => {
  const list = hall();
  list.support({ target: button("a"), preventDefault() {} });

  list.supportRefused({ message: { question: "a", on: true }, answer: SAID });

  assert.equal(button("a").getAttribute("aria-pressed"), "false");
});

test("what the server knows of one's support is drawn, and wishes on their way count already", () => {
  const list = hall();
  outbox.entries = [{ event: "question:support", state: "waiting", message: { question: "b", on: false } }];

  list.setSupported(["a", "b"]);

  assert.equal(button("a").getAttribute("aria-pressed"), "true");
  assert.equal(button("b").getAttribute("aria-pressed"), "false");
  assert.equal(part("b", "support-word"), "[support.waiting]");
});

test("support goes along when a question is merged into another", () => {
  const list = hall();

  list.apply({ items: [item("b", { gone: true, into: "a" })], whole: false });

  assert.equal(part("b", "text"), "[question.merged]");
  assert.equal(button("a").getAttribute("aria-pressed"), "true");
});

test("an acknowledged number is written unless a newer one stands there", () => {
  const list = hall();

  list.supportReceived({ id: "a", support: 4, revision: 2 });
  list.supportReceived({ id: "b", support: 4, revision: 0 });

  assert.deepEqual([part("a", "support"), part("b", "support")], ["4", "0"]);
});

test("what people type is text, never markup", () => {
  hall().apply({ items: [item("a", { text: "<img src=x onerror=alert(1)>" })], whole: false });

  assert.equal(room.querySelector("img"), null);
  assert.equal(part("a", "text"), "<img src=x onerror=alert(1)>");
});

test("a card that was printed without an answer gets the parts for one, once", () => {
  const card = room.querySelector('[data-question="a"]');
  for (const name of ["live", "answer-box"]) card.querySelector(`[data-part="${name}"]`).remove();
  card.insertAdjacentHTML("afterbegin", '<div class="question__body"></div>');
  const list = hall();

  list.apply({ items: [item("a", { support: 9 })], whole: false });
  assert.equal(card.querySelectorAll('[data-part="answer-box"]').length, 0);
  assert.deepEqual(list.texts().find(({ id }) => id === "a").answer, "");

  list.apply({ items: [item("a", { revision: 3, status: "live" })], whole: false });
  assert.equal(card.querySelector('[data-part="live"]').hidden, false);

  list.apply({ items: [item("a", { revision: 4, status: "answered", answer: "In maart." })], whole: false });
  assert.deepEqual([...card.querySelectorAll('[data-part="answer-box"]')].map(({ hidden }) => hidden), [false]);
  assert.equal(part("a", "answer"), "In maart.");
});

test("a question in another language than Dutch says which", () => {
  const template = document.querySelector("#question-template").content.firstElementChild;
  template.insertAdjacentHTML("beforeend", '<span data-part="language" hidden></span>');
  hall().apply({ items: [item("a", { lang: "ar" }), item("b", { lang: "nl" })], whole: false });

  const labels = ["a", "b"].map((id) => room.querySelector(`[data-question="${id}"] [data-part="language"]`));
  assert.deepEqual([labels[0].hidden, labels[0].textContent, labels[1]], [false, "Arabisch", null]);
});
