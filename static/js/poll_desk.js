// Polls at the desk without a new page: what is half typed elsewhere stays. The forms are the server's own and work
// without this; what it answers is a page, of which the sentence and the form are taken over.
import { announce } from "./ui.js";
import { say } from "./words.js";

/**
 * @param {HTMLElement} box the polls of the desk: their list, and the form for a new one
 * @param {{refreshSoon: (least?: number) => void}} panel
 */
export function withoutReload(box, panel) {
  const said = /** @type {HTMLElement} */ (box.querySelector("[data-polls-said]"));
  /** @type {Set<string>} */
  const busy = new Set(); // addresses: the list is drawn anew while an answer is on its way

  box.addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    if (busy.has(form.action)) return; // pressed twice
    busy.add(form.action);
    const { action } = form;
    const isWriting = form.matches("[data-write-poll]");
    const sent = new FormData(form);
    const pressed = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (pressed?.name) sent.set(pressed.name, pressed.value);
    try {
      const response = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const words = page.querySelector("[data-messages]")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
      if (isWriting) takeOver(form, page, response.ok && response.redirected);
      tell(words || (response.ok ? "" : page.querySelector("h1")?.textContent ?? ""));
      /** @type {NodeListOf<HTMLInputElement>} */
      const ticks = form.querySelectorAll("[data-keeps]");
      if (response.ok) for (const tick of ticks) tick.checked = false; // done: the next press is about others
      panel.refreshSoon(0);
    } catch {
      tell(say("outbox.waiting"));
    } finally {
      busy.delete(action);
    }
  });

  // A draft is changed in the form for a new one: nothing else at the desk moves, or is lost.
  box.addEventListener("click", async (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest("a[data-edit-poll], a[data-stop-editing]");
    if (!(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    const folded = /** @type {HTMLDetailsElement} */ (box.querySelector("[data-write-box]"));
    const form = /** @type {HTMLFormElement} */ (folded.querySelector("form"));
    const isEditing = link.matches("[data-edit-poll]");
    try {
      const response = await fetch(link.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector(`form[data-write-poll="${isEditing ? "draft" : "new"}"]`);
      if (!fresh) {
        panel.refreshSoon(0); // a colleague was first
        return;
      }
      form.replaceWith(fresh);
      folded.open = isEditing;
      const first = isEditing ? fresh.querySelector('[name="title"]') : folded.querySelector("summary");
      /** @type {HTMLElement} */ (first).focus();
    } catch {
      tell(say("outbox.waiting"));
    }
  });

  /** @param {string} words */
  function tell(words) {
    said.textContent = words;
    if (words) announce(words);
  }
}

/**
 * The form as the server has it now: empty and with a new id after it was kept, with what was typed and what was wrong
 * after it was not.
 *
 * @param {HTMLFormElement} form
 * @param {Document} page
 * @param {boolean} isKept
 */
function takeOver(form, page, isKept) {
  /** @type {HTMLFormElement | undefined} */
  const fresh = [...page.forms].find((each) => each.matches(isKept ? '[data-write-poll="new"]' : "[data-write-poll]"));
  if (!fresh) return;
  const folded = form.closest("details");
  form.replaceWith(fresh);
  if (folded && isKept) folded.open = false;
  const wrong = fresh.querySelector(".field--wrong .field__input");
  if (wrong) /** @type {HTMLElement} */ (wrong).focus();
  else folded?.querySelector("summary")?.focus();
}
