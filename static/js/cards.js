// Renders an item into the server's own <template>. Text only, never markup (XSS).
import { byLine, say } from "./words.js";

export function part(card, name) {
  return card.querySelector(`[data-part="${name}"]`);
}

export function write(card, name, text) {
  const place = part(card, name);
  if (place && place.textContent !== text) place.textContent = text;
}

export function show(card, name, visible) {
  const place = part(card, name);
  if (place) place.hidden = !visible;
}

export function cloned(id) {
  return document.querySelector(id).content.firstElementChild.cloneNode(true);
}

function languageName(code) {
  return new Intl.DisplayNames([document.documentElement.lang || "nl"], { type: "language" }).of(code);
}

/** What every kind of card of a question shares. */
export function fillQuestion(card, item) {
  card.dataset.revision = item.revision;
  card.dataset.status = item.status;
  write(card, "text", item.text);
  part(card, "text").lang = item.lang ?? "";
  write(card, "by", byLine(item.by));
  const language = item.lang && item.lang !== "nl" ? languageName(item.lang) : "";
  write(card, "language", language);
  show(card, "language", Boolean(language));
  write(card, "type", item.type === "question" ? "" : say(`type.${item.type}`));
  show(card, "type", item.type !== "question");
  write(card, "support", String(item.support));
  write(card, "answer", item.answer ?? "");
  write(card, "answered-by", item.answered_by ?? "");
  write(card, "reason", item.hidden_reason ? say(`reason.${item.hidden_reason}`) || say("reason.new") : "");
  write(card, "note", item.hidden_note ?? "");
  show(card, "reason-box", Boolean(item.hidden_reason));
}

/** Windows light up as people come in; the number stands beside it in words. */
export function showPresent(present) {
  for (const place of document.querySelectorAll("[data-present]")) {
    place.textContent = present === 1 ? say("present.one") : say("present.many", present);
  }
  for (const place of document.querySelectorAll("[data-present-number]")) place.textContent = String(present);
  const lit = Math.ceil(present / 10);
  for (const window of document.querySelectorAll("[data-street] [data-at]")) {
    window.classList.toggle("lit", Number(window.dataset.at) < lit);
  }
}

/** The line that says how the connection is. Silent while all is well. */
export function showConnection({ status, before, text }) {
  const line = document.querySelector("[data-connection]");
  const words = { away: "connection.away", detour: "connection.slow", out: "connection.out" };
  line.textContent = text ?? (words[status] ? say(words[status]) : before === "connecting" ? "" : say("connection.back"));
  line.dataset.status = status;
  if (status === "live") setTimeout(() => line.dataset.status === "live" && (line.textContent = ""), 4000);
}
