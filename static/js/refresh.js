// A part of a page, fetched anew from the server: once for everything that happens together, and only the answer to
// the newest question counts.

export class Refresh {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = 0;

  /**
   * @param {string} url
   * @param {(html: string) => void} take gets our own server's markup
   * @param {{together: number, again?: number}} wait milliseconds: so long is waited for what happens together; and
   *   until it is tried again without a connection, 0 where something else asks again
   */
  constructor(url, take, { together, again = 0 }) {
    this.url = url;
    this.take = take;
    this.together = together;
    this.again = again;
  }

  soon(wait = this.together) {
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#now(), wait);
  }

  /** Let nothing count that was asked before now. */
  outdate() {
    this.#asked += 1;
  }

  async #now() {
    this.#timer = undefined;
    this.#asked += 1;
    const mine = this.#asked;
    try {
      const response = await fetch(this.url, { headers: { Accept: "text/html" } });
      const html = await response.text();
      if (response.ok && mine === this.#asked) this.take(html);
    } catch {
      if (this.again) this.soon(this.again);
    }
  }
}
