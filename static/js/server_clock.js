// The server's time in a page, whatever the clock of the phone says: a small SNTP (RFC 4330) over HTTP.
// The way there and back is measured and half of it taken off; the quickest of a few answers counts, since
// its error is at most half of its own way. Between answers time runs on a monotonic clock.
const SAMPLES = 4;
const GOOD_MS = 200; // so short a round trip is off by a tenth of a second at most
const JUMP_MS = 250; // the wall clock and the monotonic one drifted apart: the device slept, or was set
const STALE_MS = 300_000;
const RETRY_MS = 10_000;
const PATIENCE_MS = 5_000;

let offset = Date.now() - performance.now(); // until it answered: the device's own time
let pace = 1; // of the server's time: more than ours in a rehearsal
let anchor = 0; // when it was asked
let drift = offset;
let asked = -Infinity;
/** @type {Promise<boolean> | null} */
let asking = null;
let error = Infinity; // milliseconds that the time may be off: half of the quickest way there and back

/** Milliseconds since 1970, as the server counts them. */
export const serverNow = () => anchor + pace * (performance.now() - anchor) + offset;

/** Milliseconds that `serverNow` may be off at most; Infinity until the server answered. */
export const uncertainty = () => error;

/**
 * What the page itself says the time was when it was made: better than nothing while the server is asked.
 *
 * @param {number} moment
 */
export function startFrom(moment) {
  if (asked === -Infinity && Number.isFinite(moment)) offset = moment - performance.now();
}

async function sample() {
  const left = performance.now();
  const answer = await fetch("/tijd", { cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE_MS) });
  const { now, pace: fast = 1 } = await answer.json();
  const back = performance.now();
  if (!answer.ok || !Number.isFinite(now)) throw new Error("no time");
  return { way: back - left, middle: (left + back) / 2, offset: now - (left + back) / 2, pace: fast };
}

async function best() {
  let found = await sample();
  for (let turn = 1; turn < SAMPLES && found.way > GOOD_MS; turn += 1) {
    const next = await sample();
    if (next.way < found.way) found = next;
  }
  return found;
}

/** Ask the server anew; resolves to whether it answered. Several callers share one question. */
export function askTheTime() {
  asking ??= best().then((found) => {
    ({ offset, pace, middle: anchor } = found);
    error = found.way / 2 + 1; // and the millisecond it is rounded to
    asked = performance.now();
    return true;
  }).catch(() => {
    asked = performance.now() - STALE_MS + RETRY_MS; // no connection: the page keeps the time it had
    return false;
  }).finally(() => {
    drift = Date.now() - performance.now();
    asking = null;
  });
  return asking;
}

/** Call often: asks again after the device slept or its clock was set, and now and then. */
export function keepTheTime() {
  const jumped = Math.abs(Date.now() - performance.now() - drift) > JUMP_MS;
  const stale = !document.hidden && performance.now() - asked > STALE_MS;
  return jumped || stale ? askTheTime() : null;
}
