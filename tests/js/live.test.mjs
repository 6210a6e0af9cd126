// The connection of a page to its room: state, not events. Whoever missed a message asks and is right again.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { heard, settled } from "./setup.mjs";
import { sockets } from "./socket.mjs";

const { Away, Live } = await import("../../static/js/live.js");

const TOLD = ["items", "mine", "present", "room", "anew", "status", "reactions"];
const WHOLE = { ok: true, epoch: "e1", from: 0, to: 7, revision: 7, items: [{ id: "a" }], audience: "hall", mine: { questions: [] }, present: 3 };
const changes = (from, to, more = {}) => ({ session: "room", epoch: "e1", from, to, items: [{ id: `r${to}` }], ...more });

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_800_000_000_000 });
  document.head.innerHTML = '<meta name="live-token" content="the token of this page">';
  document.body.innerHTML = '<p data-revision="5"></p>';
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function page({ known = "yes" } = {}) {
  const place = document.createElement("div");
  Object.assign(place.dataset, {
    session: "room", epoch: "e1", revision: "5", known, stateUrl: "/state", opUrl: "/op", csrf: "form token",
  });
  const live = new Live(place);
  const told = heard(live, ...TOLD);
  live.start();
  return { live, told, socket: sockets.at(-1) };
}

async function entered(more) {
  const made = page(more);
  made.socket.answers.set("session:enter", WHOLE);
  await made.socket.says("connect");
  await settled();
  made.told.length = 0;
  made.socket.asked.length = 0;
  return made;
}

const of = (told, name) => told.filter(([each]) => each === name).map(([, detail]) => detail);
const statuses = (told) => of(told, "status").map(({ status }) => status);

/** The server over plain HTTP, which answers with `answer`. */
function http(answer, type = "application/json") {
  return mock.method(globalThis, "fetch", async () => new Response(JSON.stringify(answer), { headers: { "content-type": type } }));
}

test("it comes in with the token of the page, and gets everything there is", async () => {
  const { live, told, socket } = page();
  socket.answers.set("session:enter", WHOLE);

  await socket.says("connect");
  await settled();

  assert.deepEqual([socket.namespace, socket.options.auth], ["/live", { token: "the token of this page" }]);
  assert.deepEqual(socket.asked, [["session:enter", { session: "room" }]]);
  assert.deepEqual(of(told, "items"), [{ items: [{ id: "a" }], whole: true, audience: "hall" }]);
  assert.deepEqual(statuses(told), ["live"]);
  assert.equal(live.revision, 7);
});

test("what comes before the answer to coming in waits for it", async () => {
  const { told, socket } = page();
  let answer;
  socket.answers.set("session:enter", () => new Promise((resolve) => { answer = resolve; }));

  const connecting = socket.says("connect");
  await socket.says("session:changes", changes(7, 8));
  assert.deepEqual(of(told, "items"), []);
  answer(WHOLE);
  await connecting;
  await settled();

  assert.deepEqual(of(told, "items").map(({ whole, items }) => [whole, items[0].id]), [[true, "a"], [false, "r8"]]);
});

test("a change that follows on is taken as it is, one of another room is not", async () => {
  const { live, told, socket } = await entered();

  await socket.says("session:changes", changes(7, 8));
  await socket.says("session:changes", changes(8, 9, { session: "elsewhere" }));

  assert.deepEqual(of(told, "items").map(({ items }) => items[0].id), ["r8"]);
  assert.equal(live.revision, 8);
  assert.deepEqual(socket.asked, []);
});

test("where a message was missed, it asks what changed since", async () => {
  const { live, told, socket } = await entered();
  socket.answers.set("session:sync", { ok: true, epoch: "e1", from: 7, to: 10, items: [{ id: "missed" }], present: 4 });

  await socket.says("session:changes", changes(9, 10));
  await settled();

  assert.deepEqual(socket.asked, [["session:sync", { session: "room", since: 7, epoch: "e1", mine: true }]]);
  assert.deepEqual(of(told, "items").map(({ items }) => items[0].id), ["missed"]);
  assert.deepEqual(of(told, "mine"), [], "absent: nothing of it changed");
  assert.equal(live.revision, 10);
});

test("a tick that knows more than this page makes it ask, and one that does not only tells who is there", async () => {
  const { told, socket } = await entered();
  socket.answers.set("session:sync", { ok: true, epoch: "e1", from: 7, to: 9, items: [], present: 5 });

  await socket.says("session:tick", { session: "room", epoch: "e1", to: 7, present: 4 });
  await settled();
  assert.deepEqual(socket.asked, []);
  await socket.says("session:tick", { session: "room", epoch: "e1", to: 9, present: 5 });
  await settled();

  assert.equal(socket.asked.length, 1);
  assert.equal(of(told, "present")[0].present, 4);
});

test("a database that was put back starts over: no revision on the page means anything any more", async () => {
  const { live, told, socket } = await entered();
  socket.answers.set("session:sync", { ok: true, epoch: "e2", from: 0, to: 2, items: [], present: 1 });
  socket.answers.set("session:enter", { ...WHOLE, epoch: "e2", revision: 2 });

  await socket.says("session:changes", changes(0, 2, { epoch: "e2" }));
  await settled();

  assert.deepEqual([live.epoch, live.revision], ["e2", 2]);
  assert.equal(of(told, "anew").length, 1);
  assert.equal(document.querySelector("[data-revision]").dataset.revision, "-1");
});

