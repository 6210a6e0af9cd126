// Hints while somebody types: near-duplicates and personal data. Hints, never a refusal.
// The text is compared in the page and stays there until it is sent.
import { similar } from "./similar.js";
import { say } from "./words.js";

/** @typedef {{id: string, text: string, answer: string, status: string}} Question */

const PAUSE_MS = 700;
const LEAST_LETTERS = 12;

/**
 * Watch the form's text.
 *
 * @param {HTMLFormElement} form
 * @param {() => Question[]} questions what the hall reads now
 */
export function lookAgain(form, questions) {
  const everywhere = new Set((form.dataset.everywhere ?? "").split(" "));
  /** @type {RegExp[]} */
  const patterns = JSON.parse(form.dataset.hints ?? "[]").map((/** @type {string} */ pattern) => new RegExp(pattern));
  const hint = /** @type {HTMLElement} */ (form.querySelector("[data-hint]"));
  const box = /** @type {HTMLElement} */ (form.querySelector("[data-similar]"));
  let shown = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function look() {
    const text = form.elements.text.value;
    const words = patterns.some((pattern) => pattern.test(text)) ? say("ask.hint") : "";
    if (hint.textContent !== words) hint.textContent = words;
    const found = text.length < LEAST_LETTERS ? [] : similar(text, questions(), everywhere);
    const ids = found.map((question) => question.id).join();
    if (ids === shown) return; // a screen reader hears it once
    shown = ids;
    box.replaceChildren(...(found.length ? offered(found) : []));
  }

  form.elements.text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  form.addEventListener("reset", look);
  return look;
}

/**
 * Lead to what was asked before: to its answer where there is one, otherwise to where it can be supported.
 *
 * @param {Question[]} found
 */
function offered(found) {
  const words = document.createElement("p");
  const canSupport = found.some((question) => !question.answer && question.status !== "forwarded");
  words.textContent = say(canSupport ? "ask.similar" : "ask.similar_answered");
  const list = document.createElement("ul");
  for (const { id, text, answer, status } of found) {
    const link = document.createElement("a");
    link.href = `#vraag-${id}`;
    link.textContent = text;
    link.dir = "auto";
    link.addEventListener("click", () => goTo(id));
    const line = document.createElement("li");
    line.append(link);
    if (answer) {
      const said = document.createElement("p");
      said.textContent = `${say("ask.answer")} ${answer}`;
      said.dir = "auto";
      line.append(said);
    } else if (status === "forwarded") {
      const way = document.createElement("a");
      way.href = `/vragen/${id}`;
      way.textContent = say("ask.forwarded");
      const said = document.createElement("p");
      said.append(way);
      line.append(said);
    }
    list.append(line);
  }
  return [words, list];
}

/**
 * The field folds, since it would lie over the question that one is led to. What was typed stays in it.
 *
 * @param {string} id
 */
function goTo(id) {
  const question = document.getElementById(`vraag-${id}`);
  if (!question) return;
  question.tabIndex = -1;
  question.focus({ preventScroll: true }); // the link itself scrolls, clear of what stays on the screen
}
