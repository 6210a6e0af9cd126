// While somebody makes a session: what would clash, said before it is saved, and room for one more person.
// The page is whole without this file: clashes are shown after saving, and saving gives empty boxes.
const PAUSE_MS = 500;
/** @type {HTMLFormElement} */
const form = document.querySelector("form[data-edit]");
const boxes = [...document.querySelectorAll("[data-clashes]")]; // on top, and where one types

/** Ask the server what clashes, with the very rules by which it will be judged. Nothing is kept there. */
function watchForClashes() {
  let timer;
  let asked = 0;
  const look = async (here) => {
    asked += 1;
    const mine = asked;
    try {
      const answer = await fetch(form.dataset.look, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
      });
      const found = await answer.json();
      if (found.ok && mine === asked) show(found.clashes, here);
    } catch { /* the next change asks again */ }
  };
  form.addEventListener("change", ({ target }) => {
    const here = target.closest(".group")?.querySelector("[data-clashes]");
    clearTimeout(timer);
    timer = setTimeout(() => look(here ?? boxes[0]), PAUSE_MS);
  });
}

const shown = new Map();

/** Say it where somebody types, and keep true what was said elsewhere. */
function show(clashes, here) {
  const words = clashes.join("\n");
  for (const box of boxes) {
    if (box !== here && !box.firstElementChild) continue;
    if (shown.get(box) === words) continue; // a screen reader hears it once
    shown.set(box, words);
    box.replaceChildren(...(clashes.length ? [told(clashes)] : []));
  }
}

function told(clashes) {
  const notice = document.createElement("div");
  notice.className = "notice notice--watch";
  const text = document.createElement("div");
  text.className = "notice__text";
  const title = document.createElement("h2");
  title.className = "notice__title";
  title.textContent = form.dataset.title;
  const list = document.createElement("ul");
  for (const clash of clashes) {
    const line = document.createElement("li");
    line.textContent = clash;
    list.append(line);
  }
  text.append(title, list);
  notice.append(text);
  return notice;
}

/** Rows of people: another one where all are used, and each can go before the one above it. */
function growing(group) {
  const rows = () => [...group.querySelectorAll("[data-row]")];
  const more = document.createElement("button");
  more.type = "button";
  more.className = "button button--text";
  more.textContent = group.dataset.more;
  more.addEventListener("click", () => {
    const last = rows().at(-1);
    const row = last.cloneNode(true);
    const number = rows().length;
    const select = row.querySelector("select");
    const label = row.querySelector("label");
    select.id = `${group.id}-${number}`;
    label.htmlFor = select.id;
    label.textContent = label.textContent.replace(/\d+$/, String(number + 1));
    row.querySelector(".people__number").textContent = String(number + 1);
    row.querySelector("button")?.remove();
    select.value = "";
    last.after(row);
    addEarlier(row);
    select.focus();
  });
  const addEarlier = (row) => {
    const earlier = document.createElement("button");
    earlier.type = "button";
    earlier.className = "button button--text";
    earlier.textContent = group.dataset.earlier;
    earlier.setAttribute("aria-label", `${group.dataset.earlier}: ${row.querySelector("label").textContent}`);
    earlier.addEventListener("click", () => {
      const above = row.previousElementSibling.querySelector("select");
      const here = row.querySelector("select");
      [above.value, here.value] = [here.value, above.value];
      above.focus();
      here.dispatchEvent(new Event("change", { bubbles: true }));
    });
    row.append(earlier);
  };
  rows().slice(1).forEach(addEarlier);
  group.append(more);
}

/** Show on the card beside the form what is being typed: how visitors will read it in the programme. */
function showAsItWillBe(card) {
  const lines = [...card.querySelectorAll("[data-shows]")];
  const write = (line) => {
    const field = /** @type {HTMLInputElement | HTMLSelectElement} */ (form.elements[line.dataset.shows]);
    const typed = field instanceof HTMLSelectElement ? field.selectedOptions[0]?.textContent ?? "" : field.value.trim();
    line.textContent = typed || (line.dataset.none ?? "");
  };
  form.addEventListener("input", ({ target }) => {
    const { name } = /** @type {HTMLInputElement} */ (target);
    lines.filter((line) => line.dataset.shows === name).forEach(write);
  });
}

/** A link to a field or a part inside what is folded: unfold it, also in browsers that leave that to the page. */
function unfold(hash) {
  const there = hash.length > 1 && document.getElementById(hash.slice(1));
  const folded = there && there.closest("details");
  if (!folded) return;
  folded.open = true;
  there.scrollIntoView();
}

if (form) {
  watchForClashes();
  document.querySelectorAll("[data-preview]").forEach(showAsItWillBe);
  document.addEventListener("click", ({ target }) => {
    const link = /** @type {Element} */ (target).closest("a[href^='#']");
    if (link) unfold(link.getAttribute("href"));
  });
  unfold(location.hash);
  form.querySelectorAll("[data-people]").forEach(growing);
  form.dataset.script = "ready";
}
