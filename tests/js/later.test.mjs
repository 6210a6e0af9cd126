// What is fetched when there is something for it.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { later } from "../../static/js/later.js";

test("a part is fetched once, by the first that is for it, and all is handed to it in order", async () => {
  const part = { told: [] };
  const load = mock.fn(async () => part);
  const withPart = later(load);
  assert.equal(load.mock.callCount(), 0);

  await Promise.all([1, 2, 3].map((number) => withPart(({ told }) => told.push(number))));

  assert.equal(load.mock.callCount(), 1);
  assert.deepEqual(part.told, [1, 2, 3]);
});

test("where it can't be fetched nothing breaks, and the next try fetches it", async () => {
  const told = [];
  const load = mock.fn(async () => "part");
  load.mock.mockImplementationOnce(async () => { throw new TypeError("away"); });
  const withPart = later(load);

  await withPart(() => told.push("first"));
  await withPart((part) => told.push(part));

  assert.deepEqual(told, ["part"]);
  assert.equal(load.mock.callCount(), 2);
});

test("what goes wrong in the part itself is not hidden", async () => {
  const withPart = later(async () => "part");
  await assert.rejects(withPart(() => { throw new Error("ours"); }), /ours/);
});
