// Near-duplicate hint while somebody types a learning question. The text stays in the browser.
import { similar } from "./similar.js";

const place = document.querySelector("[data-alike]");
/** @type {HTMLInputElement} */
const title = document.querySelector("#title");

function show() {
  const found = similar(title.value, known, everywhere);
  place.querySelector("[data-alike-list]").replaceChildren(...found.map(line));
  const said = place.querySelector("[data-alike-said]");
  const text = found.length ? said.dataset.text : "";
  if (said.textContent !== text) said.textContent = text;
}

function line({ id, text }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `${place.dataset.path}/${id}`;
  link.lang = "nl";
  link.textContent = text;
  item.append(link);
  return item;
}

const known = place ? JSON.parse(place.dataset.known) : [];
const everywhere = new Set(place ? place.dataset.everywhere.split(" ") : []);
if (place && title) {
  title.addEventListener("input", show);
  show(); // what was typed before this script was there
}
