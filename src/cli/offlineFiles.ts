import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Plugin } from "vite";

/** Name of the service worker in the built page. */
const OFFLINE_WORKER = "offline.js";

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

/** The service worker's text for the files of a folder: which they are, and what tells this version from another. */
export function offlineWorker(source: string, outDir: string): string {
  const files = filesBelow(outDir).filter((file) => relative(outDir, file) !== OFFLINE_WORKER);
  const hash = createHash("sha1").update(source);
  for (const file of files) hash.update(relative(outDir, file)).update(readFileSync(file));
  const paths = files.map((file) => relative(outDir, file).replaceAll("\\", "/"));
  return source
    .replace("__OFFLINE_FILES__", JSON.stringify(paths))
    .replace("__OFFLINE_VERSION__", hash.digest("hex").slice(0, 12));
}

/** When the page is built: the service worker that keeps every file of it. None while it is being developed. */
export function offlineFiles(workerFile: string): Plugin {
  let outDir = "";
  return {
    name: "driftscope-offline-files",
    // the command line is built by the same configuration, and is no page
    apply: ({ build }, { command }) => command === "build" && !build?.ssr,
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      writeFileSync(join(outDir, OFFLINE_WORKER), offlineWorker(readFileSync(workerFile, "utf8"), outDir));
    },
  };
}
