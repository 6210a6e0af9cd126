// Who is looking at a waiting question. A claim lapses by itself, by the clock of the server: nobody tells that it did.
import { serverNow } from "./server_clock.js";
import { write } from "./cards.js";
import { say } from "./words.js";

const AGAIN_MS = 5_000;

/** @typedef {{by: string, who: string, until: string} | null | undefined} Claim */

export class Claims {
  /** @param {HTMLElement} desk `data-me`: what stands in the claims for who sits here */
  constructor(desk) {
    this.desk = desk;
    this.me = desk.dataset.me ?? "";
    const timer = setInterval(() => this.look(), AGAIN_MS);
    /** @type {{unref?: () => void}} */ (/** @type {unknown} */ (timer)).unref?.(); // under Node it holds nobody up
  }

  /**
   * @param {HTMLElement} card
   * @param {Claim} claim
   */
  fill(card, claim) {
    if (claim) card.dataset.claimUntil = claim.until;
    else delete card.dataset.claimUntil;
    const isNow = Boolean(claim) && Date.parse(claim?.until ?? "") > serverNow();
    this.#show(card, !isNow ? "free" : claim?.who === this.me ? "own" : "other");
    if (isNow) write(card, "claim-by", say("claim.by").replace("#", claim?.by ?? ""));
  }

  /** Let go what lapsed. */
  look() {
    for (const card of /** @type {NodeListOf<HTMLElement>} */ (this.desk.querySelectorAll("[data-claim-until]"))) {
      if (Date.parse(card.dataset.claimUntil ?? "") <= serverNow()) this.fill(card, null);
    }
  }

  /** Say, where the question stood, that a colleague was looking at it.
   *
   * @param {string} id
   * @param {string | undefined} busy
   */
  was(id, busy) {
    if (!busy) return;
    const name = CSS.escape(id);
    const place = /** @type {HTMLElement | null} */ (this.desk.querySelector(`[data-mark="${name}"]`) ?? this.desk.querySelector(`[data-question="${name}"]`));
    const line = place?.querySelector('[data-part="said"]');
    if (line) line.textContent = `${line.textContent} ${say("claim.was").replace("#", busy)}`.trim();
  }

  /**
   * @param {HTMLElement} card
   * @param {"free" | "own" | "other"} which
   */
  #show(card, which) {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (card.querySelectorAll("[data-claim]"))) {
      place.hidden = place.dataset.claim !== which;
    }
  }
}
