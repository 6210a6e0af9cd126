// Keys of a desk: they press the button of the question that has the keyboard, and nothing while somebody types.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./setup.mjs";

const kept = new Map();
globalThis.localStorage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value), clear: () => kept.clear() };

const { Keys, deedsOf } = await import("../../static/js/keys.js");
let pressed;

/** @param {string} key */
function press(key, target = document.activeElement ?? document.body, more = {}) {
  const event = new window.Event("keydown", { bubbles: true, cancelable: true });
  Object.assign(event, { key, ...more });
  target.dispatchEvent(event);
  return event;
}

function page() {
  document.body.innerHTML = `<details data-keys="desk" hidden><summary tabindex="0"></summary><input type="checkbox" data-keys-on checked>
    <input data-key="next" value="j"><input data-key="previous" value="k"><input data-key="show" value="t"><input data-key="hide" value="v"></details>
    <div data-desk><section data-column="waiting">${["een", "twee"].map((id) => `<article data-question="${id}" tabindex="-1">
      <form data-deed="show"><button>Toon</button></form><form data-deed="show" hidden><button>Nee</button></form>
      <details><summary></summary><form data-deed="hide"><input type="radio" name="reason"></form></details></article>`).join("")}</section></div>`;
  pressed = [];
  for (const form of document.querySelectorAll("form")) form.querySelector("button")?.addEventListener("click", (event) => {
    event.preventDefault();
    pressed.push(`${form.dataset.deed} ${form.closest("article").dataset.question}`);
  });
  return new Keys(document.querySelector("[data-keys]"), deedsOf(document.querySelector("[data-desk]")));
}

const here = () => document.activeElement?.closest?.("[data-question]")?.dataset.question;

beforeEach(() => localStorage.clear());

test("a key goes to a question first, then does something with it", () => {
  page();
  press("t", document.body);
  assert.deepEqual([pressed, here()], [[], "een"]);
  press("j");
  assert.equal(here(), "twee");
  press("t");
  assert.deepEqual(pressed, ["show twee"]);
  press("v");
  assert.equal(document.activeElement.name, "reason");
});

test("in a field, with another key held down and when turned off nothing happens", () => {
  page();
  press("j", document.body);
  press("t", document.querySelector("[data-key=next]"));
  press("t", document.activeElement, { ctrlKey: true });
  press("t", document.activeElement, { repeat: true });
  document.querySelector("[data-keys-on]").checked = false;
  press("t");
  assert.deepEqual(pressed, []);
});

test("another key is kept in this browser, and one that is taken is not", () => {
  page();
  const [next, , show] = document.querySelectorAll("[data-key]");
  show.value = "x";
  show.dispatchEvent(new window.Event("change", { bubbles: true }));
  next.value = "x";
  next.dispatchEvent(new window.Event("change", { bubbles: true }));
  assert.equal(next.value, "j");
  page();
  assert.equal(document.querySelector('[data-key="show"]').value, "x");
});

test("from the heading of a lane a key goes to its first question, and past what is done", () => {
  page();
  document.querySelector("[data-desk]").insertAdjacentHTML("beforeend", `<section data-column="visible"><h2 tabindex="-1">Leest</h2>
    <article data-question="drie" tabindex="-1"></article><p class="desk-mark" tabindex="-1"></p><article data-question="vijf" tabindex="-1"></article></section>`);
  document.querySelector("h2").focus();
  press("j");
  assert.equal(here(), "drie");
  press("j");
  assert.equal(here(), "vijf");
  document.querySelector(".desk-mark").focus();
  press("t");
  assert.deepEqual([pressed, here()], [[], "vijf"]);
  document.querySelector(".desk-mark").focus();
  press("k");
  assert.equal(here(), "drie");
});
