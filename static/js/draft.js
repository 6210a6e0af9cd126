// What somebody is typing, and how they want to appear, survive a reload of this tab. Not sent anywhere, and gone with
// the tab or with logging out.
const KEPT = ["text", "appear", "kind"];

/**
 * Put back what this person typed in this room, and keep what they type from now on. Returns what keeps it.
 *
 * @param {HTMLFormElement} form
 * @param {string} key of the room, and of the person in it: on a shared device nobody finds another one's words
 */
export function keepDraft(form, key) {
  const fields = form.elements;
  const typed = read(key);
  if (!fields.text.value) { // what the server printed is newer
    for (const name of KEPT) if (typed[name] && fields[name]) fields[name].value = typed[name];
  }
  const keep = () => write(key, Object.fromEntries(KEPT.map((name) => [name, fields[name]?.value ?? ""])));
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  // The outbox has the text from here on.
  form.addEventListener("submit", () => write(key, { appear: fields.appear.value }));
  return keep;
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}");
  } catch {
    return {};
  }
}

function write(key, typed) {
  try {
    sessionStorage.setItem(key, JSON.stringify(typed));
  } catch {
    // No storage in a private window: then it is as it is without scripts.
  }
}
