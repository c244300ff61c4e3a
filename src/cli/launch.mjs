// Runs the command line, building it first when a source is newer than the last build.
import { readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const built = join(root, "build", "cli", "main.js");

/** @param {string} dir @returns {number} newest modification time below dir */
function newest(dir) {
  let time = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
}

const sources = ["src", "shaders", "workers"].map((dir) => newest(join(root, dir)));
const isStale = () => Math.max(...sources) > (statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0);
if (isStale()) {
  const { buildCli } = await import("./build.mjs");
  await buildCli(root, isStale);
}
// tfjs-wasm's loader was written for CommonJS and asks for these two by name
globalThis.require = createRequire(built);
globalThis.__dirname = dirname(built);
const { main } = await import(pathToFileURL(built).href);
process.exit(await main(process.argv.slice(2)));
