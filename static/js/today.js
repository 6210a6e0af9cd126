// The organiser's day, kept as it is now while the day goes on. The page is complete without this.
const AGAIN_MS = 30_000;
const box = document.querySelector("[data-today]");

/** Nothing moves under the hands of somebody who is at work in it, or reads what they unfolded. */
const isInUse = () => box.contains(document.activeElement) || box.querySelector("details[open]");

async function look() {
  setTimeout(look, AGAIN_MS * (0.85 + Math.random() * 0.3));
  if (document.hidden || isInUse()) return;
  try {
    const response = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".today");
    if (fresh && !isInUse()) box.replaceChildren(...fresh.children);
  } catch {
    // Away for a moment: the time on the page says how old it is.
  }
}

setTimeout(look, AGAIN_MS);
box.dataset.script = "ready";
