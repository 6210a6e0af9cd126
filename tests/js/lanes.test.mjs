// Lanes of the desk: following a link to a lane never takes the keyboard from a card in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "./setup.mjs";

words("late.one", "late.many");
const { Lanes } = await import("../../static/js/lanes.js");

function desk() {
  globalThis.location = /** @type {any} */ ({ hash: "" });
  document.body.innerHTML = `<div data-desk><nav class="lanes"><a href="#kop-live">Aan de beurt</a></nav>
    <section data-column="waiting"><h2 id="kop-waiting" tabindex="-1"></h2></section>
    <section data-column="live"><h2 id="kop-live" tabindex="-1"></h2><article data-question="een" tabindex="-1"></article></section></div>`;
  return new Lanes(/** @type {HTMLElement} */ (document.querySelector("[data-desk]")), () => {});
}

function follow() {
  location.hash = "#kop-live";
  window.dispatchEvent(new window.Event("hashchange"));
}

test("a lane that was away gets the keyboard at its heading", () => {
  desk();
  document.querySelector("a").focus();
  follow();
  assert.equal(document.activeElement.id, "kop-live");
  assert.equal(document.querySelector('[data-column="live"]').dataset.shown, "");
});

test("a key pressed before the address was followed keeps its card", () => {
  desk();
  document.querySelector("[data-question]").focus();
  follow();
  assert.equal(document.activeElement.dataset.question, "een");
});
