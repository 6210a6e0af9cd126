// All queues of a moderator, live. The page is complete without this.
const AGAIN_MS = 5000;
const box = document.querySelector("[data-queues]");

const ids = () => new Set([...box.querySelectorAll("[data-question]")].map((card) => card.dataset.question));

async function look() {
  setTimeout(look, AGAIN_MS * (0.75 + Math.random() / 2));
  // Nothing moves under the hands of somebody who is at work in it.
  if (document.hidden || box.contains(document.activeElement)) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    const isOut = response.status === 403;
    document.querySelector("[data-not-here]").hidden = !isOut;
    box.hidden = isOut;
    if (!response.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-queues]");
    if (!fresh || fresh.innerHTML === box.innerHTML || box.contains(document.activeElement)) return;
    const before = ids();
    box.replaceChildren(...fresh.children);
    const first = [...box.querySelectorAll("[data-question]")].find((card) => !before.has(card.dataset.question));
    if (first) document.querySelector("[data-queues-said]").textContent = first.querySelector(".question__text").textContent;
  } catch {
    // Away for a moment: the next look tells.
  }
}

setTimeout(look, AGAIN_MS);
box.dataset.script = "ready";
