// Suggestions under a field where one types a place: the server matches, the browser shows its own list.
const PAUSE = 200;
const LEAST = 2;

/** @param {HTMLInputElement} input */
function suggest(input) {
  let asked = "";
  let timer = 0;

  async function look() {
    const typed = input.value.trim();
    if (typed.length < LEAST || typed === asked) return;
    asked = typed;
    try {
      const answer = await fetch(`${input.dataset.places}?q=${encodeURIComponent(typed)}`);
      if (!answer.ok) return; // without suggestions the form works as it does without script
      /** @type {{places: string[]}} */
      const { places } = await answer.json();
      if (input.value.trim() !== typed) return;
      const options = places.map((name) => {
        const option = document.createElement("option");
        option.value = name;
        return option;
      });
      input.list?.replaceChildren(...options);
    } catch {
      asked = ""; // the network failed: the next letter tries again
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(look, PAUSE);
  });
}

for (const input of document.querySelectorAll("input[data-places]")) suggest(/** @type {HTMLInputElement} */ (input));
