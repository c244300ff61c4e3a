import { AppError, messageOf } from "../core/errors.ts";
import { FileCount } from "../protocol/chunkFiles.ts";
import type { DroppedFile } from "../protocol/datasets.ts";
import { isMadeHere, type KeptThing } from "./keptHandles.ts";

/**
 * From what a browser hands over in a drop or a picker to a flat list of files with their relative paths.
 *
 * The browser empties a DataTransfer as soon as its event handler returns, so `collectDrop` asks every item for its
 * entry, handle and file before the first await; only then are folders walked.
 */

/** The parts of a directory handle that a walk needs (lib.dom has no async iterator of `values` in every version). */
export interface HandleLike {
  readonly kind: "file" | "directory";
  readonly name: string;
  getFile?(): Promise<File>;
  values?(): AsyncIterable<HandleLike>;
}

/** The parts of a FileSystemEntry that a walk needs. */
export interface EntryLike {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly name: string;
  file?(resolve: (file: File) => void, reject: (error: Error) => void): void;
  createReader?(): { readEntries(resolve: (entries: EntryLike[]) => void, reject: (error: Error) => void): void };
}

/** The parts of a DataTransferItem that a drop needs. */
export interface ItemLike {
  readonly kind: string;
  getAsFile(): File | null;
  webkitGetAsEntry?(): EntryLike | null;
  getAsFileSystemHandle?(): Promise<HandleLike | null>;
}

/** Children of a folder that are asked for together. */
const AT_ONCE = 100;

function join(folder: string, name: string): string {
  return folder ? `${folder}/${name}` : name;
}

/** Files found so far. Throws AppError as soon as there are too many. */
class Found {
  readonly files: DroppedFile[] = [];
  readonly #count = new FileCount();

  add(path: string, file: File): void {
    this.#count.add(path);
    this.files.push({ path, file });
  }

  sorted(): DroppedFile[] {
    return this.files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }
}

/** What the browser says when a file has moved or a folder is closed to it is no sentence; this makes it one. */
async function reading<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const found = messageOf(error);
    throw new AppError(
      "bad-file",
      `The browser could not read ${path} (${found}); it may have been moved, or be closed to this page.`,
      { path, found },
      { cause: error },
    );
  }
}

async function walkEntry(entry: EntryLike, folder: string, out: Found): Promise<void> {
  const path = join(folder, entry.name);
  if (entry.isFile && entry.file) {
    const file = await reading(path, new Promise<File>((resolve, reject) => entry.file?.(resolve, reject)));
    out.add(path, file);
  } else if (entry.isDirectory && entry.createReader) {
    const reader = entry.createReader();
    // readEntries hands out at most 100 at a time and an empty list at the end
    for (;;) {
      const some = await reading(
        path,
        new Promise<EntryLike[]>((resolve, reject) => reader.readEntries(resolve, reject)),
      );
      if (some.length === 0) break;
      // together: asked one by one, the thousands of chunks of an array would take a minute
      await Promise.all(some.map((child) => walkEntry(child, path, out)));
    }
  }
}

async function walkHandle(handle: HandleLike, folder: string, out: Found): Promise<void> {
  const path = join(folder, handle.name);
  if (handle.kind === "file" && handle.getFile) {
    out.add(path, await reading(path, handle.getFile()));
  } else if (handle.values) {
    let some: HandleLike[] = [];
    const walkSome = () => Promise.all(some.map((child) => walkHandle(child, path, out)));
    for await (const child of handle.values()) {
      some.push(child);
      if (some.length < AT_ONCE) continue;
      await walkSome();
      some = [];
    }
    await walkSome();
  }
}

/**
 * Everything in a drop. Call it inside the drop handler: it reads the items synchronously and returns a promise of the
 * files. Items are taken by entry (folders in every browser), else by handle, else as a plain file; text is ignored.
 */
export function collectDrop(items: ArrayLike<ItemLike>): Promise<DroppedFile[]> {
  const taken = Array.from(items)
    .filter((item) => item.kind === "file")
    .map((item) => {
      const entry = item.webkitGetAsEntry?.() ?? null;
      return { entry, handle: entry ? null : (item.getAsFileSystemHandle?.() ?? null), file: item.getAsFile() };
    });
  return (async () => {
    const out = new Found();
    for (const { entry, handle, file } of taken) {
      const known = handle ? await handle : null;
      if (entry) await walkEntry(entry, "", out);
      else if (known) await walkHandle(known, "", out);
      else if (file) out.add(file.name, file);
    }
    return out.sorted();
  })();
}

/**
 * Handles of what is dropped, by which the same files can be opened at a later visit; none where the browser gives none. Call it
 * inside the drop handler, like `collectDrop`.
 */
export function dropHandles(items: ArrayLike<ItemLike>): Promise<FileSystemHandle[]> {
  const asked = Array.from(items)
    .filter((item) => item.kind === "file")
    .map((item) => item.getAsFileSystemHandle?.() ?? Promise.resolve(null));
  // without them the files are dropped again: nothing is lost
  return Promise.all(asked).then(
    (handles) => handles.flatMap((handle) => (handle ? [handle as HandleLike & FileSystemHandle] : [])),
    () => [],
  );
}

/** Every file of handles that may be read, folders walked, and what the page made itself. */
export async function collectHandles(things: readonly KeptThing[]): Promise<DroppedFile[]> {
  const out = new Found();
  for (const thing of things) {
    if (isMadeHere(thing)) out.add(thing.path, thing.file);
    else await walkHandle(thing as unknown as HandleLike, "", out);
  }
  return out.sorted();
}

/** What the page's types lack, and not every browser has. */
interface PickingWindow {
  showOpenFilePicker?(options: { multiple: boolean }): Promise<FileSystemFileHandle[]>;
  showDirectoryPicker?(): Promise<FileSystemDirectoryHandle>;
}

/**
 * Ask with the browser's picker that gives handles. Null where it has none, so that another has to be used; empty when the
 * person chose nothing.
 */
export async function pickHandles(what: "files" | "folder"): Promise<FileSystemHandle[] | null> {
  const page = globalThis as unknown as PickingWindow;
  try {
    if (what === "files") return (await page.showOpenFilePicker?.({ multiple: true })) ?? null;
    const folder = await page.showDirectoryPicker?.();
    return folder ? [folder] : null;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return [];
    return null;
  }
}

/** Files of an <input type="file">; a folder picker states the relative path in `webkitRelativePath`. */
export function collectPicked(files: Iterable<File>): DroppedFile[] {
  const out = new Found();
  for (const file of files) out.add(file.webkitRelativePath || file.name, file);
  return out.sorted();
}
