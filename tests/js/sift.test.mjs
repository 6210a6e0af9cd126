// Looking among the cards of the desk: the same answers as the server gives by the address (tests/qanda/test_desk_filter.py).
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { words } from "./setup.mjs";

words("sift.some");
globalThis.history = window.history;
globalThis.location = window.location;
const { Sift } = await import("../../static/js/sift.js");
const page = document.body.innerHTML;
let sift;
let changed;

function card(id, text, { lang = "nl", asked = "", mentions = false, by = "bewoner" } = {}) {
  return `<article data-question="${id}" data-asked="${asked}"><p data-part="text" lang="${lang}">${text}</p><bdi data-part="by">${by}</bdi>
    <p data-part="mentions"${mentions ? "" : " hidden"}></p></article>`;
}

beforeEach(() => {
  document.body.innerHTML = `${page}<details data-sift><summary><span data-sift-said></span></summary><form>
    <input name="zoek"><select name="taal"><option value=""></option><option value="nl"></option></select>
    <select name="label"><option value=""></option><option value="t"></option></select><input type="checkbox" name="eerste" value="1"><input type="checkbox" name="noemt" value="1"><a data-sift-off href="/">alles</a></form></details>
    <div data-desk>${card("a", "Waarom staat het grofvuil er drie weken?", { asked: "1" })}${card("b", "Wanneer komt er een caf\u00e9?", { by: "Samira" })}${card("c", "Meneer De Vries doet niets", { mentions: true })}</div>`;
  changed = 0;
  sift = new Sift(document.querySelector("[data-sift]"), document.querySelector("[data-desk]"), () => (changed += 1));
  const form = document.querySelector("form");
  for (const name of ["zoek", "taal", "label", "eerste", "noemt"]) form.elements[name] ??= form.querySelector(`[name=${name}]`);
});

const field = (name) => document.querySelector(`[name=${name}]`);
const shown = () => [...document.querySelectorAll("[data-question]:not([data-sifted])")].map((each) => each.dataset.question).join("");

test("by words of the text or of who asked, whatever the accents and capitals", () => {
  for (const [wanted, found] of [["GROFVUIL", "a"], ["weken waarom", "a"], ["cafe", "b"], ["samira", "b"], ["nergens", ""], ["", "abc"]]) {
    field("zoek").value = wanted;
    sift.look();
    assert.equal(shown(), found, wanted);
  }
  assert.equal(changed, 6);
});

test("by a label that is on it, also one that was put on since", () => {
  field("label").value = "t";
  sift.look();
  assert.equal(shown(), "");
  document.querySelector("[data-question=b]").dataset.labelsOn = "j t";
  sift.look();
  assert.equal(shown(), "b");
  assert.match(location.search, /label=t/);
});

test("by a first question and by a name, and all again", () => {
  field("eerste").checked = true;
  sift.look();
  assert.equal(shown(), "a");
  field("noemt").checked = true;
  sift.look();
  assert.equal(shown(), "");
  document.querySelector("[data-sift-off]").click();
  assert.deepEqual([shown(), field("eerste").checked, location.search], ["abc", false, ""]);
});

test("what comes in is looked at too, and its language can be chosen", () => {
  field("zoek").value = "grofvuil";
  sift.look();
  const box = document.createElement("div");
  box.innerHTML = card("d", "Kto to?", { lang: "pl" }) + card("e", "Nog meer grofvuil", {});
  for (const each of [...box.children]) {
    document.querySelector("[data-desk]").append(each);
    sift.arrived(each);
  }
  assert.equal(shown(), "ae");
  assert.ok(document.querySelector('option[value="pl"]'));
  assert.match(location.search, /zoek=grofvuil/);
});
