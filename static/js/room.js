// Session room, live. The page is complete without this. Who only reads along fetches nothing to write with.
import { showConnection, showPresent } from "./cards.js";
import { keepFocus } from "./focus.js";
import { followExtras } from "./extras.js";
import { Hall } from "./hall.js";
import { later } from "./later.js";
import { Live } from "./live.js";
import { Outbox } from "./outbox.js";
import { drawCount, drawOpenPoll, followParts } from "./parts.js";
import { RoomClock } from "./room_clock.js";
import { followRoom } from "./room_state.js";
import { announce } from "./ui.js";
import { say } from "./words.js";

const room = document.querySelector("[data-room]");
/** @type {HTMLFormElement} */
const form = room.querySelector("[data-ask]");

const live = new Live(room);
const own = live.known ? await import("./own.js") : null; // the page told the browser to fetch it already
const outbox = new Outbox(live.session, room.dataset.outbox, (event, message) => live.send(event, message));
const hall = new Hall(room, outbox);
const mine = own && new own.Mine(room, outbox);
const withBallots = later(async () => {
  const { Ballots } = await import("./polls.js");
  const ballots = new Ballots(room.querySelector("[data-polls]"), outbox, room.dataset.csrf);
  ballots.addEventListener("drawn", () => drawOpenPoll(room, ballots.chosen));
  return ballots;
});
const withCaptions = later(async () => {
  const { Captions } = await import("./captions.js");
  return new Captions(room.querySelector("[data-captions]"));
});
const withUrgent = later(async () => {
  const { Urgent } = await import("./urgent.js");
  return new Urgent();
});
const withTables = later(async () => {
  const { Tables } = await import("./breakouts.js");
  return new Tables(room.querySelector("[data-tables]"));
});
const withBroadcasts = later(async () => {
  const { Broadcasts } = await import("./broadcasts.js");
  return new Broadcasts();
});
const ask = form && new own.AskForm(form, outbox);
const clapping = room.querySelector("[data-reactions]");
if (clapping) own.reactions(clapping, live);
const keepTyped = form && own.keepDraft(form, `dvb-draft:${live.session}:${room.dataset.outbox}`);
const clock = new RoomClock(room);
/** Whether the moderators let people ask; until we hear of it, as the page was printed. */
let isOpen = room.querySelector("[data-asking-closed]").hidden;

form?.addEventListener("focusin", fetchHints, { once: true });

const hasPolls = () => room.querySelector("[data-poll]") !== null;
const hasCaptions = () => !room.querySelector("[data-captions]").hidden;
const hasTables = () => room.querySelector("[data-tables]:not([hidden])") !== null;
const hasBroadcasts = () => document.querySelector("[data-broadcast]") !== null;
const tells = ({ items }, kind) => items.some((item) => item.kind === kind);

/** Hints while one types: fetched with the first focus. */
async function fetchHints() {
  try {
    const { lookAgain } = await import("./look_again.js");
    ask.lookAgain = lookAgain(form, () => hall.texts());
    ask.lookAgain();
  } catch {
    // No connection: what is typed is sent without hints.
  }
}

/** Whether one can ask here now. Closing takes nothing away that somebody is typing. */
function drawAsking() {
  const open = isOpen && !["ended", "cancelled"].includes(room.dataset.phase);
  const closed = room.querySelector("[data-asking-closed]");
  if (closed.hidden !== open) {
    closed.hidden = open;
    if (!open) announce(closed.textContent);
  }
  if (!form) return;
  form.hidden = !open && !form.elements.text.value;
  form.querySelector("[data-send]").hidden = !open;
}

/** @param {{open: boolean, minutes_between: number}} item */
function arrange({ open, minutes_between: minutes }) {
  isOpen = open;
  drawAsking();
  const pause = form?.querySelector("[data-asking-pause]");
  if (!pause) return;
  pause.hidden = !minutes;
  pause.textContent = minutes ? say("asking.pause", minutes) : "";
}

/** Another phase: what was printed for it comes forward. Nothing that somebody types in goes. */
function drawPhase({ phase }) {
  room.dataset.phase = phase;
  if (phase === "ended") hall.over();
  keepFocus(document.body, () => {
    for (const part of document.querySelectorAll("[data-in-phase]")) part.hidden = !part.dataset.inPhase.split(" ").includes(phase);
  });
  drawAsking();
}

outbox.addEventListener("received", ({ detail }) => {
  if (detail.event === "poll:ballot") withBallots((ballots) => ballots.received(detail));
  else if (detail.event === "question:support") hall.supportReceived(detail.answer);
  else if (detail.answer.question) mine?.apply([detail.answer.question]);
  if (detail.event === "question:ask" && mine) mine.box.open = true;
});
outbox.addEventListener("refused", ({ detail }) => {
  if (detail.event === "poll:ballot") withBallots((ballots) => ballots.refused(detail));
  else if (detail.event === "question:support") hall.supportRefused(detail);
  else if (detail.event === "question:withdraw") mine?.refused(detail);
  else if (ask?.refused(detail)) keepTyped();
  else if (detail.event === "question:ask") mine?.keep(detail);
});
outbox.addEventListener("old", ({ detail }) => {
  // A press of a button of long ago says nothing about now; a question that was written does.
  if (detail.event !== "question:ask") outbox.forget(detail);
});

live.addEventListener("items", ({ detail }) => {
  hall.apply(detail);
  if (hasPolls() || tells(detail, "poll")) withBallots((ballots) => ballots.panel.apply(detail));
  if (hasCaptions() || tells(detail, "caption")) withCaptions((captions) => captions.apply(detail));
  for (const item of detail.items) if (item.kind === "asking") arrange(item);
  if (hasBroadcasts() || tells(detail, "broadcast")) withBroadcasts((broadcasts) => broadcasts.apply(detail));
  if (hasTables() || tells(detail, "breakout_round")) withTables((tables) => tables.apply(detail));
  drawCount(room, hall);
  if (!detail.whole && mine?.concerns(detail.items)) live.catchUp();
});
live.addEventListener("mine", ({ detail }) => {
  mine?.apply(detail.questions ?? []);
  // A moderator read that somebody is in danger: the numbers to call come first.
  if (detail.questions?.some((item) => item.hidden_reason === "urgent")) withUrgent((urgent) => urgent.look());
  if (detail.ballots && (hasPolls() || Object.keys(detail.ballots).length)) withBallots((ballots) => ballots.setMine(detail.ballots));
  if (detail.seat) withTables((tables) => tables.mine(detail.seat));
  if (detail.supported) hall.setSupported(detail.supported);
});
live.addEventListener("room", ({ detail }) => clock.heard(detail));
clock.addEventListener("room", ({ detail }) => drawPhase(detail));
live.addEventListener("anew", () => hall.fresh.clear());
live.addEventListener("present", ({ detail }) => showPresent(detail.present));
live.addEventListener("status", ({ detail }) => {
  showConnection(detail);
  if (detail.status === "live" || detail.status === "detour") outbox.flush();
});

drawAsking(); // what was typed before a reload stays readable in a room that closed meanwhile
followParts(room);
followExtras(live);
followRoom(clock);
clock.start();
live.start();
if (live.known) outbox.open();
await Promise.all([hasPolls() && withBallots(() => {}), hasCaptions() && withCaptions(() => {}), hasBroadcasts() && withBroadcasts(() => {})]);
room.dataset.script = "ready";
