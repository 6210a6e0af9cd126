// The way of one question, as templates/macros/timeline.html draws it.
import { say } from "./words.js";

/** @typedef {{name: string, state: string, on: string | null, who: string | null, due_on: string | null, is_late: boolean}} Step */

/**
 * Draw the steps anew; nothing happens where they are the same.
 *
 * @param {Element | null} list
 * @param {Step[]} steps
 */
export function drawTimeline(list, steps) {
  if (!list) return;
  const told = JSON.stringify(steps);
  if (/** @type {HTMLElement} */ (list).dataset.told === told) return;
  /** @type {HTMLElement} */ (list).dataset.told = told;
  list.replaceChildren(...steps.map(line));
}

/** @param {Step} step */
function line(step) {
  const item = document.createElement("li");
  item.className = `timeline__step timeline__step--${step.state}`;
  if (step.state === "now") item.setAttribute("aria-current", "step");
  const what = item.appendChild(span("timeline__what"));
  const hidden = step.state === "now" ? "" : " visually-hidden";
  what.append(span(`timeline__state${hidden}`, `${say(`step_state.${step.state}`)}:`), ` ${say(`step.${step.name}`)}`);
  const day = step.on ?? step.due_on;
  if (!day && !step.who) return item;
  const when = item.appendChild(span("timeline__when"));
  if (!step.on && step.due_on) when.append(`${say(step.is_late ? "step.late" : "step.due")} `);
  if (day) when.append(dated(day));
  if (step.who) {
    const who = document.createElement("bdi");
    who.lang = "nl";
    who.textContent = step.who;
    when.append(day ? ", " : "", who);
  }
  return item;
}

/**
 * @param {string} name
 * @param {string} [text]
 */
function span(name, text = "") {
  const made = document.createElement("span");
  made.className = name;
  made.textContent = text;
  return made;
}

/** @param {string} day */
function dated(day) {
  const made = document.createElement("time");
  made.dateTime = day;
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  made.textContent = new Date(`${day}T12:00Z`).toLocaleDateString(language, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return made;
}
