// A card of the desk: made from the template of the page, and filled with what an item says. What is typed in it stays.
import { cloned, fillQuestion, show, write } from "./cards.js";
import { say } from "./words.js";

/**
 * Fill a card with what is so now.
 *
 * @param {any} card
 * @param {Record<string, any>} item
 * @param {{base: string, claims: import("./claims.js").Claims}} desk `base`: the address of its questions
 */
export function fill(card, item, { base, claims }) {
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
  fillMerged(card, item.merged ?? [], base);
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
function fillMerged(card, merged, base) {
  const list = card.querySelector('[data-part="merged"]');
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(...merged.map((each) => {
    const line = cloned("#merged-template");
    const form = line.querySelector("form");
    form.action = `${base}/${each.id}/uit-elkaar`;
    form.elements.question.value = each.id;
    form.elements.seen.value = each.seen;
    write(line, "merged-text", each.text);
    return line;
  }));
  show(card, "merged-box", merged.length > 0);
  if (merged.length) write(card, "merged-count", merged.length === 1 ? say("merged.one") : say("merged.many", merged.length));
  if (hadFocus) card.focus({ preventScroll: true });
}

/** Whether something is typed there that was not sent. */
export function isTypedIn(place) {
  return [...place.querySelectorAll("textarea, input[name=note]")].some((field) => field.value !== field.defaultValue);
}

/** A new card for this question, empty. */
export function made(id, base) {
  const card = cloned("#question-template");
  card.dataset.revision = "-1";
  card.dataset.arrived = "";
  for (const form of card.querySelectorAll("form")) form.action = `${base}/${id}${form.getAttribute("action")}`;
  const elsewhere = card.querySelector('[data-part="elsewhere"]');
  elsewhere.href = `${base}/${id}${elsewhere.getAttribute("href")}`;
  const several = card.querySelector('[data-part="several"]');
  several.href = `${base.replace(/\/vragen$/, "/regie/meer")}?van=${id}`;
  // Labels and errors are tied to fields by id; each card needs its own.
  for (const field of card.querySelectorAll("[id]")) field.id += id;
  for (const label of card.querySelectorAll("label[for]")) label.htmlFor += id;
  for (const field of card.querySelectorAll("[aria-describedby]")) field.setAttribute("aria-describedby", field.getAttribute("aria-describedby") + id);
  return card;
}
