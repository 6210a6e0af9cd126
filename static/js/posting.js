// Forms that a script sends, and the pages that come back.

/**
 * Post a form as the browser would, and give back the page that came. Throws without a connection.
 *
 * @param {HTMLFormElement} form
 * @param {Event} event
 */
export async function post(form, event) {
  const body = new FormData(form);
  const pressed = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
  if (pressed?.name) body.set(pressed.name, pressed.value);
  const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
  const html = await response.text();
  const page = new DOMParser().parseFromString(html, "text/html");
  const words = page.querySelector("[data-messages]")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  return { ok: response.ok, html, page, words };
}

/** @param {string} html from our own server */
export function parsed(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  return fresh.content;
}
