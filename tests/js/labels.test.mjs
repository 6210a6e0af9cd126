// Labels at the desk: a press says what was seen, shows at once, and comes back when it is refused; nothing moves.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { words } from "./setup.mjs";

words("label.one", "label.many", "chosen.none");
const { Labels } = await import("../../static/js/labels.js");
const page = document.body.innerHTML;
let labels;
let sent;
let said;
let chosen;

const row = (on = "") => `<form data-labels><input type="hidden" name="seen" value="${on ? 4 : 0}">${["t", "j"]
  .map((id) => `<button name="label" value="${id}:1" aria-pressed="${on === id}">${id}</button>`).join("")}</form>`;
const article = (id, on = "") => `<article ${id ? `data-question="${id}"` : ""} data-labels-on="${on}">${row(on)}<p data-part="said"></p></article>`;

beforeEach(() => {
  document.body.innerHTML = `${page}<template id="question-template">${article("")}</template>
    <p data-labels-new hidden><button></button></p><div data-label-wish><select name="label"><option value=""></option></select></div>
    <div data-desk>${article("a", "t")}${article("b")}<div data-chosen-labels><form data-labels-several><button name="label" value="t:1">t</button></form></div></div>`;
  sent = [];
  said = [];
  chosen = [];
  const outbox = { put: (event, message, key) => sent.push({ event, message, key }), addEventListener: () => {} };
  labels = new Labels(document.querySelector("[data-desk]"), outbox, { chosen: () => chosen, said: (text) => said.push(text) });
});

const card = (id) => document.querySelector(`[data-question="${id}"]`);
const button = (id, label) => card(id).querySelector(`button[value^="${label}:"]`);
const pressed = (id) => [...card(id).querySelectorAll("button")].filter((each) => each.getAttribute("aria-pressed") === "true").map((each) => each.textContent).join("");

function press(element) {
  const event = new window.Event("submit", { bubbles: true, cancelable: true });
  event.submitter = element;
  element.closest("form").dispatchEvent(event);
  return sent[sent.length - 1];
}

test("a press puts it on, and says what its presser saw", () => {
  const { event, message, key } = press(button("b", "j"));
  assert.equal(event, "labels:put");
  assert.deepEqual([message.label, message.on, message.questions], ["j", true, [{ question: "b", seen: 0 }]]);
  assert.equal(key, "label:b:j"); // pressed again before it went: only the last wish goes
  assert.equal(pressed("b"), "j");
  assert.deepEqual(press(button("a", "t")).message.questions, [{ question: "a", seen: 4 }]);
  assert.equal(pressed("a"), "");
});

test("what a colleague did is drawn, and an older item does not undo it", () => {
  labels.apply({ items: [{ kind: "labelled", id: "a", revision: 9, labels: ["j"] }] });
  assert.equal(pressed("a"), "j");
  labels.apply({ items: [{ kind: "labelled", id: "a", revision: 8, labels: ["t"] }] });
  assert.equal(pressed("a"), "j");
  assert.equal(press(button("a", "t")).message.questions[0].seen, 9);
});

test("refused, it is as it was, with who was first", () => {
  const { event, message } = press(button("a", "t"));
  labels.told({ event, message, answer: { ok: true, done: [], refused: [{ question: "a", error: { message: "Ruben was eerst." } }], now: [{ id: "a", revision: 6, labels: ["t", "j"] }] } });
  assert.equal(pressed("a"), "tj");
  assert.equal(card("a").querySelector("[data-part=said]").textContent, "Ruben was eerst.");
});

test("what is pressed and not answered stays drawn when something else comes in", () => {
  press(button("b", "j"));
  labels.apply({ items: [{ kind: "labelled", id: "b", revision: 5, labels: ["t"] }] });
  assert.equal(pressed("b"), "tj");
});

test("on the ticked questions, each with what was seen of it", () => {
  const several = document.querySelector("[data-labels-several] button");
  press(several);
  assert.deepEqual([sent.length, said], [0, ["[chosen.none]"]]);
  chosen = [card("a"), card("b")];
  const { event, message } = press(several);
  assert.deepEqual(message.questions, [{ question: "a", seen: 4 }, { question: "b", seen: 0 }]);
  labels.told({ event, message, answer: { ok: true, done: message.questions.map(({ question }) => ({ id: question, revision: 7, labels: ["t"] })), refused: [], now: [] } });
  assert.equal(said[1], "[label.many] 2");
});

test("other labels wait behind a button: a card does not grow under a finger", () => {
  const before = document.querySelector("[data-desk]").innerHTML;
  labels.apply({ items: [{ kind: "labels", id: "s", revision: 9, labels: [{ id: "t", name: "t" }, { id: "g", name: "groen" }] }] });
  assert.equal(document.querySelector("[data-desk]").innerHTML, before);
  assert.equal(document.querySelector("[data-labels-new]").hidden, false);
  document.querySelector("[data-labels-new] button").click();
  assert.deepEqual([...card("a").querySelectorAll("button")].map((each) => each.textContent), ["t", "groen"]);
  assert.equal(pressed("a"), "t");
  assert.equal(document.querySelector("[data-label-wish] select").options.length, 3);
  assert.equal(document.querySelector("[data-labels-new]").hidden, true);
});

test("the labels that the page shows already are no news", () => {
  labels.apply({ items: [{ kind: "labels", id: "s", revision: 9, labels: [{ id: "t", name: "t" }, { id: "j", name: "j" }] }] });
  assert.equal(document.querySelector("[data-labels-new]").hidden, true);
});
