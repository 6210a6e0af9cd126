// An open page follows the clock of the server: its session begins and ends in it, and what was typed stays.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { heard, settled, words } from "./setup.mjs";

words("left.one", "left.many");
const { phaseAt, RoomClock } = await import("../../static/js/room_clock.js");
const { askTheTime } = await import("../../static/js/server_clock.js");
const { keepDraft } = await import("../../static/js/draft.js");

const MINUTE = 60_000;
const START = Date.parse("2027-01-28T12:00:00+00:00");
const END = START + 60 * MINUTE;
let now; // of the server
let device = 0; // the monotonic clock of the device

/** Let `milliseconds` pass in the server and in the device, a second at a time. */
async function pass(milliseconds) {
  const until = now + milliseconds;
  while (now < until) {
    const step = Math.min(1000, until - now);
    now += step;
    device += step;
    mock.timers.tick(step);
    await settled();
  }
}

/** A page that was made at `moment`; `off` is what the device's own clock is wrong. */
async function page(moment, off = 0) {
  now = moment;
  mock.method(performance, "now", () => device);
  mock.method(Date, "now", () => now + off);
  mock.method(globalThis, "fetch", async () => Response.json({ now }));
  document.body.innerHTML = `<p data-left></p><svg><rect data-time width="0"></rect></svg>
    <div data-room data-phase="${phaseAt(now, START, END)}" data-now="${now}" data-starts-at="2027-01-28T12:00:00+00:00" data-ends-at="2027-01-28T13:00:00+00:00"></div>`;
  await askTheTime();
  const clock = new RoomClock(document.querySelector("[data-room]"));
  const told = heard(clock, "room");
  clock.start();
  return { clock, told, phases: () => told.map(([, { phase }]) => phase) };
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

test("a phase begins at its own moment and not before", () => {
  const moments = [START - 10 * MINUTE - 1, START - 10 * MINUTE, START - 1, START, END - 1, END];

  assert.deepEqual(moments.map((moment) => phaseAt(moment, START, END)), ["before", "lobby", "lobby", "live", "live", "ended"]);
});

test("a lobby becomes the room and the room ends, each within two seconds of the server's time", async () => {
  const { phases } = await page(START - 5000, 3_600_000);

  await pass(4000);
  assert.deepEqual(phases(), []);
  await pass(2000);
  assert.deepEqual(phases(), ["live"]);
  await pass(END - now - 1000);
  assert.deepEqual(phases(), ["live"]);
  await pass(3000);
  assert.deepEqual(phases(), ["live", "ended"]);
});

test("what the moderators change of the hour is followed, and told once", async () => {
  const { clock, phases } = await page(START + MINUTE);

  clock.heard({ phase: "live", starts_at: "2027-01-28T12:00:00+00:00", ends_at: "2027-01-28T12:02:00+00:00" });
  await pass(MINUTE + 2000);
  assert.deepEqual(phases(), ["live", "ended"]);
  clock.heard({ phase: "cancelled", starts_at: "2027-01-28T12:00:00+00:00", ends_at: "2027-01-28T12:02:00+00:00" });
  await pass(MINUTE);
  assert.deepEqual(phases(), ["live", "ended", "cancelled"]);
});

test("how much is left is said in minutes and drawn", async () => {
  await page(END - 18 * MINUTE);
  const [left, line] = ["[data-left]", "[data-time]"].map((each) => document.querySelector(each));

  assert.equal(left.textContent, "[left.many] 18");
  assert.equal(line.getAttribute("width"), "30");
  await pass(17.5 * MINUTE);
  assert.equal(left.textContent, "[left.one]");
});

/** The form of the room, as somebody finds it who comes (back) to the page. */
function form(text = "") {
  const elements = { text: { value: text }, appear: { value: "role" }, kind: { value: "question" } };
  return Object.assign(new EventTarget(), { elements });
}

function type(fields, text) {
  fields.elements.text.value = text;
  fields.elements.appear.value = "anonymous";
  fields.dispatchEvent(new Event("input"));
}

function keepIn(store) {
  globalThis.sessionStorage = { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => store.set(key, value) };
}

test("half a question and the choice Anoniem survive a reload, for this person only", () => {
  keepIn(new Map());
  const before = form();
  keepDraft(before, "room:Noor");
  type(before, "Waarom is de");

  const after = form();
  keepDraft(after, "room:Noor");
  assert.equal(after.elements.text.value, "Waarom is de");
  assert.equal(after.elements.appear.value, "anonymous");

  const another = form();
  keepDraft(another, "room:Bart");
  assert.equal(another.elements.text.value, "");
  assert.equal(another.elements.appear.value, "role");

  const refused = form("Wat de server terugstuurde");
  keepDraft(refused, "room:Noor");
  assert.equal(refused.elements.text.value, "Wat de server terugstuurde");
});

test("what was sent does not come back, the choice Anoniem does", () => {
  keepIn(new Map());
  const before = form();
  keepDraft(before, "room:Noor");
  type(before, "Waarom is de lamp stuk?");
  before.dispatchEvent(new Event("submit"));

  const after = form();
  keepDraft(after, "room:Noor");
  assert.equal(after.elements.text.value, "");
  assert.equal(after.elements.appear.value, "anonymous");
});

test("a browser that keeps nothing is no trouble", () => {
  globalThis.sessionStorage = { getItem() { throw new Error("denied"); }, setItem() { throw new Error("denied"); } };
  const fields = form();
  keepDraft(fields, "room:Noor");

  type(fields, "Waarom");
  assert.equal(fields.elements.text.value, "Waarom");
});
