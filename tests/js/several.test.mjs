// Several questions in one deed: what is sent is what its presser had before them, and nothing that a filter took away.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { words } from "./setup.mjs";

words("chosen.one", "chosen.many", "chosen.none", "outbox.sending", "reason.choose", "shown.one", "shown.many");
const { Several } = await import("../../static/js/several.js");
const page = document.body.innerHTML;
let several;
let sent;
let put;

function card(id, lane = "waiting") {
  return { id, lane, html: `<article data-question="${id}" data-desk-revision="${id.charCodeAt(0)}"><input type="checkbox" data-tick><p data-part="text">Vraag ${id}?</p></article>` };
}

function column(name, cards) {
  return `<section data-column="${name}">${cards.filter((each) => each.lane === name).map((each) => each.html).join("")}</section>`;
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const cards = [card("a"), card("b"), card("c"), card("d", "visible")];
  document.body.innerHTML = `${page}<div data-desk>${column("waiting", cards)}${column("visible", cards)}<a href="#" data-several></a>
    <div data-chosen hidden><p data-chosen-said tabindex="-1"></p><ul data-chosen-refused hidden></ul><strong data-chosen-count></strong>
    <button data-chosen-all></button><button data-chosen-undo hidden></button><button data-chosen-stop></button>
    <form data-several-deed="show"></form></div></div>`;
  sent = [];
  put = [];
  several = new Several(document.querySelector("[data-desk]"), { put: (event, message) => sent.push([event, message]) }, {
    put: (item) => put.push(item.id), offer: () => {}, first: (error) => error.by ?? "", wrong: () => {},
  });
});

afterEach(() => mock.timers.reset());

const tick = (id) => document.querySelector(`[data-question="${id}"] [data-tick]`);
const say = () => document.querySelector("[data-chosen-said]").textContent;
const counted = () => document.querySelector("[data-chosen-count]").textContent;
const sift = (id, isGone) => document.querySelector(`[data-question="${id}"]`).toggleAttribute("data-sifted", isGone);

function choose(...ids) {
  for (const id of ids) {
    tick(id).checked = true;
    tick(id).dispatchEvent(new window.Event("change", { bubbles: true }));
  }
}

function press() {
  document.querySelector("form").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
  return (sent.pop()?.[1].questions ?? []).map((each) => each.question).join("");
}

test("what is ticked is decided upon, each with what its presser saw", () => {
  choose("a", "c");
  assert.equal(counted(), "[chosen.many] 2");
  document.querySelector("form").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
  const [[event, message]] = sent;
  assert.equal(event, "question:several");
  assert.deepEqual([message.deed, message.questions], ["show", [{ question: "a", seen: 97 }, { question: "c", seen: 99 }]]);
});

test("a ticked question that a filter took out of view is not decided upon", () => {
  choose("a", "b");
  assert.equal(press(), "ab"); // both, while both are in view
  sift("b", true);
  several.count();
  assert.equal(counted(), "[chosen.one]");
  assert.equal(press(), "a");
  sift("b", false);
  several.count();
  assert.equal(press(), "ab"); // its tick was kept, and it is in view again
});

test("with everything ticked out of view nothing is sent, and it is said", () => {
  choose("b");
  sift("b", true);
  several.count();
  assert.equal(press(), "");
  assert.equal(say(), "[chosen.none]");
});

test("choosing all chooses what is in view", () => {
  choose("a");
  sift("b", true);
  document.querySelector("[data-chosen-all]").dispatchEvent(new window.Event("click", { bubbles: true }));
  assert.deepEqual(["a", "b", "c"].map((id) => tick(id).checked), [true, false, true]);
  assert.equal(press(), "ac");
});

test("what moved to another lane is ticked no more", () => {
  choose("a", "b");
  document.querySelector('[data-column="visible"]').append(document.querySelector('[data-question="b"]'));
  several.count();
  assert.equal(tick("b").checked, false);
  assert.equal(press(), "a");
});

test("what a colleague was first with is listed, and the rest is drawn", () => {
  choose("a", "b");
  several.told({ event: "question:several", message: { deed: "show" }, answer: { ok: true, done: [{ id: "a", desk_revision: 5 }], refused: [{ question: "b", error: { by: "Ruben" } }] } });
  assert.deepEqual(put, ["a"]);
  assert.equal(say(), "[shown.one]");
  assert.equal(document.querySelector("[data-chosen-refused]").textContent, "Vraag b? Ruben");
  assert.equal(tick("a").checked, false);
});
