// The outbox: what somebody sent is sent again until the server has it, once, and in order.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { heard, settled } from "./setup.mjs";

const { Away } = await import("../../static/js/live.js");
const { newId, Outbox, whyNot } = await import("../../static/js/outbox.js");

const DONE = { ok: true };
const refusal = (code, more = {}) => ({ ok: false, error: { code, message: `no: ${code}`, ...more } });
const ALL = ["found", "old", "sending", "waiting", "received", "refused"];
const names = (told) => told.map(([name]) => name);

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => mock.timers.reset());

/** An outbox whose server gives `answers` in turn; the last of them goes on. An Error is thrown. */
function made(...answers) {
  const sent = [];
  const outbox = new Outbox("room", "noor", async (event, message) => {
    sent.push([event, { ...message }]);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { outbox, sent, told: heard(outbox, ...ALL) };
}

test("what is put is sent and received, and leaves", async () => {
  const { outbox, sent, told } = made(DONE);

  await outbox.put("question:ask", { op: "1", text: "Why?" });
  await settled();

  assert.deepEqual(sent, [["question:ask", { op: "1", text: "Why?" }]]);
  assert.deepEqual(names(told), ["sending", "received"]);
  assert.equal(told[1][1].answer, DONE);
  assert.deepEqual(outbox.entries, []);
});

test("one is under way at a time, in the order in which they were done", async () => {
  const free = [];
  const sent = [];
  const outbox = new Outbox("room", "noor", (_event, { op }) => {
    sent.push(op);
    return new Promise((resolve) => free.push(resolve));
  });

  for (const op of ["1", "2", "3"]) outbox.put("question:ask", { op });
  await settled();
  assert.deepEqual(sent, ["1"]);
  free[0](DONE);
  await settled();

  assert.deepEqual(sent, ["1", "2"]);
});

test("what got no answer is sent again, ever less often, and never replaced", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { outbox, sent, told } = made(new Away(), new Away(), DONE);

  outbox.put("question:support", { op: "1", on: true }, "support:7");
  await settled();
  assert.equal(outbox.entries[0].state, "unsure");
  outbox.put("question:support", { op: "2", on: false }, "support:7");
  await settled();
  assert.deepEqual(sent.map(([, { op }]) => op), ["1", "1"]);
  mock.timers.tick(499);
  await settled();
  assert.equal(sent.length, 2);
  mock.timers.tick(2000);
  await settled();

  assert.deepEqual(sent.map(([, { op }]) => op), ["1", "1", "1", "2"]);
  assert.deepEqual(names(told).filter((name) => name === "received").length, 2);
});

test("a wish of the same key that was not sent yet is replaced", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { outbox, sent } = made(new Away(), new Away(), new Away(), new Away(), DONE);

  outbox.put("question:ask", { op: "1" });
  await settled();
  outbox.put("question:support", { op: "2", on: true }, "support:7");
  outbox.put("question:support", { op: "3", on: false }, "support:7");
  await settled();
  for (let turn = 0; turn < 6; turn += 1) {
    mock.timers.tick(20_000);
    await settled();
  }

  assert.deepEqual([...new Set(sent.map(([, { op }]) => op))], ["1", "3"]);
});

test("what is refused leaves, with the reason in the server's own sentences", async () => {
  const { outbox, told } = made(refusal("qanda.too_long", { fields: { text: ["Too long.", "Really."] } }));

  await outbox.put("question:ask", { op: "1" });
  await settled();

  assert.deepEqual(names(told), ["sending", "refused"]);
  assert.equal(whyNot(told[1][1].answer), "Too long. Really.");
  assert.equal(whyNot(refusal("x.y")), "no: x.y");
  assert.deepEqual(outbox.entries, []);
});

