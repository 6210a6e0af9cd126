// A page that shows an optional part of a live room alone. It is complete without this.
import { showConnection } from "./cards.js";
import { followExtras } from "./extras.js";
import { Live } from "./live.js";

/** @type {HTMLElement} */
const place = document.querySelector("[data-extra-page]");
const live = new Live(place);
followExtras(live);
live.addEventListener("status", (event) => showConnection(/** @type {CustomEvent} */ (event).detail));
live.start();
place.dataset.script = "ready";
