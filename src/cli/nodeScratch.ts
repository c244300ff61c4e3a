import { appendFile, mkdir, open, readdir, rm, stat, statfs, truncate } from "node:fs/promises";
import { join } from "node:path";
import { requireBytes } from "../io/scratch/requireBytes.ts";
import type { Scratch, ScratchRun } from "../protocol/scratch.ts";

/** Scratch in a folder: a folder per run in it. */
export function nodeScratch(folder: string): Scratch {
  return {
    survivesReload: async () => true,
    runs: () => readdir(folder).catch(() => []),
    async open(key) {
      await mkdir(join(folder, key), { recursive: true });
      return nodeRun(join(folder, key));
    },
    peek: (key, name, from, to) => nodeRun(join(folder, key)).read(name, from, to),
    discard: (key) => rm(join(folder, key), { recursive: true, force: true }),
    async freeBytes() {
      await mkdir(folder, { recursive: true });
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}

function nodeRun(folder: string): ScratchRun {
  const size = async (name: string) => (await stat(join(folder, name)).catch(() => null))?.size ?? 0;
  return {
    size,
    append: (name, bytes) => appendFile(join(folder, name), bytes),
    async read(name, from, to) {
      const out = new Uint8Array(to - from);
      requireBytes(name, to, await size(name));
      if (out.length === 0) return out;
      const file = await open(join(folder, name));
      try {
        await file.read(out, 0, out.length, from);
      } finally {
        await file.close();
      }
      return out;
    },
    async truncate(name, bytes) {
      const found = await size(name);
      requireBytes(name, bytes, found);
      if (found > bytes) await truncate(join(folder, name), bytes);
    },
    close: async () => undefined,
  };
}
