// Labels for scripts, printed by the server in the reader's language.
export const LOGGED_OUT = "house.login_needed";
/** @type {Map<string | undefined, string | null>} */
const words = new Map();
/** @type {HTMLTemplateElement | null} */
const printed = document.querySelector("#words");
for (const word of printed?.content.querySelectorAll("[data-word]") ?? []) {
  words.set(word.dataset.word, word.textContent);
}

/**
 * The word called `name`, with `#` replaced by `number`.
 *
 * @param {string} name
 * @param {number} [number]
 */
export function say(name, number) {
  const word = words.get(name) ?? "";
  return number === undefined ? word : word.replace("#", String(number));
}

/**
 * What to say of a deed that was not received yet: nothing is promised to somebody who is logged out.
 *
 * @param {{why?: string}} entry
 */
export function waiting(entry) {
  return say(entry.why === LOGGED_OUT ? "outbox.out" : "outbox.waiting");
}

/**
 * @typedef {object} By Who asked, as they wanted to appear.
 * @property {string} as
 * @property {string} [role]
 * @property {string} [name]
 * @property {string} [place]
 * @property {string} [mark]
 * @property {boolean} [hidden]
 * @property {string} [via]
 */

/**
 * `item.by` in words.
 *
 * @param {By} by
 */
export function byLine(by) {
  return by.via ? `${who(by)}, ${say(`via.${by.via}`)}` : who(by);
}

/** @param {By} by */
function who(by) {
  if (by.as === "anonymous") return say("by.anonymous");
  const role = say(`role.${by.role}`);
  if (by.as === "name_hidden") return `${say("by.name_hidden")}, ${role}`;
  if (by.as === "name") {
    const mark = by.mark ? ` · ${say(`mark.${by.mark}`)}` : "";
    return `${by.name}, ${role}${mark}${by.hidden ? ` (${say("by.hidden")})` : ""}`;
  }
  return by.place ? `${role} ${say("by.from")} ${by.place}` : role;
}
