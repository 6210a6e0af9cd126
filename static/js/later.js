// A part of a page that most visits never need: fetched when there is something for it.

/**
 * Return a function that fetches the part, once, and then hands it to what it is called with, in order. Where it can't
 * be fetched the next call tries again; what was for it is told anew when the connection is back.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @returns {(use: (part: T) => void) => Promise<void>}
 */
export function later(load) {
  /** @type {Promise<T | undefined> | undefined} */
  let made;
  return async (use) => {
    made ??= load().catch(() => (made = undefined));
    const part = await made;
    if (part) use(part);
  };
}
