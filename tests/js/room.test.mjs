// The small parts of a room: what it is called, whether it is over, and what was asked already.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { words } from "./setup.mjs";

words("new.many", "outbox.out", "outbox.waiting", "by.anonymous", "by.name_hidden", "by.hidden", "by.from", "role.resident", "mark.speaker", "via.phone", "ask.hint", "ask.similar", "ask.similar_answered", "ask.answer", "ask.forwarded");
const { byLine, say, waiting } = await import("../../static/js/words.js");
const { likeness, similar, trigrams } = await import("../../static/js/similar.js");
const { followRoom } = await import("../../static/js/room_state.js");
const { lookAgain } = await import("../../static/js/look_again.js");

test("a word comes from the page, with its number; one that is not there is nothing", () => {
  assert.equal(say("new.many", 3), "[new.many] 3");
  assert.equal(say("nobody.printed.this"), "");
});

test("nothing is promised to somebody who is logged out", () => {
  assert.equal(waiting({ why: "house.login_needed" }), "[outbox.out]");
  assert.equal(waiting({ why: "live.try_again" }), "[outbox.waiting]");
});

for (const [by, line] of [
  [{ as: "anonymous" }, "[by.anonymous]"],
  [{ as: "name_hidden", role: "resident" }, "[by.name_hidden], [role.resident]"],
  [{ as: "name", role: "resident", name: "Noor" }, "Noor, [role.resident]"],
  [{ as: "name", role: "resident", name: "Noor", mark: "speaker", hidden: true }, "Noor, [role.resident] · [mark.speaker] ([by.hidden])"],
  [{ as: "role", role: "resident", place: "Tilburg" }, "[role.resident] [by.from] Tilburg"],
  [{ as: "role", role: "resident" }, "[role.resident]"],
  [{ as: "anonymous", via: "phone" }, "[by.anonymous], [via.phone]"],
]) {
  test(`who asked is said as they wanted: ${line}`, () => assert.equal(byLine(by), line));
}

test("groups of three letters know no accents, capitals or words that everybody uses", () => {
  assert.deepEqual(trigrams("Één", new Set()), new Set([" ee", "een", "en "]));
  assert.deepEqual(trigrams("de", new Set(["de"])), new Set());
});

test("likeness is one for the same words, and nothing where there are none", () => {
  assert.equal(likeness("Wie veegt het plein?", "het plein, wie veegt", new Set()), 1);
  assert.equal(likeness("", "plein", new Set()), 0);
});

test("at most three that ask the same, the likest first", () => {
  const questions = ["Wie veegt het plein?", "Wie veegt het plein vandaag?", "Wie veegt ons plein?", "Wie veegt het plein morgen?", "Hoe laat is het eten?"]
    .map((text, id) => ({ id: String(id), text }));

  const found = similar("Wie veegt het plein?", questions, new Set());

  assert.equal(found.length, 3);
  assert.equal(found[0].id, "0");
  assert.ok(!found.some(({ id }) => id === "4"));
});

const STARTS = "2027-01-28T12:00:00+00:00";
const ENDS = "2027-01-28T13:00:00+00:00";
let live;
let line;

beforeEach(() => {
  document.documentElement.lang = "nl";
  document.body.innerHTML = `<p data-room-state data-phase="live" data-starts-at="${STARTS}" data-ends-at="${ENDS}" data-zone="Europe/Amsterdam" hidden>
    <span data-when="ended">over</span><span data-when="cancelled">called off</span><span data-when="longer">ends at <time data-ends></time></span>
    <span data-when="moved">moved to <time data-starts></time></span></p>`;
  line = document.querySelector("[data-room-state]");
  live = new EventTarget();
  followRoom(live);
});

const room = (phase, starts_at = STARTS, ends_at = ENDS) => live.dispatchEvent(new CustomEvent("room", { detail: { phase, starts_at, ends_at } }));
const shown = () => (line.hidden ? null : [...line.querySelectorAll("[data-when]")].filter((each) => !each.hidden).map((each) => each.dataset.when));

test("a room that is as the page says needs no line", () => {
  room("live");

  assert.equal(shown(), null);
});

test("a room that ended or was called off while its page was open says so", () => {
  room("ended");
  assert.deepEqual(shown(), ["ended"]);
  room("cancelled");

  assert.deepEqual(shown(), ["cancelled"]);
});

test("a room that moved says when it starts now, in the time of the place", () => {
  room("live", "2027-01-28T14:30:00+00:00");

  assert.deepEqual(shown(), ["moved"]);
  assert.match(line.querySelector("[data-starts]").textContent, /15:30/);
  room("live");
  assert.equal(shown(), null, "and back: nothing to say");
});

test("a room that was extended while its page was open says until when", () => {
  room("live", STARTS, "2027-01-28T13:15:00+00:00");

  assert.deepEqual(shown(), ["longer"]);
  assert.match(line.querySelector("[data-ends]").textContent, /14:15/);
});

test("a hint and what was asked already show after a pause, without sending anything", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const fetched = mock.method(globalThis, "fetch", () => assert.fail("what is typed goes nowhere"));
  document.body.innerHTML = `<form data-everywhere="de het" data-hints='["mijn buur(man|vrouw)"]'>
    <textarea name="text"></textarea><p data-hint></p><div data-similar></div></form>`;
  const form = document.querySelector("form");
  Object.defineProperty(form, "elements", { value: { text: form.querySelector("textarea") } });
  lookAgain(form, () => [{ id: "7", text: "Wie veegt het plein?" }]);

  form.elements.text.value = "Mijn vraag: wie veegt het plein, mijn buurman?";
  form.elements.text.dispatchEvent(new window.Event("input"));
  assert.equal(form.querySelector("[data-hint]").textContent, "");
  mock.timers.tick(700);

  assert.equal(form.querySelector("[data-hint]").textContent, "[ask.hint]");
  assert.equal(form.querySelector("[data-similar] a").getAttribute("href"), "#vraag-7");
  assert.equal(fetched.mock.callCount(), 0);
  mock.timers.reset();
});
