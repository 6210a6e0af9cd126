// Does a message travel at once between this browser and the server, there and back? A few are sent at a steady
// pace, without waiting for answers. A slow network answers late and at the same pace; a proxy that holds messages
// back lets them come in bunches.
import { io } from "../vendor/socket.io.esm.min.js";

export const PULSES = 10;
export const PACE_MS = 300;
const CONNECT_MS = 8000; // longer than a flush of any proxy that lets messages through at all
const ANSWERS_MS = 6000; // after the last one was sent
const TOGETHER = 0.25; // of the pace: what comes so soon after the one before came with it
const SLOW_MS = 1500;

/**
 * @typedef {{sent: number, back: number}} Pulse moments on one clock, in milliseconds
 * @typedef {{verdict: "good" | "slow" | "buffered" | "blocked", way: number}} Judged `way`: there and back, the median
 */

/**
 * What these answers say. They are in the order in which they were sent.
 *
 * @param {Pulse[]} answered
 * @param {number} sent how many were sent
 * @returns {Judged}
 */
export function judge(answered, sent = PULSES) {
  const ways = answered.map((pulse) => pulse.back - pulse.sent).sort((a, b) => a - b);
  const way = Math.round(ways[Math.floor(ways.length / 2)] ?? 0);
  if (answered.length < sent / 2) return { verdict: "blocked", way };
  // Only where they really left apart: a busy phone sends several in one turn.
  const apart = answered.slice(1).map((pulse, at) => ({
    left: pulse.sent - answered[at].sent,
    came: pulse.back - answered[at].back,
  })).filter(({ left }) => left >= PACE_MS / 2);
  const together = apart.filter(({ left, came }) => came < left * TOGETHER).length;
  if (apart.length && together > apart.length / 2) return { verdict: "buffered", way };
  return { verdict: way > SLOW_MS ? "slow" : "good", way };
}

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Send the pulses over a socket of their own, and judge.
 *
 * @returns {Promise<Judged>}
 */
export async function tryConnection() {
  const token = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="live-token"]')).content;
  const socket = io("/live", { transports: ["websocket"], auth: { token }, reconnection: false, forceNew: true, timeout: CONNECT_MS });
  try {
    await connected(socket);
  } catch {
    return { verdict: "blocked", way: 0 };
  }
  /** @type {Pulse[]} */
  const pulses = [];
  const answers = [];
  try {
    for (let number = 0; number < PULSES; number += 1) {
      const pulse = { sent: performance.now(), back: NaN };
      pulses.push(pulse);
      answers.push(socket.timeout(ANSWERS_MS).emitWithAck("connection:echo", { number }).then(() => {
        pulse.back = performance.now();
      }, () => {}));
      await wait(PACE_MS);
    }
    await Promise.all(answers);
    return judge(pulses.filter((pulse) => Number.isFinite(pulse.back)));
  } finally {
    socket.disconnect();
  }
}

/** @param {any} socket */
function connected(socket) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("late")), CONNECT_MS);
    socket.once("connect", () => {
      clearTimeout(late);
      resolve(undefined);
    });
    socket.once("connect_error", (/** @type {Error} */ error) => {
      clearTimeout(late);
      socket.disconnect();
      reject(error);
    });
  }).catch((error) => {
    socket.disconnect();
    throw error;
  });
}
