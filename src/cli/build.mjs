import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "vite";

/** A build takes seconds; a lock as old as this was left by somebody who died and whose number another process has now. */
const STALE_MS = 120_000;

/**
 * Bundle the command line for Node into build/cli. Of several processes that find it out of date one builds, and the others wait; it
 * appears as a whole.
 * @param {string} root
 * @param {() => boolean} isStale asked again when it is this process's turn
 */
export async function buildCli(root, isStale) {
  const folder = join(root, "build", "cli");
  const release = await lock(`${folder}.lock`);
  try {
    if (!isStale()) return;
    const fresh = `${folder}.new`;
    await bundle(root, fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    release();
  }
}

/** @param {string} root @param {string} outDir */
async function bundle(root, outDir) {
  await build({
    root,
    configFile: join(root, "vite.config.ts"),
    logLevel: "warn",
    publicDir: false,
    ssr: { noExternal: [/@tensorflow/, "fflate", "d3-scale-chromatic", "comlink", /^d3-/] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: "node20",
      rollupOptions: { input: join(root, "src", "cli", "main.ts"), output: { entryFileNames: "main.js" } },
    },
  });
}

/** Wait for a file of the process's own. Returns what takes it away again. @param {string} path @returns {Promise<() => void>} */
async function lock(path) {
  mkdirSync(join(path, ".."), { recursive: true });
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    if (isLeftBehind(path)) rmSync(path, { force: true });
    else await wait(100);
  }
}

/** @param {string} path */
function isLeftBehind(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > STALE_MS) return true;
    const pid = Number(readFileSync(path, "utf8"));
    if (pid > 0) process.kill(pid, 0); // only asks whether it lives
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH";
  }
}
