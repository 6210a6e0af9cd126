// A button that prints this page. Without a script the browser's own menu does it, so there is no button then.
for (const place of document.querySelectorAll("[data-print]")) {
  /** @type {HTMLElement} */ (place).hidden = false;
  place.querySelector("button").addEventListener("click", () => print());
}
