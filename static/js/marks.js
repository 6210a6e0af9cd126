// Placeholders of removed cards, of the same height, against layout shift under a finger.
// They go once they are out of sight.
import { cloned, part, write } from "./cards.js";

let watch = null;

/** Leave a mark in front of `card`, before it moves, or goes (then it is not there to look at). */
export function leaveMark(card, sentence, id, isThere = true) {
  const mark = cloned("#mark-template");
  mark.style.minBlockSize = `${card.getBoundingClientRect().height}px`;
  write(mark, "said", sentence);
  const link = part(mark, "link");
  if (id) {
    mark.dataset.mark = id;
    link.href = `#vraag-${id}`;
    for (const earlier of document.querySelectorAll(`[data-mark="${CSS.escape(id)}"]`)) delete earlier.dataset.mark;
  }
  if (!id || !isThere) link.remove();
  card.before(mark);
  watch?.observe(mark);
}

/** Remove marks when nobody sees them, and call `tidied` then. */
export function tidyMarks(tidied) {
  if (typeof IntersectionObserver !== "function") return;
  watch = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target, boundingClientRect } of entries) {
      if (isIntersecting || target.contains(document.activeElement)) continue; // who has the keyboard there stays
      watch.unobserve(target);
      const height = boundingClientRect.height;
      const isAbove = boundingClientRect.bottom <= 0;
      const lane = target.closest("[data-cards]");
      target.remove();
      // Most browsers keep the place of the reader themselves; the others are helped.
      if (isAbove && !CSS.supports("overflow-anchor", "auto")) (lane?.scrollTop ? lane : window).scrollBy(0, -height);
    }
    tidied();
  });
}
