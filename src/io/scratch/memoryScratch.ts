import type { Scratch, ScratchRun } from "../../protocol/scratch.ts";
import { requireBytes } from "./requireBytes.ts";

/** A scratch in memory: for places without a file system of their own. Nothing survives the thread. */
export function memoryScratch(): Scratch {
  const folders = new Map<string, Map<string, Uint8Array[]>>();
  return {
    survivesReload: async () => false,
    runs: async () => [...folders.keys()],
    open: async (key) => {
      const files = folders.get(key) ?? new Map<string, Uint8Array[]>();
      folders.set(key, files);
      return runOf(files);
    },
    peek: async (key, name, from, to) => runOf(folders.get(key) ?? new Map()).read(name, from, to),
    discard: async (key) => {
      folders.delete(key);
    },
    freeBytes: async () => null,
  };
}

function runOf(files: Map<string, Uint8Array[]>): ScratchRun {
  const sizeOf = (name: string) => (files.get(name) ?? []).reduce((sum, part) => sum + part.length, 0);
  const readNow = (name: string, from: number, to: number) => {
    requireBytes(name, to, sizeOf(name));
    const out = new Uint8Array(to - from);
    let start = 0;
    for (const part of files.get(name) ?? []) {
      const first = Math.max(from, start);
      const last = Math.min(to, start + part.length);
      if (first < last) out.set(part.subarray(first - start, last - start), first - from);
      start += part.length;
    }
    return out;
  };
  return {
    size: async (name) => sizeOf(name),
    append: async (name, bytes) => {
      files.set(name, [...(files.get(name) ?? []), bytes.slice()]);
    },
    read: async (name, from, to) => readNow(name, from, to),
    truncate: async (name, bytes) => {
      files.set(name, [readNow(name, 0, bytes)]);
    },
    close: async () => undefined,
  };
}
