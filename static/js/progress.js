// A page that waits: how far the work is, until there is something to look at. Without this script the
// page looks again by itself (the Refresh header).

const PAUSE_MS = 500;
const box = document.querySelector("[data-progress]");
const bar = box.querySelector("progress");
const number = box.querySelector("[data-progress-number]");

async function look() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    const far = await answer.json();
    if (!answer.ok || !far.busy) return location.reload();
    if (far.total) {
      bar.max = far.total;
      bar.value = far.done;
      number.textContent = `${far.done} / ${far.total}`;
    } else {
      bar.removeAttribute("value");
      number.textContent = "";
    }
  } catch {
    // The network is away for a moment: ask again.
  }
  setTimeout(look, PAUSE_MS);
}

setTimeout(look, PAUSE_MS);
