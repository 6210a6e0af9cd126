// While somebody types a mail address: a hint when its domain is nearly, but not quite, one that many people have.
// The page after sending gives the same hint, for who has no script. It never refuses an address.
/** Say the hint under the field, with a button that takes it. */
function watch(hint) {
  const field = /** @type {HTMLInputElement} */ (document.getElementById(hint.dataset.for));
  const button = hint.querySelector("button");
  const look = async () => {
    const { meant } = await import("./mail_meant.js");
    const found = meant(field.value, hint.dataset.domains.split(" "));
    hint.querySelector("[data-meant]").textContent = found;
    hint.hidden = !found;
  };
  field.addEventListener("change", look);
  button.addEventListener("click", () => {
    field.value = hint.querySelector("[data-meant]").textContent;
    hint.hidden = true;
    field.focus();
  });
  if (field.value) look();
}

document.querySelectorAll("[data-mail-hint]").forEach(watch);
