// Applause for who speaks: a number that rises, and goes when it is over.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import "./setup.mjs";

const { showApplause } = await import("../../static/js/applause.js");

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

function screen() {
  const place = document.createElement("span");
  place.hidden = true;
  place.innerHTML = '<span data-clapped="applause"><b></b></span><span data-clapped="heart"><b></b></span>';
  const live = new EventTarget();
  showApplause(place, live);
  const shown = () => Object.fromEntries([...place.querySelectorAll("[data-on]")].map((kind) => [kind.dataset.clapped, kind.textContent]));
  return { place, shown, told: (detail) => live.dispatchEvent(new CustomEvent("reactions", { detail })) };
}

test("its place is there before anybody claps", () => {
  const { place, shown } = screen();
  assert.equal(place.hidden, false);
  assert.deepEqual(shown(), {});
});

test("it rises once a second while people clap, each kind by itself", () => {
  const { shown, told } = screen();

  told({ session: "room", applause: 3 });
  assert.deepEqual(shown(), { applause: "3" });
  told({ session: "room", applause: 4, heart: 1 });
  told({ session: "room", applause: 2 });
  assert.deepEqual(shown(), { applause: "3", heart: "1" });
  mock.timers.tick(1000);

  assert.deepEqual(shown(), { applause: "9", heart: "1" });
});

test("it goes when it is over, and the next applause begins anew", () => {
  const { shown, told } = screen();
  told({ applause: 5 });
  mock.timers.tick(5000);
  told({ applause: 1 });
  mock.timers.tick(5999);
  assert.deepEqual(shown(), { applause: "6" });

  mock.timers.tick(1);
  assert.deepEqual(shown(), {});
  told({ applause: 2 });

  assert.deepEqual(shown(), { applause: "2" });
});
