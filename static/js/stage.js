// The stage: plays a stream where the browser cannot, and says so when nothing comes in. The page is
// complete without this: what to do then stands under the stage in any case.
import { announce } from "./ui.js";

const PATIENCE_MS = 8000;
const HLS = "application/vnd.apple.mpegurl";

/** It does not work here: the other ways, and the phone number, come forward. */
function failed(stage) {
  if (stage.dataset.failed) return;
  stage.dataset.failed = "yes";
  const line = (stage.closest(".view") ?? stage).parentElement.querySelector("[data-stage-failed]");
  /** @type {HTMLDetailsElement | null} */
  const help = document.querySelector("[data-stage-help]");
  if (line) {
    line.hidden = false;
    announce(line.textContent.trim());
  }
  if (help) help.open = true;
}

/** A frame tells nothing of what is in it. Whether its server can be reached from here, we can ask. */
async function watchFrame(frame) {
  const stage = frame.closest(".stage");
  try {
    await fetch(`${frame.dataset.stageFrame}/`, {
      mode: "no-cors", credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    failed(stage);
  }
}

async function playVideo(video) {
  const stage = video.closest(".stage");
  const waiting = setTimeout(() => video.readyState < 1 && giveUp(), PATIENCE_MS);
  const itsOwnWay = !video.dataset.stream || video.canPlayType(HLS) !== "";
  let tried = false;

  /** What the browser cannot play by itself, hls.js may. After that there is nothing left to try. */
  function giveUp() {
    clearTimeout(waiting);
    if (!video.dataset.stream || tried) return failed(stage);
    tried = true;
    playStream(video, () => failed(stage)).catch(() => failed(stage));
  }

  video.addEventListener("loadedmetadata", () => clearTimeout(waiting));
  if (!itsOwnWay || video.error) return giveUp();
  video.addEventListener("error", giveUp);
}

/** Loaded now, and not before: most people never need it. */
async function playStream(video, onFailure) {
  const address = video.src;
  const { default: Hls } = await import(video.dataset.stream);
  if (!Hls.isSupported()) return onFailure();
  video.removeAttribute("src");
  const stream = new Hls({ enableWorker: false }); // a worker would need more than our policy allows
  let mended = false;
  stream.on(Hls.Events.ERROR, (_event, { fatal, type }) => {
    if (!fatal) return;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      return void stream.recoverMediaError();
    }
    stream.destroy();
    onFailure();
  });
  stream.on(Hls.Events.MANIFEST_PARSED, () => video.play().catch(() => {})); // some browsers want a press
  stream.loadSource(address);
  stream.attachMedia(video);
  video.dataset.played = "hls.js";
}

for (const frame of document.querySelectorAll("[data-stage-frame]")) watchFrame(frame);
for (const video of document.querySelectorAll("[data-stage-video]")) playVideo(video);
document.documentElement.dataset.stage = "ready";
