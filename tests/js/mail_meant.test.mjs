// A hint for a mistyped mail address, and none for a right one.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./setup.mjs";

const { meant, mistakesBetween } = await import("../../static/js/mail_meant.js");
const DOMAINS = ["gmail.com", "hotmail.com", "hotmail.nl", "live.nl", "ziggo.nl", "mail.com", "me.com"];

test("letters swapped, dropped, doubled or changed are one mistake", () => {
  for (const typed of ["gmial.com", "gmal.com", "ggmail.com", "gnail.com", "gmail.con"]) {
    assert.equal(mistakesBetween(typed, "gmail.com"), 1, typed);
    assert.equal(meant(`anna@${typed}`, DOMAINS), "anna@gmail.com", typed);
  }
  assert.equal(mistakesBetween("", "abc"), 3);
});

test("what is right, or far from all of them, gives no hint", () => {
  for (const typed of ["anna@gmail.com", "anna@MAIL.com", "anna@lindermond.nl", "anna@", "gmial.com", "", "anna@mij.nl"]) {
    assert.equal(meant(typed, DOMAINS), "", typed);
  }
});