test("what is done goes over the socket once it is in, and there is nobody to send it to before", async () => {
  const { live } = page();
  await assert.rejects(live.send("question:ask", { op: "1" }), Away);

  const { live: inside, socket } = await entered();
  socket.answers.set("question:ask", { ok: true });
  assert.deepEqual(await inside.send("question:ask", { op: "1" }), { ok: true });
  assert.deepEqual(socket.asked, [["question:ask", { session: "room", op: "1" }]]);
});

test("no answer in time is being away", async () => {
  const { live } = await entered();

  await assert.rejects(live.send("question:ask", { op: "1" }), Away);
});

test("who was logged out elsewhere sees so, and gets that as the answer to what they send", async () => {
  const { live, told, socket } = page();
  socket.answers.set("session:enter", { ...WHOLE, mine: {} });

  await socket.says("connect");
  await settled();

  assert.deepEqual(statuses(told), ["out"]);
  assert.equal((await live.send("question:ask", { op: "1" })).error.code, "house.login_needed");
});

test("a room that is closed for good is said in the server's words, and not asked for again", async () => {
  const { told, socket } = page();
  socket.answers.set("session:enter", { ok: false, error: { code: "programme.not_live", message: "It is over." } });

  await socket.says("connect");
  await settled();
  mock.timers.tick(5000);
  await settled();

  assert.deepEqual(of(told, "status").map(({ status, text }) => [status, text]), [["out", "It is over."]]);
  assert.equal(socket.asked.length, 1);
});

test("a server that gives no answer to coming in gets more time and more rest each time", async () => {
  const { socket } = page();

  await socket.says("connect");
  await settled();
  const first = socket.patience;
  mock.timers.tick(1100);
  assert.equal(socket.connects, 1);
  await socket.says("connect");
  await settled();

  assert.deepEqual([first, socket.patience], [4000, 8000]);
});

test("when the server falls silent it asks by itself", async () => {
  const { socket } = await entered();
  socket.answers.set("session:sync", { ok: true, epoch: "e1", from: 7, to: 7, items: [], present: 3 });

  mock.timers.tick(11_000);
  await settled();
  assert.deepEqual(socket.asked.filter(([event]) => event === "session:sync"), []);
  mock.timers.tick(13_100);
  await settled();

  assert.equal(socket.asked.filter(([event]) => event === "session:sync").length, 1);
});

test("while nobody answers it asks less and less often, not at each tick", async () => {
  const { socket } = await entered();

  await socket.says("session:tick", { session: "room", epoch: "e1", to: 9, present: 5 });
  await settled();
  await socket.says("session:tick", { session: "room", epoch: "e1", to: 9, present: 5 });
  await settled();
  assert.equal(socket.asked.length, 1);
  mock.timers.tick(8000);
  await socket.says("session:tick", { session: "room", epoch: "e1", to: 9, present: 5 });
  await settled();

  assert.ok(socket.asked.length > 1);
});

test("where no socket gets through it asks over HTTP, and what is done is posted", async () => {
  const { live, told, socket } = page();
  const fetched = http({ ok: true, epoch: "e1", from: 5, to: 6, items: [{ id: "b" }], mine: { questions: [] }, present: 1, room: { phase: "live" } });

  await socket.says("connect_error", new Error("websocket error"));
  await socket.says("connect_error", new Error("websocket error"));
  await settled();
  assert.deepEqual(statuses(told), ["away", "detour"]);
  assert.equal(fetched.mock.calls[0].arguments[0], "/state?since=5&epoch=e1");
  await live.send("question:ask", { op: "1" });

  const [url, how] = fetched.mock.calls.at(-1).arguments;
  assert.equal(url, "/op");
  assert.equal(how.headers["X-CSRFToken"], "form token");
  assert.deepEqual(JSON.parse(how.body), { event: "question:ask", message: { session: "room", op: "1" } });
});

test("a page of a captive portal is no answer", async () => {
  const { live, told, socket } = page();
  http("<h1>Welcome to the hotel</h1>", "text/html");

  await socket.says("connect_error", new Error("websocket error"));
  await socket.says("connect_error", new Error("websocket error"));
  await settled();

  assert.deepEqual(statuses(told), ["away"]);
  await assert.rejects(live.send("question:ask", { op: "1" }), Away);
});

test("a server that closed the connection is called again by us; otherwise the library does", async () => {
  const { socket, told } = await entered();

  await socket.says("disconnect", "transport close");
  mock.timers.tick(3000);
  assert.equal(socket.connects, 0);
  await socket.says("disconnect", "io server disconnect");
  mock.timers.tick(3000);

  assert.equal(socket.connects, 1);
  assert.deepEqual(statuses(told), ["away"]);
});

test("rights that changed mean another audience: a new snapshot", async () => {
  const { socket, told } = await entered();

  await socket.says("rights:changed");
  await settled();

  assert.equal(of(told, "items")[0].whole, true);
});
