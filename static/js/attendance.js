// The numbers of who is in, kept as they are now. Nothing moves: only numbers that changed are written, in
// their own cell. The page is complete without this.
const AGAIN_MS = 15_000;
const box = document.querySelector("[data-attendance]");
const cells = new Map([...box.querySelectorAll("[data-number]")].map((cell) => [cell.dataset.number, cell]));

async function look() {
  setTimeout(look, AGAIN_MS * (0.85 + Math.random() * 0.3));
  if (document.hidden) return;
  try {
    const response = await fetch(box.dataset.attendance, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return;
    const fresh = await response.json();
    for (const [slug, numbers] of Object.entries(fresh.sessions)) {
      for (const [name, number] of Object.entries(numbers)) write(cells.get(`${slug}/${name}`), String(number));
    }
    write(box.querySelector("[data-said]"), fresh.said); // read aloud, and only when it says something else
    write(box.querySelector("[data-at]"), fresh.at);
  } catch {
    // Away for a moment: the time on the page says how old the numbers are.
  }
}

function write(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}

setTimeout(look, AGAIN_MS);
box.dataset.script = "ready";
