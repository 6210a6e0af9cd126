// Desk of the moderator, live. The page is complete without this.
import { showApplause } from "./applause.js";
import { Backstage } from "./backstage.js";
import { Claims } from "./claims.js";
import { Lanes } from "./lanes.js";
import { followWaits, likest } from "./waiting.js";
import { followCalls } from "./breakouts.js";
import { Broadcasts } from "./broadcasts.js";
import { showConnection, showPresent, write } from "./cards.js";
import { Asking } from "./desk_asking.js";
import { fill, isTypedIn, made } from "./desk_card.js";
import { followExtras } from "./extras.js";
import { keepFocus } from "./focus.js";
import { followBackstage } from "./heard.js";
import { Keys, deedsOf } from "./keys.js";
import { Labels } from "./labels.js";
import { leaveMark, tidyMarks } from "./marks.js";
import { close, mendInPlace } from "./mend.js";
import { Live } from "./live.js";
import { followRoom } from "./room_state.js";
import { Outbox, newId, whyNot } from "./outbox.js";
import { Sift } from "./sift.js";
import { Several } from "./several.js";
import { Undo } from "./undo.js";
import { PollPanel } from "./polls.js";
import { withoutReload } from "./poll_desk.js";
import { Urgent } from "./urgent.js";
import { say, waiting } from "./words.js";

const desk = document.querySelector("[data-desk]");
const live = new Live(desk);
const broadcasts = new Broadcasts();
const urgent = new Urgent();
const outbox = new Outbox(live.session, desk.dataset.outbox, (event, message) => live.send(event, message));
const SLOW_MS = 600; // before this nobody needs to hear that it is on its way
const COLUMN = { open_after: "visible", forwarded: "answered" };

function columnOf(status) {
  return desk.querySelector(`[data-column="${COLUMN[status] ?? status}"]`);
}

function cardOf(id) {
  return desk.querySelector(`[data-question="${CSS.escape(id)}"]`);
}

// --- the cards -----------------------------------------------------------------------------------

/** The question whose turn it is, as this desk shows it; null for none. */
function onStage() {
  return desk.querySelector('[data-column="live"] [data-question]')?.dataset.question ?? null;
}

function apply({ items, whole }) {
  labels.apply({ items });
  const questions = items.filter((item) => item.kind === "question").sort(byWait);
  for (const item of questions) put(item);
  for (const item of items) if (item.kind === "asking") asking.draw(item);
  drawReports(items.filter((item) => "waits" in item), whole);
  drawCalls(items, whole);
  if (whole) {
    const seen = new Set(questions.map((item) => item.id));
    for (const card of desk.querySelectorAll("[data-question]")) if (!seen.has(card.dataset.question)) takeAway(card, say("now.gone"));
  }
  count();
}

function put(item, isOwn = false) {
  let card = cardOf(item.id);
  const column = item.gone ? null : columnOf(item.status);
  if (card && item.revision < Number(card.dataset.revision)) return;
  if (!column) return void (card && takeAway(card, say(`now.${item.into ? "merged" : item.gone ? "gone" : item.status}`), item.id));
  card ??= made(item.id, desk.dataset.base);
  const from = card.closest("[data-column]");
  const hadFocus = card.contains(document.activeElement);
  // Where it stood a line stays that says where it went: the next question does not come up under
  // a finger that is already on its way. A card that is typed in stays itself.
  const moves = from !== column && (isOwn || !isTypedIn(card));
  if (from && moves) leaveMark(card, say(`now.${item.status}`), item.id);
  fill(card, item, { base: desk.dataset.base, claims });
  if (!from) {
    labels.draw(card);
    sift.arrived(card);
  }
  if (moves) lanes.put(card, column);
  // Told before it was acknowledged, or a colleague's deed: what moves loses the keyboard.
  if (hadFocus && !card.contains(document.activeElement)) (desk.querySelector(`[data-mark="${CSS.escape(item.id)}"]`) ?? card).focus({ preventScroll: true });
  twins.look();
}

/** The longest wait first, as the server sorts: a tombstone has no moment. */
function byWait(one, other) {
  return (one.asked_at ?? "").localeCompare(other.asked_at ?? "") || one.revision - other.revision;
}

function takeAway(card, sentence, id) {
  leaveMark(card, sentence, id, false);
  keepFocus(desk, () => card.remove());
  twins.look();
}

function count() {
  for (const column of desk.querySelectorAll("[data-column]")) {
    const number = column.querySelectorAll("[data-question]").length;
    for (const place of document.querySelectorAll(`[data-count="${column.dataset.column}"]`)) place.textContent = String(number);
    column.querySelector("[data-none]").hidden = column.querySelector("[data-cards]").children.length > 0;
  }
  lanes.tools();
  several.count();
}

