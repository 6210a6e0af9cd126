// Desk of the moderator, live. The page is complete without this.
import { Backstage } from "./backstage.js";
import { Claims } from "./claims.js";
import { Lanes } from "./lanes.js";
import { followWaits, likest } from "./waiting.js";
import { followCalls } from "./breakouts.js";
import { Broadcasts } from "./broadcasts.js";
import { cloned, fillQuestion, show, showConnection, showPresent, write } from "./cards.js";
import { followExtras } from "./extras.js";
import { keepFocus } from "./focus.js";
import { Keys, deedsOf } from "./keys.js";
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
import { announce } from "./ui.js";
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

function fill(card, item) {
  fillQuestion(card, item);
  card.dataset.askedAt = item.asked_at;
  card.dataset.asked = item.asked ?? "";
  card.dataset.arrived ||= String(item.revision);
  write(card, "asked", item.asked === 1 ? say("asked.first") : item.asked ? say("asked.more", item.asked) : "");
  show(card, "asked-box", Boolean(item.asked));
  show(card, "mentions", Boolean(item.mentions));
  claims.fill(card, item.claim);
  card.id = `vraag-${item.id}`;
  card.dataset.question = item.id;
  card.dataset.deskRevision = item.desk_revision;
  for (const field of card.querySelectorAll('[name="seen"]')) field.value = item.desk_revision;
  fillMerged(card, item.merged ?? []);
  show(card, "answer", Boolean(item.answer));
  const answer = card.querySelector('[name="text"]');
  // What is being typed stays, and says instead of which answer: one that came meanwhile was not read yet.
  if (answer.value === answer.defaultValue) answer.form.elements.instead_of.value = item.answer ?? "";
  answer.defaultValue = item.answer ?? "";
  const name = item.by.as === "name" ? (item.by.hidden ? "hidden" : "shown") : "none";
  for (const form of card.querySelectorAll("[data-name]")) form.hidden = form.dataset.name !== name;
  for (const deed of card.querySelectorAll("[data-in]")) {
    deed.hidden = !deed.dataset.in.split(" ").includes(item.status) && !isTypedIn(deed);
  }
}

/** What is merged into this one, each with a way out again. */
function fillMerged(card, merged) {
  const list = card.querySelector('[data-part="merged"]');
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(...merged.map((each) => {
    const line = cloned("#merged-template");
    const form = line.querySelector("form");
    form.action = `${desk.dataset.base}/${each.id}/uit-elkaar`;
    form.elements.question.value = each.id;
    form.elements.seen.value = each.seen;
    write(line, "merged-text", each.text);
    return line;
  }));
  show(card, "merged-box", merged.length > 0);
  if (merged.length) write(card, "merged-count", merged.length === 1 ? say("merged.one") : say("merged.many", merged.length));
  if (hadFocus) card.focus({ preventScroll: true });
}

/** The question whose turn it is, as this desk shows it; null for none. */
function onStage() {
  return desk.querySelector('[data-column="live"] [data-question]')?.dataset.question ?? null;
}

function isTypedIn(place) {
  return [...place.querySelectorAll("textarea, input[name=note]")].some((field) => field.value !== field.defaultValue);
}

function made(id) {
  const card = cloned("#question-template");
  card.dataset.revision = "-1";
  card.dataset.arrived = "";
  for (const form of card.querySelectorAll("form")) form.action = `${desk.dataset.base}/${id}${form.getAttribute("action")}`;
  const elsewhere = card.querySelector('[data-part="elsewhere"]');
  elsewhere.href = `${desk.dataset.base}/${id}${elsewhere.getAttribute("href")}`;
  const several = card.querySelector('[data-part="several"]');
  several.href = `${desk.dataset.base.replace(/\/vragen$/, "/regie/meer")}?van=${id}`;
  // Labels and errors are tied to fields by id; each card needs its own.
  for (const field of card.querySelectorAll("[id]")) field.id += id;
  for (const label of card.querySelectorAll("label[for]")) label.htmlFor += id;
  for (const field of card.querySelectorAll("[aria-describedby]")) field.setAttribute("aria-describedby", field.getAttribute("aria-describedby") + id);
  return card;
}

