// Copies the browser files we serve from node_modules (locked by package-lock.json) into static/vendor,
// with a manifest of hashes that a test holds them against. Commit the copies: serving needs no node.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";

const FILES = {
  "socket.io.esm.min.js": "socket.io-client/dist/socket.io.esm.min.js",
  "hls.light.min.js": "hls.js/dist/hls.light.min.mjs",
  "atkinson-hyperlegible-next.woff2":
    "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  "bricolage-grotesque.woff2":
    "@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2",
};

const entry = (owner, about, content) => ({
  package: owner,
  version: about.version,
  license: about.license,
  sha256: createHash("sha256").update(content).digest("hex"),
});

await mkdir("static/vendor", { recursive: true });
const manifest = {};
for (const [name, source] of Object.entries(FILES)) {
  const owner = source.split("/").slice(0, source.startsWith("@") ? 2 : 1).join("/");
  const about = JSON.parse(await readFile(`node_modules/${owner}/package.json`, "utf8"));
  let content = await readFile(`node_modules/${source}`);
  if (name.endsWith(".js")) {
    // The map is not served; a pointer to it is an error in every console.
    const plain = content.toString("utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
    content = Buffer.from(`// @ts-nocheck\n${plain}`); // its types are its maker's matter
  }
  await writeFile(`static/vendor/${name}`, content);
  manifest[name] = entry(owner, about, content);

  // Each licence asks that its text goes along.
  const licence = `LICENSE-${owner.split("/").pop()}.txt`;
  const terms = await readFile(`node_modules/${owner}/LICENSE`);
  await writeFile(`static/vendor/${licence}`, terms);
  manifest[licence] = entry(owner, about, terms);
}
// What an earlier release of a package left behind goes.
for (const name of await readdir("static/vendor")) {
  if (name !== "manifest.json" && !(name in manifest)) await rm(`static/vendor/${name}`);
}
await writeFile("static/vendor/manifest.json", JSON.stringify(manifest, null, 2) + "\n");
