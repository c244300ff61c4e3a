import { AppError, messageOf } from "../../core/errors.ts";
import type { Scratch, ScratchRun } from "../../protocol/scratch.ts";
import { memoryScratch } from "./memoryScratch.ts";
import { requireBytes } from "./requireBytes.ts";

const FOLDER = "driftscope-runs";

/** What only workers have and the page's types therefore lack. */
interface SyncAccessHandle {
  getSize(): number;
  read(into: Uint8Array, options: { at: number }): number;
  write(from: Uint8Array, options: { at: number }): number;
  truncate(bytes: number): void;
  flush(): void;
  close(): void;
}

interface WorkerFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
}

/**
 * Scratch in the browser's private file system (OPFS). Only in a dedicated worker: synchronous handles live nowhere else.
 * Where the browser grants no such storage (some private windows), memory takes its place: then a run cannot be resumed.
 */
export function opfsScratch(folder: string = FOLDER): Scratch {
  let chosen: Promise<Scratch> | null = null;
  const scratch = () => {
    chosen ??= openOpfs(folder).catch(() => memoryScratch());
    return chosen;
  };
  return {
    survivesReload: async () => (await scratch()).survivesReload(),
    runs: async () => (await scratch()).runs(),
    open: async (key) => (await scratch()).open(key),
    peek: async (...place) => (await scratch()).peek(...place),
    discard: async (key) => (await scratch()).discard(key),
    freeBytes: async () => (await scratch()).freeBytes(),
  };
}

async function openOpfs(folder: string): Promise<Scratch> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(folder, { create: true });
  const runs = async () => {
    const keys: string[] = [];
    for await (const key of root.keys()) keys.push(key);
    return keys;
  };
  return {
    survivesReload: async () => true,
    runs,
    open: async (key) => opfsRun(await root.getDirectoryHandle(key, { create: true })),
    async peek(key, name, from, to) {
      const file = await storedFile(key, name);
      requireBytes(name, to, file?.size ?? 0);
      return new Uint8Array((await file?.slice(from, to).arrayBuffer()) ?? []);
    },
    async discard(key) {
      if (!(await runs()).includes(key)) return;
      await root.removeEntry(key, { recursive: true }).catch((error: unknown) => {
        throw inUse(key, error);
      });
    },
    async freeBytes() {
      const { quota, usage } = await navigator.storage.estimate();
      return quota === undefined ? null : quota - (usage ?? 0);
    },
  };
}

/** A finished file of a run as the browser stores it, without reading it; null when there is none. Any thread may ask. */
export async function storedFile(key: string, name: string): Promise<Blob | null> {
  try {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER);
    return await (await (await root.getDirectoryHandle(key)).getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return null;
    throw error;
  }
}

function inUse(name: string, error: unknown): AppError {
  return new AppError(
    "bad-data",
    `The intermediate results of this run are in use by another page of this browser (${messageOf(error)}); close it and try again.`,
    { name },
    { cause: error },
  );
}

/** One handle per file, opened when first touched: a handle locks its file until it is closed. */
function opfsRun(folder: FileSystemDirectoryHandle): ScratchRun {
  const handles = new Map<string, Promise<SyncAccessHandle>>();
  const handleOf = (name: string) => {
    const open = async () => {
      const file = (await folder.getFileHandle(name, { create: true })) as WorkerFileHandle;
      try {
        return await file.createSyncAccessHandle();
      } catch (error) {
        handles.delete(name); // there is nothing to close
        throw inUse(name, error);
      }
    };
    const handle = handles.get(name) ?? open();
    handles.set(name, handle);
    return handle;
  };
  return {
    size: async (name) => (await handleOf(name)).getSize(),
    async append(name, bytes) {
      const handle = await handleOf(name);
      const at = handle.getSize();
      try {
        if (handle.write(bytes, { at }) !== bytes.length) throw new Error("disk full");
        handle.flush();
      } catch (error) {
        throw new AppError(
          "bad-data",
          `The browser could not store ${bytes.length} more bytes of intermediate results (${messageOf(error)}); free some disk space and resume.`,
          { name, bytes: bytes.length },
          { cause: error },
        );
      }
    },
    async read(name, from, to) {
      const handle = await handleOf(name);
      requireBytes(name, to, handle.getSize());
      const out = new Uint8Array(to - from);
      handle.read(out, { at: from });
      return out;
    },
    async truncate(name, bytes) {
      const handle = await handleOf(name);
      requireBytes(name, bytes, handle.getSize());
      handle.truncate(bytes);
    },
    async close() {
      for (const handle of handles.values()) (await handle).close();
      handles.clear();
    },
  };
}