function apply({ items, whole }) {
  const questions = items.filter((item) => item.kind === "question").sort(byWait);
  for (const item of questions) put(item);
  for (const item of items) if (item.kind === "asking") drawAsking(item);
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
  card ??= made(item.id);
  const from = card.closest("[data-column]");
  const hadFocus = card.contains(document.activeElement);
  // Where it stood a line stays that says where it went: the next question does not come up under
  // a finger that is already on its way. A card that is typed in stays itself.
  const moves = from !== column && (isOwn || !isTypedIn(card));
  if (from && moves) leaveMark(card, say(`now.${item.status}`), item.id);
  fill(card, item);
  if (!from) sift.arrived(card);
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
const lanes = new Lanes(document.querySelector("[data-live-desk]"), count);
const twins = likest(desk);
const claims = new Claims(desk);
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

// --- how asking goes here ------------------------------------------------------------------------

const asking = document.querySelector("[data-asking]");

asking.addEventListener("submit", (event) => {
  event.preventDefault();
  const submitter = /** @type {HTMLButtonElement | null} */ (event.submitter);
  /** @type {HTMLFormElement} */
  const form = event.target.closest("form");
  const message = { op: newId(), seen: Number(form.elements.seen.value) };
  if (submitter?.name === "is_open") message.is_open = submitter.value === "yes";
  if (form.elements.minutes_between) message.minutes_between = Number(form.elements.minutes_between.value);
  if (form.elements.registered_only) message.registered_only = form.elements.registered_only.value === "yes";
  if (form.elements.shows_first) message.shows_first = form.elements.shows_first.value === "yes";
  outbox.put("asking:arrange", message);
});

/** @returns {HTMLInputElement[]} */
function inputs(selector) {
  return [...asking.querySelectorAll(selector)];
}

/** Another moderator may have turned a knob: it stands as it is now. */
function drawAsking(item) {
  const words = [say(item.open ? "asking.open" : "asking.closed")];
  if (item.minutes_between) words.push(say("asking.slow"));
  if (item.shows_first) words.push(say("asking.first"));
  if (item.registered_only) words.push(say("asking.registered"));
  asking.querySelector("[data-asking-now]").textContent = words.join(", ");
  for (const field of inputs('[name="seen"]')) field.value = item.revision;
  for (const button of asking.querySelectorAll("[data-when]")) button.hidden = (button.dataset.when === "open") === item.open;
  const [minutes] = inputs('[name="minutes_between"]');
  if (document.activeElement !== minutes) minutes.value = String(item.minutes_between);
  for (const choice of inputs('[name="shows_first"], [name="registered_only"]')) {
    if (!asking.contains(document.activeElement)) choice.checked = (choice.value === "yes") === item[choice.name];
  }
}

function tellAsking(sentence) {
  asking.querySelector("[data-asking-said]").textContent = sentence;
}

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
  if (event === "asking:arrange") return tellAsking(sentence);
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
  if (detail.event === "asking:arrange") {
    drawAsking(detail.answer.asking);
    outbox.change((unsent) => {
      if ("is_open" in unsent || "minutes_between" in unsent || "shows_first" in unsent || "registered_only" in unsent) unsent.seen = detail.answer.asking.revision;
    });
    return tellAsking(say("outbox.done"));
  }
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
  if (detail.event === "backstage:say" || several.told(detail)) return;
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
const heardLine = document.querySelector("[data-heard]");
const heardCount = document.querySelector("[data-heard-count]");
let heard = false; // the first snapshot brings what the page shows already

/** What a colleague says behind the scenes is heard wherever somebody is at work. */
function heardBackstage(items) {
  const fresh = items.filter((item) => item.kind === "backstage" && backstage.isNew(item));
  if (!fresh.length) return;
  heardCount.textContent = String(Number(heardCount.textContent) + fresh.length);
  heardCount.hidden = false;
  const last = fresh[fresh.length - 1];
  heardLine.querySelector("[data-heard-by]").textContent = say("backstage.new").replace("#", last.by);
  heardLine.querySelector("[data-heard-text]").textContent = last.text;
  heardLine.hidden = false;
  announce(heardLine.textContent.replace(/\s+/g, " ").trim());
}

for (const way of document.querySelectorAll('a[href="#achter-de-schermen"]')) way.addEventListener("click", () => {
  heardLine.hidden = heardCount.hidden = true;
  heardCount.textContent = "";
});

const notHere = document.querySelector("[data-not-here]");

/** Whose role was taken away is told so. What they were typing stays; what is not theirs to read goes. */
function isStillAtWork(audience) {
  const isHere = audience !== "hall";
  notHere.hidden = isHere;
  desk.hidden = !isHere && !isTypedIn(desk);
  asking.hidden = document.querySelector("[data-backstage]").hidden = document.querySelector("[data-polls]").hidden = !isHere;
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
  if (!detail.whole || heard) heardBackstage(detail.items);
  heard = true;
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
followExtras(live);
new Keys(document.querySelector("[data-keys]"), { ...deedsOf(desk), search: () => sift.open() });
live.start();
outbox.open();
desk.dataset.script = "ready";
