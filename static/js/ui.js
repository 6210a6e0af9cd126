// Progressive enhancement shared by all pages. Every page works without this file.

/**
 * Say `text` to people who listen to the page. The same text twice is said twice.
 *
 * @param {string} text
 */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60);
}

/**
 * A `details` that asks something comes to the front as a dialog; without scripts it unfolds in place.
 *
 * @param {HTMLElement} details
 */
function liftToDialog(details) {
  const panel = details.querySelector(".dialog__panel");
  const opener = details.querySelector("summary");
  if (!panel || !opener || typeof HTMLDialogElement !== "function") return;
  const dialog = document.createElement("dialog");
  const close = document.createElement("button");
  const button = document.createElement("button");
  close.type = button.type = "button";
  close.className = "button button--text dialog__close";
  close.textContent = details.dataset.close ?? "";
  button.className = opener.className;
  button.append(...opener.childNodes);
  button.setAttribute("aria-haspopup", "dialog");
  dialog.setAttribute("aria-labelledby", panel.querySelector(".dialog__title")?.id ?? "");
  dialog.id = details.id;
  dialog.append(close, panel);
  details.replaceWith(button, dialog);
  button.addEventListener("click", () => dialog.showModal());
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

for (const details of document.querySelectorAll("details[data-dialog]")) liftToDialog(details);

// What the server said while loading is read aloud too: the region was there, its text comes again.
const messages = document.querySelector("[data-messages]")?.textContent.trim();
if (messages) announce(messages.replace(/\s+/g, " "));

// What was typed and not sent leaves the device with who logs out. The server says so too (Clear-Site-Data), but
// browsers hear that only over https.
/** @type {NodeListOf<HTMLFormElement>} */
const logOuts = document.querySelectorAll("[data-logs-out] form");
for (const form of logOuts) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.cleared) return;
    event.preventDefault();
    form.dataset.cleared = "yes";
    await Promise.race([forgetTyped(), new Promise((resolve) => setTimeout(resolve, 1000))]);
    form.requestSubmit ? form.requestSubmit(event.submitter) : form.submit();
  });
}

/** Empty what this site keeps in this browser. Never fails: a private window keeps nothing anyway. */
function forgetTyped() {
  return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    try {
      localStorage.clear();
      sessionStorage.clear();
      const opening = indexedDB.open("dagvandebuurt", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("outbox", { keyPath: "op" });
      opening.onerror = resolve;
      opening.onsuccess = () => {
        const emptied = opening.result.transaction("outbox", "readwrite");
        emptied.objectStore("outbox").clear();
        emptied.oncomplete = emptied.onerror = emptied.onabort = resolve;
      };
    } catch {
      resolve();
    }
  });
}
