// Captions, live: two lines that change in place, and a list of earlier ones.
const SETTINGS = "dvb-captions";

export class Captions {
  /** `box` is the server's own section, with the lines there were when the page was made. */
  constructor(box) {
    this.box = box;
    this.strip = document.querySelector("[data-captions-strip]"); // in the picture
    this.all = box.querySelector("[data-captions-all]");
    this.list = box.querySelector("[data-captions-list]");
    this.most = Number(box.dataset.most);
    this.lines = new Map();
    for (const item of this.list.children) {
      const { line: id, revision, position } = item.dataset;
      this.lines.set(id, { id, revision: Number(revision), position: Number(position), text: item.textContent });
    }
    this.settings = { on: true, large: false, aloud: false, ...kept() };
    box.addEventListener("click", (event) => this.#turn(event.target.closest("[data-knob]")));
    this.#drawKnobs();
  }

  /** Make it so. `whole`: there is nothing besides these. */
  apply({ items, whole }) {
    const captions = items.filter((item) => item.kind === "caption");
    if (!captions.length && !whole) return;
    if (whole) this.lines.clear();
    const oldest = this.#sorted()[0]?.position ?? 0;
    for (const item of captions) {
      const known = this.lines.get(item.id);
      if (known ? item.revision < known.revision : item.position < oldest) continue; // further back than we read
      if (item.gone) this.lines.delete(item.id);
      else this.lines.set(item.id, item);
    }
    for (const line of this.#sorted().slice(0, -this.most)) this.lines.delete(line.id);
    this.#draw();
  }

  #sorted() {
    return [...this.lines.values()].sort((one, other) => one.position - other.position);
  }

  #draw() {
    const lines = this.#sorted();
    fill(this.list, lines, "li");
    fill(this.strip, lines.slice(-2), "p");
    if (lines.length) this.box.hidden = false;
    this.all.hidden = !lines.length;
    this.#drawKnobs();
  }

  #turn(knob) {
    if (!knob) return;
    this.settings[knob.dataset.knob] = !this.settings[knob.dataset.knob];
    keep(this.settings);
    this.#drawKnobs();
  }

  #drawKnobs() {
    for (const knob of this.box.querySelectorAll("[data-knob]")) {
      knob.setAttribute("aria-pressed", String(this.settings[knob.dataset.knob]));
      if (knob.dataset.knob !== "on") knob.hidden = !this.settings.on;
    }
    this.box.querySelector("[data-captions-knobs]").hidden = !this.lines.size;
    this.strip.hidden = !this.lines.size || !this.settings.on;
    this.strip.classList.toggle("captions__strip--large", this.settings.large);
    this.strip.setAttribute("aria-live", this.settings.aloud ? "polite" : "off");
  }
}

/** Only what is new is added, so that only what is new is read aloud. */
function fill(place, lines, tag) {
  const there = new Map([...place.children].map((child) => [child.dataset.line, child]));
  for (const line of lines) {
    const child = there.get(line.id) ?? document.createElement(tag);
    there.delete(line.id);
    child.dataset.line = line.id;
    if (tag === "li") Object.assign(child.dataset, { revision: line.revision, position: line.position });
    if (child.textContent !== line.text) child.textContent = line.text;
    place.append(child);
  }
  for (const child of there.values()) child.remove();
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(SETTINGS) ?? "{}");
  } catch {
    return {};
  }
}

function keep(settings) {
  try {
    localStorage.setItem(SETTINGS, JSON.stringify(settings));
  } catch {
    // A full or forbidden store: this page still remembers.
  }
}
