// Mends the text of a waiting question in its card. Without this, the link leads to a page that does the same.
import { cloned } from "./cards.js";

/** @param {HTMLElement} desk */
export function mendInPlace(desk) {
  desk.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("[data-mend-stop]")) return void close(target.closest("form"));
    const way = target.closest('[data-part="mend"]');
    if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const card = /** @type {HTMLElement} */ (way.closest("[data-question]"));
    const form = /** @type {HTMLFormElement} */ (card.querySelector('[data-deed="mend"]') ?? opened(card));
    form.elements.text.focus();
  });
}

/** @param {HTMLElement} card */
function opened(card) {
  const form = /** @type {HTMLFormElement} */ (cloned("#mend-template"));
  const text = card.querySelector('[data-part="text"]')?.textContent ?? "";
  form.elements.text.value = form.elements.text.defaultValue = text;
  form.dataset.seen = card.dataset.deskRevision; // what its writer had before them when they began
  card.append(form);
  return form;
}

/** @param {HTMLFormElement | null} form */
export function close(form) {
  const card = /** @type {HTMLElement | null} */ (form?.closest("[data-question]"));
  const hadFocus = form?.contains(document.activeElement);
  form?.remove();
  if (hadFocus) card?.focus({ preventScroll: true });
}
