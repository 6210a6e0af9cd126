// The parts beside the stage: which one is shown, how many questions there are, and whether a poll is open. Which one is
// shown follows from the address (`:target` in the style sheet); here it is said to who listens to the page.

/** @param {HTMLElement} room */
export function followParts(room) {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const all = room.querySelectorAll(".parts a");
  const links = [...all];
  const show = () => {
    const part = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest(".part");
    const here = links.find((link) => part?.contains(document.querySelector(link.hash))) ?? links[0];
    for (const link of links) link.toggleAttribute("aria-current", link === here);
    here.setAttribute("aria-current", "true");
  };
  addEventListener("hashchange", show);
  show();
}

/**
 * The number of questions, also of those that wait to be asked for.
 *
 * @param {HTMLElement} room
 * @param {{texts: () => object[], fresh: {size: number}}} hall
 */
export function drawCount(room, hall) {
  room.querySelector("[data-count]").textContent = String(hall.texts().length + hall.fresh.size);
}

/**
 * The open poll, in place of the question whose turn it is; and at the field to ask while it is out of sight.
 *
 * @param {HTMLElement} room
 * @param {Record<string, number[]>} chosen what one chose already
 */
export function drawOpenPoll(room, chosen) {
  const bar = room.querySelector("[data-votebar]");
  const news = room.querySelector("[data-poll-news]");
  const open = room.querySelector('[data-poll][data-status="open"]');
  bar.hidden = !open;
  room.querySelector("[data-poll-open]").hidden = !open;
  if (!open) {
    news.hidden = true;
    return;
  }
  for (const place of room.querySelectorAll("[data-votebar] [data-part=title], [data-poll-news] [data-part=title]")) {
    place.textContent = open.querySelector("h3").textContent;
  }
  const isDone = Boolean(chosen[open.dataset.poll]?.length);
  bar.classList.toggle("votebar--done", isDone);
  const box = bar.getBoundingClientRect();
  const composer = news.closest(".composer").getBoundingClientRect();
  const bottom = composer.left >= box.right ? innerHeight : composer.top; // beside it, or below it
  const isSeen = box.height > 0 ? box.top >= 0 && box.bottom <= bottom : open.checkVisibility();
  news.hidden = isDone || isSeen;
}
