/* Shows dependent questions of a form only when they apply. The server validates; this is cosmetic. */
const boxes = [...document.querySelectorAll("[data-only-if]")];

function look() {
  for (const box of boxes) {
    /** @type {NodeListOf<HTMLInputElement>} */ // a select or a textarea has a value as well
    const fields = document.querySelectorAll(`[name="${CSS.escape(box.dataset.onlyIf)}"]`);
    const given = [...fields];
    const applies = given.some((field) =>
      field.type === "radio" || field.type === "checkbox"
        ? field.checked && field.value === box.dataset.onlyValue && !field.closest("[hidden]")
        : field.value === box.dataset.onlyValue);
    box.hidden = !applies;
  }
}

document.addEventListener("change", look);
look();
