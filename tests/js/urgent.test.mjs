// What comes first on a page goes when a colleague took it: whoever was in it with the keyboard is not thrown out.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./setup.mjs";

const { Urgent } = await import("../../static/js/urgent.js");
const alarm = (name) => `<div data-alarm="${name}"><p>Alarm ${name}</p><button>Ik pak dit op</button></div>`;
let answer;

globalThis.fetch = async () => ({ ok: true, text: async () => answer });
const here = () => document.activeElement;

/** Ask anew, and wait until the answer was taken. */
async function look(urgent, html) {
  answer = html;
  urgent.refresh.soon(0);
  await new Promise((done) => setTimeout(done, 20));
  await new Promise((done) => setImmediate(done));
}

function page(part) {
  document.body.innerHTML = `<main><div data-messages><div ${part}>${alarm("een")}</div></div><h1>Regie</h1><button id="elsewhere">Elders</button></main>`;
  return new Urgent();
}

beforeEach(() => (answer = ""));

for (const part of ["data-urgent", "data-urgent-part"]) {
  test(`the keyboard goes on at the page's heading when the last alarm went (${part})`, async () => {
    const urgent = page(part);
    document.querySelector("[data-alarm] button").focus();
    await look(urgent, "");
    assert.equal(document.querySelector("[data-alarm]"), null);
    assert.equal(here().localName, "h1");
  });
}

test("the keyboard goes to the next alarm", async () => {
  const urgent = page("data-urgent-part");
  document.querySelector("[data-alarm] button").focus();
  await look(urgent, alarm("twee"));
  assert.equal(here().closest("[data-alarm]").dataset.alarm, "twee");
});

test("who is elsewhere stays there", async () => {
  const urgent = page("data-urgent-part");
  document.querySelector("#elsewhere").focus();
  await look(urgent, "");
  assert.equal(here().id, "elsewhere");
});
