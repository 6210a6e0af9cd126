// Optional parts of a live page, such as raised hands: nothing of them is loaded before a session uses them.
/** @typedef {{kind: string} & Record<string, any>} Item */
/** @typedef {{apply: (items: Item[], whole: boolean) => void}} Extra */

/** @type {Record<string, () => Promise<{begin: (place: HTMLElement, live: EventTarget) => Extra}>>} */
const KINDS = { hands: () => import("./hands.js"), chat: () => (document.querySelector("[data-extra-all]") ? import("./chat_desk.js") : import("./chat.js")) };

/** @param {import("./live.js").Live} live */
export function followExtras(live) {
  /** @type {Map<string, Promise<Extra[]>>} */
  const begun = new Map();
  /** @param {string} kind */
  const places = (kind) => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(`[data-extra="${kind}"]`)]);

  /** @param {string} kind */
  function begin(kind) {
    const there = begun.get(kind) ?? KINDS[kind]().then((module) => places(kind).map((place) => module.begin(place, live)));
    begun.set(kind, there);
    there.catch(() => begun.delete(kind)); // no network: the next change tries again
    return there;
  }

  for (const kind of Object.keys(KINDS)) if (places(kind).some((place) => place.childElementCount)) begin(kind).catch(() => {});
  live.addEventListener("items", async (event) => {
    const { items, whole } = /** @type {CustomEvent<{items: Item[], whole: boolean}>} */ (event).detail;
    for (const kind of Object.keys(KINDS)) {
      const told = items.filter((item) => item.kind.startsWith(kind));
      try {
        if (told.length) for (const extra of await begin(kind)) extra.apply(told, whole);
      } catch {
        // the page stays as it is
      }
    }
  });
}