// --- where it stands -----------------------------------------------------------------------------

const undo = new Undo(desk, outbox);
const several = new Several(desk, outbox, {
  put: (item) => put(item, true),
  offer: (event, item) => undo.offer(event, item),
  first: (error) => firstOf(error) || error.message,
  wrong,
});
const labels = new Labels(desk, outbox, { chosen: () => several.chosen, said: (sentence) => several.say(sentence) });
const lanes = new Lanes(document.querySelector("[data-live-desk]"), count);
const twins = likest(desk);
const claims = new Claims(desk);
const asking = new Asking(document.querySelector("[data-asking]"), outbox);
const sift = new Sift(document.querySelector("[data-sift]"), desk, count);

// --- what was reported ---------------------------------------------------------------------------

const reports = document.querySelector("[data-reports]");
const drawCalls = followCalls(document.querySelector("[data-table-calls]"));
const waitingReports = new Set(reports.dataset.reports.split(" ").filter(Boolean));

/** Reports and appeals that wait for a decision: the number beside the link to them. */
function drawReports(items, whole) {
  if (whole) waitingReports.clear();
  for (const item of items) waitingReports[item.waits ? "add" : "delete"](item.id);
  reports.querySelector("[data-reports-count]").textContent = String(waitingReports.size);
}

// --- deeds ---------------------------------------------------------------------------------------

desk.addEventListener("submit", (event) => {
  /** @type {HTMLFormElement} */
  const form = event.target.closest("form");
  event.preventDefault();
  const card = form.closest("[data-question]");
  const merged = form.elements.question; // of one within the card
  const message = { op: newId(), question: merged?.value ?? card.dataset.question };
  for (const name of ["text", "instead_of", "reason", "note", "into"]) {
    if (form.elements[name]) message[name] = form.elements[name].value;
  }
  if (form.elements.on) message.on = form.elements.on.value !== "";
  // What its presser saw travels along: what a colleague decides meanwhile is not undone.
  if (form.elements.seen) message.seen = Number(merged ? form.elements.seen.value : card.dataset.deskRevision);
  if (form.dataset.deed === "mend") message.seen = Number(form.dataset.seen);
  if (form.dataset.deed === "hide" && !message.reason) return void wrong(form, say("reason.choose"));
  if (form.dataset.deed === "live") message.instead_of = message.on ? onStage() : null;
  wrong(form, "");
  outbox.put(`question:${form.dataset.deed}`, message, `${form.dataset.deed}:${message.question}`);
});

