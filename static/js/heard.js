// What a colleague says behind the scenes is heard wherever on the desk somebody is at work.
import { announce } from "./ui.js";
import { say } from "./words.js";

/**
 * @param {import("./backstage.js").Backstage} backstage
 * @returns {(told: {items: Record<string, any>[], whole?: boolean}) => void} to be called with what came in, after
 *   `backstage` has it
 */
export function followBackstage(backstage) {
  const line = /** @type {HTMLElement} */ (document.querySelector("[data-heard]"));
  const count = /** @type {HTMLElement} */ (document.querySelector("[data-heard-count]"));
  let isFirst = true; // the first snapshot brings what the page shows already

  for (const way of document.querySelectorAll('a[href="#achter-de-schermen"]')) way.addEventListener("click", () => {
    line.hidden = count.hidden = true;
    count.textContent = "";
  });

  function tell(items) {
    const fresh = items.filter((item) => item.kind === "backstage" && backstage.isNew(item));
    if (!fresh.length) return;
    count.textContent = String(Number(count.textContent) + fresh.length);
    count.hidden = false;
    const last = fresh[fresh.length - 1];
    line.querySelector("[data-heard-by]").textContent = say("backstage.new").replace("#", last.by);
    line.querySelector("[data-heard-text]").textContent = last.text;
    line.hidden = false;
    announce(line.textContent.replace(/\s+/g, " ").trim());
  }

  return ({ items, whole }) => {
    if (!whole || !isFirst) tell(items);
    isFirst = false;
  };
}
