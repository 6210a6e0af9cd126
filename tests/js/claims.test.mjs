// A claim on a question: whose it is, and that it lapses by the clock of the server.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { words } from "./setup.mjs";

words("claim.by", "claim.was");
const { Claims } = await import("../../static/js/claims.js");
const page = document.body.innerHTML;
const soon = () => new Date(Date.now() + 60_000).toISOString();
const past = () => new Date(Date.now() - 1_000).toISOString();
let claims;
let card;

beforeEach(() => {
  document.body.innerHTML = `${page}<div data-desk data-me="me"><article data-question="a"><p data-part="said">Gedaan.</p>
    <form data-claim="free"></form><form data-claim="own" hidden></form><p data-claim="other" hidden><span data-part="claim-by"></span></p></article></div>`;
  claims = new Claims(document.querySelector("[data-desk]"));
  card = document.querySelector("[data-question]");
});

const shown = () => [...card.querySelectorAll("[data-claim]")].filter((each) => !each.hidden).map((each) => each.dataset.claim);

test("one's own claim, a colleague's, and none", () => {
  claims.fill(card, { by: "Jolien", who: "me", until: soon() });
  assert.deepEqual(shown(), ["own"]);
  claims.fill(card, { by: "Ruben", who: "other", until: soon() });
  assert.deepEqual(shown(), ["other"]);
  claims.fill(card, null);
  assert.deepEqual(shown(), ["free"]);
});

test("what lapsed is nobody's, also when nobody says so", () => {
  claims.fill(card, { by: "Ruben", who: "other", until: past() });
  assert.deepEqual(shown(), ["free"]);
  claims.fill(card, { by: "Ruben", who: "other", until: soon() });
  card.dataset.claimUntil = past();
  claims.look();
  assert.deepEqual([shown(), card.dataset.claimUntil], [["free"], undefined]);
});

test("who decides hears that a colleague was looking, beside what was said", () => {
  claims.was("a", "Ruben");
  assert.match(card.querySelector("[data-part=said]").textContent, /^Gedaan\. \[claim\.was\]/);
  claims.was("a", undefined);
  assert.equal(card.querySelector("[data-part=said]").textContent.split("claim.was").length, 2);
});
