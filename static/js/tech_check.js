// The technical check: tries the connection, and shows somebody their own camera and microphone. Nothing is sent
// but a few numbers over the connection. Without this the page has the plain instructions and the form.
import { tryConnection } from "./connection_check.js";
import { askTheTime, serverNow } from "./server_clock.js";

const HEARD = 12; // of 100: louder than a quiet room
const FRAMES = 128;

for (const part of document.querySelectorAll("[data-without-script]")) /** @type {HTMLElement} */ (part).hidden = true;

const check = /** @type {HTMLElement} */ (document.querySelector("[data-connection-check]"));
const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (check.querySelector(name));

async function tryIt() {
  find("[data-busy]").hidden = false;
  find("[data-try]").hidden = true;
  find("[data-figures]").hidden = true;
  for (const each of check.querySelectorAll("[data-verdict]")) /** @type {HTMLElement} */ (each).hidden = true;
  const [{ verdict, way }, answers] = await Promise.all([tryConnection(), askTheTime()]);
  const said = verdict === "blocked" && !answers ? "away" : verdict;
  find("[data-busy]").hidden = true;
  find(`[data-verdict="${said}"]`).hidden = false;
  find("[data-try]").hidden = false;
  check.dataset.said = said;
  if (!answers || said === "blocked") return;
  find("[data-figures]").hidden = false;
  find("[data-way]").textContent = String(way);
  find("[data-clock]").textContent = String(Math.abs(Math.round((Date.now() - serverNow()) / 1000)));
}

find("[data-again]").addEventListener("click", tryIt);
tryIt();

const devices = /** @type {HTMLElement} */ (document.querySelector("[data-devices-own]"));
/** @type {MediaStream | null} */
let stream = null;
let listening = 0;

const part = (/** @type {string} */ name) => /** @type {any} */ (devices.querySelector(name));

/** @param {string} [what] */
function say(what) {
  for (const each of devices.querySelectorAll("[data-said]")) /** @type {HTMLElement} */ (each).hidden = each.getAttribute("data-said") !== what;
}

function stop() {
  cancelAnimationFrame(listening);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  part("[data-picture]").srcObject = null;
  for (const name of ["[data-picture]", "[data-sound]", "[data-stop]"]) part(name).hidden = true;
  part("[data-start]").hidden = false;
}

/** Camera and microphone; without a camera the microphone alone. */
async function open() {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "NotFoundError") throw error;
    const alone = await navigator.mediaDevices.getUserMedia({ audio: true });
    say("sound-only");
    return alone;
  }
}

async function start() {
  say();
  try {
    stream = await open();
  } catch (error) {
    return say(error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "none");
  }
  part("[data-start]").hidden = true;
  part("[data-stop]").hidden = false;
  part("[data-stop]").focus();
  if (stream.getVideoTracks().length) {
    part("[data-picture]").hidden = false;
    part("[data-picture]").srcObject = stream;
    part("[data-picture]").play().catch(() => {});
  }
  listen();
}

/** How loud it is, shown and never kept. */
function listen() {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = FRAMES * 2;
  context.createMediaStreamSource(stream).connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  part("[data-sound]").hidden = false;
  const look = () => {
    if (!stream) return void context.close();
    analyser.getFloatTimeDomainData(wave);
    const loud = Math.min(100, Math.round(300 * Math.sqrt(wave.reduce((sum, each) => sum + each * each, 0) / wave.length)));
    part("meter").value = loud;
    if (loud > HEARD && part('[data-said="hears"]').hidden) say("hears");
    listening = requestAnimationFrame(look);
  };
  look();
}

if (navigator.mediaDevices?.getUserMedia) {
  devices.hidden = false;
  part("[data-start]").addEventListener("click", start);
  part("[data-stop]").addEventListener("click", () => {
    stop();
    part("[data-start]").focus();
  });
  addEventListener("pagehide", stop);
} else {
  /** @type {HTMLElement} */ (document.querySelector("[data-devices] [data-without-script]")).hidden = false;
}
