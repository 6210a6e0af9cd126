// A client of the live rooms, written from docs/live-protocol.md alone. It follows one session and does
// what it is told, a line of JSON each: {"do": …}. After each it prints what it knows.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [url, slug, cookie] = process.argv.slice(2);
const opened = await fetch(`${url}/sessies/${slug}/live`, { headers: { Cookie: cookie } });
const page = await opened.text();
const headers = { Cookie: opened.headers.get("set-cookie")?.split(";")[0] ?? cookie, Accept: "application/json" };
const found = (pattern) => page.match(pattern)[1];
const session = found(/data-session="([^"]+)"/);
const csrf = found(/data-csrf="([^"]*)"/);
const token = found(/<meta name="live-token" content="([^"]+)"/);

const items = new Map();
const own = new Map();
let epoch = "";
let revision = 0;
let syncs = 0;

function apply(changed) {
  for (const item of changed) {
    const key = `${item.kind} ${item.id}`;
    if (item.revision < (items.get(key)?.revision ?? 0)) continue;
    item.gone ? items.delete(key) : items.set(key, item);
  }
}

function mine(questions = []) {
  for (const question of questions) own.set(question.id, question);
}

async function sync() {
  syncs += 1;
  const answer = await socket.emitWithAck("session:sync", { session, since: revision });
  if (answer.epoch !== epoch) return enter();
  apply(answer.items);
  mine(answer.mine.questions);
  revision = Math.max(revision, answer.to);
}

async function enter() {
  const answer = await socket.emitWithAck("session:enter", { session });
  items.clear();
  apply(answer.items);
  mine(answer.mine.questions);
  ({ epoch, revision } = answer);
  return answer;
}

const socket = io(`${url}/live`, {
  transports: ["websocket"],
  auth: { token },
  extraHeaders: { ...headers, Origin: url },
  reconnection: false,
});
socket.on("session:changes", (message) => {
  if (message.session !== session) return;
  if (message.epoch !== epoch || message.from > revision) return void sync();
  apply(message.items);
  revision = Math.max(revision, message.to);
});
socket.on("session:mine", (message) => message.session === session && mine(message.items));
socket.on("session:tick", (message) => message.session === session && message.to > revision && sync());

async function overHttp(event, message) {
  const response = await fetch(`${url}/sessies/${slug}/live/op`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json", "X-CSRFToken": csrf, Referer: url },
    body: JSON.stringify({ event, message }),
  });
  return response.json();
}

const deeds = {
  enter,
  send: ({ event, message }) => socket.emitWithAck(event, { session, ...message }),
  http: ({ event, message }) => overHttp(event, message),
  state: async () => (await fetch(`${url}/sessies/${slug}/live/state?since=${revision}&epoch=${epoch}`, { headers })).json(),
  leave: () => socket.disconnect() && {},
  come_back: () => new Promise((done) => socket.once("connect", () => done({})).connect()),
  sync: async () => (await sync(), {}),
  look: () => ({}),
};

function tell(answer) {
  console.log(JSON.stringify({ answer, items: [...items.values()], own: [...own.values()], revision, syncs }));
}

socket.on("connect_error", (error) => tell({ refused: error.message, data: error.data }));
socket.once("connect", async () => {
  tell({ session });
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    if (order.do === "end") break;
    tell(await deeds[order.do](order));
  }
  socket.disconnect();
  process.exit(0);
});
