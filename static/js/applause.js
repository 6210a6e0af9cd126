// Applause and hearts for who speaks, on the big screen and for who runs a session: how many of this moment. A number
// rises while people clap and goes when they stopped; it stands where it stands, and nothing else moves for it.
// Others than this page clap: what was lost underway is not asked for.
const DRAWN_EACH_MS = 1000;
const GONE_AFTER_MS = 6000;

/**
 * @param {HTMLElement} place
 * @param {EventTarget} live
 */
export function showApplause(place, live) {
  for (const kind of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-clapped]"))) {
    const number = /** @type {HTMLElement} */ (kind.querySelector("b"));
    let sum = 0;
    let gone = 0;
    let drawing = 0;
    const draw = () => {
      drawing = 0;
      number.textContent = String(sum);
      kind.dataset.on = "yes";
    };
    live.addEventListener("reactions", (event) => {
      const more = /** @type {CustomEvent<Record<string, number>>} */ (event).detail[kind.dataset.clapped ?? ""];
      if (!more) return;
      sum += more;
      if (!kind.dataset.on) draw();
      else drawing ||= setTimeout(draw, DRAWN_EACH_MS);
      clearTimeout(gone);
      gone = setTimeout(() => {
        clearTimeout(drawing);
        drawing = sum = 0;
        delete kind.dataset.on;
      }, GONE_AFTER_MS);
    });
  }
  place.hidden = false; // its place is kept from the beginning, also while nobody claps
}