for (const code of ["live.try_again", "live.not_entered", "house.stale_form", "house.failed", "http.502"]) {
  test(`${code} decides nothing: it is sent again`, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const { outbox, sent, told } = made(refusal(code), DONE);

    outbox.put("question:ask", { op: "1" });
    await settled();
    assert.equal(outbox.entries[0].state, "waiting");
    assert.equal(outbox.entries[0].why, code);
    mock.timers.tick(1000);
    await settled();

    assert.equal(sent.length, 2);
    assert.deepEqual(names(told), ["sending", "waiting", "sending", "received"]);
  });
}

test("it waits as long as the server asks", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { outbox, sent } = made(refusal("live.slow_down", { retry_after: 30 }), DONE);

  outbox.put("question:ask", { op: "1" });
  await settled();
  mock.timers.tick(29_999);
  await settled();
  assert.equal(sent.length, 1);
  mock.timers.tick(1);
  await settled();

  assert.equal(sent.length, 2);
});

test("a closed tab loses nothing: the next page of the same person and room sends it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const before = made(new Away());
  await before.outbox.put("question:ask", { op: "1", text: "Why?" });
  await settled();

  const { outbox, sent, told } = made(DONE);
  await outbox.open();
  await settled();
  const again = made(DONE);
  await again.outbox.open();
  await settled();

  assert.deepEqual(sent, [["question:ask", { op: "1", text: "Why?" }]]);
  assert.deepEqual(names(told), ["found", "sending", "received"]);
  assert.deepEqual(again.sent, []);
});

test("nobody sends what another person typed, or what was meant for another room", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const before = made(new Away());
  await before.outbox.put("question:ask", { op: "1" });
  await settled();

  for (const [room, owner] of [["room", "ali"], ["other", "noor"]]) {
    const sent = [];
    const outbox = new Outbox(room, owner, async (event) => sent.push(event) && DONE);
    await outbox.open();
    await settled();
    assert.deepEqual(sent, []);
  }
});

test("what is older than ten minutes is asked about, not sent", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_800_000_000_000 });
  const before = made(new Away());
  await before.outbox.put("question:ask", { op: "1" });
  await settled();
  mock.timers.tick(10 * 60 * 1000 + 1);

  const { outbox, sent, told } = made(DONE);
  await outbox.open();
  await settled();
  await outbox.forget(told[0][1]);
  const again = made(DONE);
  await again.outbox.open();

  assert.deepEqual(names(told), ["old"]);
  assert.deepEqual(sent, []);
  assert.deepEqual(again.told, []);
});

test("who was logged out is asked first, once they are in again", async () => {
  const before = made(refusal("house.login_needed"));
  await before.outbox.put("question:ask", { op: "1" });
  await settled();
  assert.equal(before.sent.length, 1);

  const { outbox, told } = made(DONE);
  await outbox.open();
  await settled();

  assert.deepEqual(names(told), ["old"]);
});

test("without a database, memory must do: it goes out while the page is open", async () => {
  globalThis.indexedDB = { open: () => { throw new Error("a private window"); } };
  const { outbox, sent } = made(DONE);

  await outbox.open();
  await outbox.put("question:ask", { op: "1" });
  await settled();

  assert.equal(sent.length, 1);
});

test("a change reaches what was never sent, and leaves what may have arrived", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { outbox } = made(new Away());
  outbox.put("question:hide", { op: "1", seen: 3 });
  await settled();
  outbox.put("question:answer", { op: "2", seen: 3 });
  await settled();

  await outbox.change((message) => { message.seen = 4; });

  assert.deepEqual(outbox.entries.map(({ message }) => message.seen), [3, 4]);
});

test("an error of ours is told in the console, and loses nothing", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const error = mock.method(console, "error", () => {});
  const { outbox } = made(new TypeError("ours"));

  outbox.put("question:ask", { op: "1" });
  await settled();

  assert.equal(error.mock.callCount(), 1);
  assert.equal(outbox.entries.length, 1);
  error.mock.restore();
});

test("an id is a version 4 UUID, also where the browser makes none", () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(newId(), form);

  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  try {
    assert.match(newId(), form);
    assert.notEqual(newId(), newId());
  } finally {
    delete crypto.randomUUID;
  }
});
