// The example beside the colours: it follows what is chosen. Nothing is saved, and the server makes the colours.
const WAIT = 200; // milliseconds of rest after the last change

/** @type {HTMLFormElement} */
const form = document.querySelector("form[data-look]");
/** @type {HTMLLinkElement} */
const sheet = document.querySelector("link[data-look-colours]");
let timer = 0;

/** @param {string} name */
function typed(name) {
  /** @type {HTMLInputElement} */
  const field = form.querySelector(`input[name="${name}"]`);
  return field.value.trim();
}

function show() {
  const colours = [typed("accent"), typed("second")].map((colour) => colour.slice(1).toLowerCase());
  if (colours.every((colour) => /^[0-9a-f]{6}$/.test(colour))) {
    sheet.href = form.dataset.look.replace(/[^/]*$/, `${colours.join("-")}.css`);
  }
  for (const name of document.querySelectorAll("[data-look-name]")) {
    if (typed("name")) name.textContent = typed("name");
  }
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, WAIT);
});
