// The server's time in a page: half of the way there and back is taken off, and the quickest answer counts.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { settled } from "./setup.mjs";

const SERVER = 1_800_000_000_000;
let device; // milliseconds of the monotonic clock
let wrong; // what the wall clock of the device is off, in milliseconds
let copies = 0;

beforeEach(() => {
  device = 1000;
  wrong = 3_600_000;
  mock.method(performance, "now", () => device);
  mock.method(Date, "now", () => SERVER + device + wrong);
});
afterEach(() => mock.restoreAll());

/** A page of its own: the module keeps the time in variables. */
const clock = () => import(`../../static/js/server_clock.js?page=${(copies += 1)}`);

/** A server whose answers take `ways` milliseconds, the first half of it going there. */
function server(...ways) {
  return mock.method(globalThis, "fetch", async () => {
    const way = ways.length > 1 ? ways.shift() : ways[0];
    if (way instanceof Error) throw way;
    device += way / 2;
    const now = SERVER + device;
    device += way / 2;
    return Response.json({ now });
  });
}

test("until the server answered it is the device's own time, and nothing is promised of it", async () => {
  const { serverNow, uncertainty } = await clock();

  assert.equal(serverNow(), SERVER + device + wrong);
  assert.equal(uncertainty(), Infinity);
});

test("what the page says the time was is better than the device's own, until the server is asked", async () => {
  const { serverNow, startFrom, askTheTime } = await clock();
  server(100);

  startFrom(SERVER + device);
  assert.equal(serverNow(), SERVER + device);
  startFrom(Number.NaN);
  assert.equal(serverNow(), SERVER + device);
  await askTheTime();
  startFrom(5);

  assert.equal(serverNow(), SERVER + device);
});

test("half of the way is taken off, and a quick answer is enough", async () => {
  const { serverNow, uncertainty, askTheTime } = await clock();
  const asked = server(100);

  assert.equal(await askTheTime(), true);

  assert.equal(asked.mock.callCount(), 1);
  assert.equal(serverNow(), SERVER + device);
  assert.equal(uncertainty(), 51);
});

test("of slow answers the quickest of four counts", async () => {
  const { uncertainty, askTheTime } = await clock();
  const asked = server(900, 400, 2000, 600);

  await askTheTime();

  assert.equal(asked.mock.callCount(), 4);
  assert.equal(uncertainty(), 201);
});

test("several that ask at once share one question", async () => {
  const { askTheTime } = await clock();
  const asked = server(100);

  assert.deepEqual(await Promise.all([askTheTime(), askTheTime()]), [true, true]);

  assert.equal(asked.mock.callCount(), 1);
});

test("without a connection the page keeps the time it had, and asks again ten seconds later", async () => {
  const { serverNow, askTheTime, keepTheTime } = await clock();
  server(100, new Error("no network"), 100);
  await askTheTime();
  const before = serverNow() - device;

  assert.equal(await askTheTime(), false);
  assert.equal(serverNow() - device, before);
  device += 9_000;
  assert.equal(keepTheTime(), null);
  device += 1_100;

  assert.equal(await keepTheTime(), true);
});

test("it asks again after the device slept or its clock was set, and after five minutes", async () => {
  const { askTheTime, keepTheTime } = await clock();
  server(100);
  await askTheTime();
  await settled();

  assert.equal(keepTheTime(), null);
  wrong += 251;
  assert.equal(await keepTheTime(), true);
  assert.equal(keepTheTime(), null);
  device += 300_001;
  assert.equal(await keepTheTime(), true);
});

test("an answer that is no time is none", async () => {
  const { askTheTime } = await clock();
  mock.method(globalThis, "fetch", async () => Response.json({ now: "soon" }));

  assert.equal(await askTheTime(), false);
});
