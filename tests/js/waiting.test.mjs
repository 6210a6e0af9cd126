// What the desk offers to merge: where cards stand is read before anything is written, whatever comes or goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "./setup.mjs";

words("waits.now", "waits.minutes", "waits.hours", "left.minutes", "left.over");
const { likest } = await import("../../static/js/waiting.js");

globalThis.innerHeight = 800;
const ASKED = "Wanneer komt er verlichting in het park achter de school";

function card(id, status, text) {
  return `<article data-question="${id}" data-status="${status}"><p data-part="text">${text}</p>
    <form data-part="alike" hidden><input name="into"><p data-part="alike-text"></p></form></article>`;
}

const turn = () => new Promise((done) => queueMicrotask(() => done(undefined)));
const offered = () => [...document.querySelectorAll("form:not([hidden])")].map((form) => form.closest("article").dataset.question);

test("a shown question is offered to all that ask the same, and the page is laid out once", async () => {
  const waiting = Array.from({ length: 40 }, (_, number) => card(`w${number}`, "waiting", `${ASKED} ${number % 2 ? "" : "en bij de speeltuin"}`));
  document.body.innerHTML = `<div data-desk>${waiting.join("")}${card("anders", "waiting", "Hoe laat gaat de bibliotheek open")}${card("een", "waiting", ASKED)}</div>`;
  const desk = /** @type {HTMLElement} */ (document.querySelector("[data-desk]"));
  const twins = likest(desk);
  twins.look();
  await turn();
  assert.deepEqual(offered(), []);

  // Each card stands below what is in view, so that it may grow. A look after a write is a layout of the whole page.
  let [written, layouts] = [false, 0];
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (desk.querySelectorAll("article"))) {
    each.getBoundingClientRect = () => {
      if (written) layouts += 1;
      written = false;
      return /** @type {DOMRect} */ ({ top: innerHeight + 1 });
    };
    const form = each.querySelector("form");
    const hidden = Object.getOwnPropertyDescriptor(window.HTMLElement.prototype, "hidden");
    Object.defineProperty(form, "hidden", {
      get() { return hidden.get.call(form); },
      set(value) { written = true; hidden.set.call(form, value); },
    });
  }
  desk.querySelector('[data-question="een"]').setAttribute("data-status", "visible");
  twins.look();
  await turn();

  assert.equal(offered().length, 40);
  assert.ok(!offered().includes("anders"));
  assert.ok(written);
  assert.equal(layouts, 0);
});

test("a card in view keeps its height: what is like it is offered once it is scrolled away", async () => {
  document.body.innerHTML = `<div data-desk>${card("w", "waiting", ASKED)}${card("een", "waiting", ASKED)}</div>`;
  const desk = /** @type {HTMLElement} */ (document.querySelector("[data-desk]"));
  const twins = likest(desk);
  twins.look();
  await turn();
  let top = 10;
  desk.querySelector("article").getBoundingClientRect = () => /** @type {DOMRect} */ ({ top });
  desk.querySelector('[data-question="een"]').setAttribute("data-status", "visible");
  twins.look();
  await turn();
  assert.deepEqual(offered(), []);
  top = innerHeight;
  twins.look();
  await turn();
  assert.deepEqual(offered(), ["w"]);
});
