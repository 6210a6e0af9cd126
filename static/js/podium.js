// Big screen, live: the question on stage, and the number of people present.
import { showConnection, showPresent, write } from "./cards.js";
import { Live } from "./live.js";
import { PollPanel } from "./polls.js";
import { byLine } from "./words.js";

const live = new Live(document.querySelector("[data-podium]"));
const nobody = document.querySelector("[data-nobody]").textContent;
let onStage = null;

const polls = new PollPanel(document.querySelector("[data-polls]"), { spread: 0 });

live.addEventListener("items", ({ detail }) => {
  polls.apply(detail);
  if (detail.whole) onStage = null;
  for (const item of detail.items) {
    if (item.kind !== "question") continue;
    if (item.status === "live" && !item.gone) onStage = item;
    else if (item.id === onStage?.id) onStage = null;
  }
  write(document, "text", onStage?.text ?? nobody);
  write(document, "by", onStage ? byLine(onStage.by) : "");
});
live.addEventListener("present", ({ detail }) => showPresent(detail.present));
live.addEventListener("status", ({ detail }) => showConnection(detail));
live.start();
document.querySelector("[data-podium]").dataset.script = "ready";
