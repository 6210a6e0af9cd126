// What the answers of a connection say: late is slow, in bunches is a proxy that holds messages back.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./setup.mjs";

const { judge, PACE_MS, PULSES } = await import("../../static/js/connection_check.js");
const sent = Array.from({ length: PULSES }, (_, number) => number * PACE_MS);
const answers = (/** @type {(sent: number) => number} */ back) => sent.map((moment) => ({ sent: moment, back: back(moment) }));

test("answers at the pace of the questions are good, however long they are on their way", () => {
  assert.deepEqual(judge(answers((moment) => moment + 40)), { verdict: "good", way: 40 });
  assert.equal(judge(answers((moment) => moment + 1200)).verdict, "good");
  assert.deepEqual(judge(answers((moment) => moment + 3000)), { verdict: "slow", way: 3000 });
});

test("answers that come in bunches were held back", () => {
  const flushed = (every) => (moment) => Math.ceil((moment + 1) / every) * every;

  for (const every of [1000, 1500, 5000]) assert.equal(judge(answers(flushed(every))).verdict, "buffered", `${every}`);
});

test("jitter, and one hiccup, are no proxy", () => {
  const jitter = [0, 120, 30, 200, 80, 10, 150, 60, 190, 20];

  assert.equal(judge(answers((moment) => moment + 100 + jitter[moment / PACE_MS])).verdict, "good");
  assert.equal(judge(answers((moment) => Math.max(moment + 50, moment < 1000 ? 1000 : 0))).verdict, "good");
});

test("a busy phone that sends several in one turn is not blamed on a proxy", () => {
  const together = sent.map((_, number) => ({ sent: number, back: 40 + number }));

  assert.equal(judge(together).verdict, "good");
});

test("when most are never answered, messages do not come through", () => {
  assert.deepEqual(judge([]), { verdict: "blocked", way: 0 });
  assert.equal(judge(answers((moment) => moment + 40).slice(0, PULSES / 2 - 1)).verdict, "blocked");
});
