// What a script of ours finds in a browser, for Node: a document, IndexedDB, and a socket that a test plays.
import "fake-indexeddb/auto";
import { register } from "node:module";
import { Window } from "happy-dom";

const window = new Window({ url: "https://buurt.example/" });
Object.assign(globalThis, {
  window,
  document: window.document,
  CSS: window.CSS,
  HTMLElement: window.HTMLElement,
  addEventListener: window.addEventListener.bind(window),
});

/** The words of the page, each its own name; to be set before a module of ours is loaded. */
export function words(...names) {
  document.body.innerHTML = `<template id="words">${names
    .map((name) => `<span data-word="${name}">[${name}]${name.includes("many") ? " #" : ""}</span>`)
    .join("")}</template>`;
}

// live.js imports the copy of socket.io in static/vendor; a test gets the one beside this file.
const hooks = `
export async function resolve(specifier, context, next) {
  if (specifier.endsWith("/vendor/socket.io.esm.min.js")) return { url: ${JSON.stringify(new URL("socket.mjs", import.meta.url).href)}, shortCircuit: true };
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

/** Let everything that is ready happen. */
export async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** What `target` tells of `names`, as [name, detail], in order. */
export function heard(target, ...names) {
  const told = [];
  for (const name of names) target.addEventListener(name, ({ detail }) => told.push([name, detail]));
  return told;
}
