// Niceties. Every page works without this file.

/** Says `text` to people who listen to the page. The same text twice is said twice. */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60);
}