function wrong(form, text) {
  const field = form.querySelector("[data-field]");
  if (!field) return;
  field.classList.toggle("field--wrong", Boolean(text));
  field.querySelector("[data-error]").hidden = !text;
  field.querySelector("[data-error-text]").textContent = text;
  const choice = form.elements.reason && !form.elements.reason.value ? field.querySelector("[name=reason]") : null;
  const input = choice ?? field.querySelector(".field__input");
  if (!text) return void input.removeAttribute("aria-invalid");
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

/** @returns {HTMLFormElement | null} */
function formOf({ event, message }) {
  if (!message.question) return null;
  return cardOf(message.question)?.querySelector(`form[data-deed="${event.split(":")[1]}"]`) ?? null;
}

function tell({ event, message }, sentence) {
  if (event === "asking:arrange") return asking.tell(sentence);
  if (event === "question:undo" && sentence && undo.refused(message.question, sentence)) return;
  const card = cardOf(message.question) ?? desk.querySelector(`[name="question"][value="${CSS.escape(message.question)}"]`)?.closest("[data-question]");
  if (card) write(card, "said", sentence);
}

outbox.addEventListener("sending", ({ detail }) => {
  setTimeout(() => outbox.entries[0] === detail && detail.state === "sending" && tell(detail, say("outbox.sending")), SLOW_MS);
});
outbox.addEventListener("waiting", ({ detail }) => tell(detail, waiting(detail)));
outbox.addEventListener("received", ({ detail }) => {
  if (detail.event === "backstage:say") return;
  if (asking.told(detail) || labels.told(detail)) return;
  if (several.told(detail)) return count();
  const id = detail.message.question;
  const form = formOf(detail);
  const hadFocus = cardOf(id)?.contains(document.activeElement);
  tell(detail, "");
  if (detail.event !== "question:merge") form?.reset();
  const unfolded = form?.closest("details");
  if (unfolded) unfolded.open = false;
  put(detail.answer.question, true);
  count();
  claims.was(id, detail.answer.busy);
  standOn(detail);
  if (detail.event === "question:mend") close(form);
  if (detail.event === "question:undo") return undo.back(cardOf(id), id);
  undo.offer(detail.event, detail.answer.question);
  // Who works by keyboard goes on where they were.
  if (hadFocus) (desk.querySelector(`[data-mark="${CSS.escape(id)}"]`) ?? cardOf(id))?.focus({ preventScroll: true });
});
/** What waits behind one's own deed stands on what that one came to. */
function standOn({ message, answer }) {
  outbox.change((unsent) => {
    if (unsent.question === message.question && unsent.seen === message.seen) unsent.seen = answer.question.desk_revision;
    if (message.on && "instead_of" in unsent && unsent.on && unsent.instead_of === message.instead_of) unsent.instead_of = message.question;
  });
}

/** Two moderators at once: whoever was second hears who was first. */
function firstOf(error) {
  return error.by || error.status === "withdrawn" || error.status === "waiting" ? say(`first.${error.deed ?? error.status}`).replace("#", error.by ?? "") : "";
}

outbox.addEventListener("refused", ({ detail }) => {
  if (detail.event === "backstage:say" || labels.told(detail) || several.told(detail)) return;
  const error = detail.answer.error;
  const first = firstOf(error);
  const form = formOf(detail);
  tell(detail, error.fields ? "" : first || whyNot(detail.answer));
  if (error.fields && form) wrong(form, whyNot(detail.answer));
  // Now the other one's answer is told: whoever presses again has both before them.
  if (form?.dataset.seen && error.status === "waiting") form.dataset.seen = cardOf(detail.message.question).dataset.deskRevision;
  if (error.answer !== undefined && form?.elements.instead_of) form.elements.instead_of.value = error.answer;
});
outbox.addEventListener("old", ({ detail }) => {
  outbox.forget(detail);
  const form = formOf(detail);
  if (detail.event === "question:danger") return tell(detail, say("danger.old"));
  // Showing or hiding of long ago says nothing about now; an answer that was written does.
  if (detail.event !== "question:answer" || !form) return;
  form.elements.text.value = detail.message.text;
  form.closest("details").open = true;
  form.closest("details").hidden = false;
  tell(detail, say("desk.old"));
});

// --- together ------------------------------------------------------------------------------------

const backstage = new Backstage(document.querySelector("[data-backstage]"), outbox);
const polls = new PollPanel(document.querySelector("[data-polls]"), { csrf: desk.dataset.csrf, spread: 0, inUse: "select, input" });
withoutReload(document.querySelector(".desk__polls"), polls);
const heard = followBackstage(backstage);
const notHere = document.querySelector("[data-not-here]");

/** Whose role was taken away is told so. What they were typing stays; what is not theirs to read goes. */
function isStillAtWork(audience) {
  const isHere = audience !== "hall";
  notHere.hidden = isHere;
  desk.hidden = !isHere && !isTypedIn(desk);
  asking.box.hidden = document.querySelector("[data-backstage]").hidden = document.querySelector("[data-polls]").hidden = !isHere;
  if (isHere) return true;
  for (const card of desk.querySelectorAll("[data-question]")) if (!isTypedIn(card)) card.remove();
  for (const place of [...desk.querySelectorAll(".desk-mark"), ...document.querySelectorAll("[data-backstage] [data-line]")]) place.remove();
  for (const sentence of desk.querySelectorAll("[data-none]")) sentence.hidden = true; // not "nobody waits"
  for (const number of document.querySelectorAll("[data-count]")) number.textContent = "";
  return false;
}

live.addEventListener("items", ({ detail }) => {
  if (detail.audience && !isStillAtWork(detail.audience)) return;
  apply(detail);
  backstage.apply(detail);
  heard(detail);
  broadcasts.apply(detail);
  if (detail.items.some((item) => item.kind === "danger")) urgent.look();
  if (!detail.whole) polls.apply(detail);
});
live.addEventListener("present", ({ detail }) => showPresent(detail.present));
live.addEventListener("status", ({ detail }) => {
  showConnection(detail);
  if (detail.status === "live" || detail.status === "detour") outbox.flush();
});
tidyMarks(count);
followWaits(desk, live);
mendInPlace(desk);
twins.look();
addEventListener("scrollend", () => twins.look(), { passive: true });
followRoom(live);
showApplause(document.querySelector("[data-clapping]"), live);
followExtras(live);
new Keys(document.querySelector("[data-keys]"), { ...deedsOf(desk), search: () => sift.open() });
live.start();
outbox.open();
desk.dataset.script = "ready";
