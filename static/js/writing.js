// The preview beside a lesson that is being written: the server renders it, by the code that shows a lesson.
const WAIT = 500; // milliseconds of rest after the last key

/** @type {HTMLFormElement} */
const form = document.querySelector("[data-writing]");
const shown = document.querySelector("[data-shown]");
let timer = 0;
let asked = 0;

/** A form without files, as a browser would post it. */
function urlEncoded(place) {
  return new URLSearchParams([...new FormData(place)].map(([name, value]) => [name, String(value)]));
}

async function look() {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body: urlEncoded(form) });
    if (!answer.ok || mine !== asked) return; // a newer one is on its way
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    shown.replaceChildren(...page.body.childNodes);
  } catch {
    // No network: the button below the form still shows it later.
  }
}

function rest() {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
}

form?.addEventListener("input", rest);
// On a slow line somebody types before this script is there, or comes back to what they typed.
const typed = [...(form?.elements ?? [])].some((each) => (each instanceof HTMLTextAreaElement || each instanceof HTMLInputElement)
  && each.value !== each.defaultValue);
if (typed) rest();
