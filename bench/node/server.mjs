// The comparison: the smallest socket.io server that gives a room the same messages, all in memory.
// Nothing is kept, checked or remembered: every replay would count again.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Server } from "socket.io";

const [port, gatherMs, roomsFile] = process.argv.slice(2);
const rooms = new Map();
for (const { id, items } of JSON.parse(readFileSync(roomsFile, "utf8"))) {
  const questions = new Map(items.map((item) => [item.id, item]));
  rooms.set(id, { id, revision: 0, told: 0, questions, changed: new Set(), timer: null });
}

const http = createServer((_request, response) => response.end("ok"));
const io = new Server(http, {
  transports: ["websocket"],
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
});
const live = io.of("/live");

function tell(room) {
  room.timer = null;
  const items = [...room.changed];
  room.changed.clear();
  live.to(room.id).emit("session:changes", {
    session: room.id,
    epoch: "node",
    from: room.told,
    to: room.revision,
    items,
  });
  room.told = room.revision;
}

live.on("connection", (socket) => {
  socket.on("session:enter", ({ session }, answer) => {
    socket.join(session);
    answer({ ok: true, session, revision: rooms.get(session).revision });
  });
  socket.on("question:support", ({ session, question, on }, answer) => {
    const room = rooms.get(session);
    const item = room.questions.get(question);
    item.support += on ? 1 : -1;
    item.revision = ++room.revision;
    room.changed.add(item);
    answer({ ok: true, revision: room.revision, id: question, support: item.support, on });
    if (+gatherMs === 0) tell(room);
    else room.timer ??= setTimeout(tell, +gatherMs, room);
  });
});

http.listen(+port, "127.0.0.1", () => console.log("ready"));
