// Reactions in a room, made live.

/** Applause and hearts: the numbers of this moment, and no more than that. */
export function reactions(form, live) {
  const fade = new Map();
  const draw = (counts) => {
    for (const place of form.querySelectorAll("[data-reaction]")) {
      const kind = place.dataset.reaction;
      if (!counts[kind]) continue;
      place.textContent = `+${counts[kind]}`;
      clearTimeout(fade.get(kind));
      fade.set(kind, setTimeout(() => (place.textContent = ""), 3000));
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const kind = event.submitter?.value;
    if (!kind) return;
    if (live.entered) return void live.send("reaction:send", { kind }).catch(() => {});
    // Where no WebSocket gets through, the form goes as it would without scripts. Nobody tells the sum then.
    if (await posted(form, kind)) draw({ [kind]: 1 });
  });
  live.addEventListener("reactions", ({ detail }) => draw(detail));
}

async function posted(form, kind) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, kind });
  try {
    return (await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } })).ok;
  } catch {
    return false;
  }
}
