import { AppError, messageOf } from "../core/errors.ts";
import type { DroppedFile } from "../protocol/datasets.ts";

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

/** Guard against a dropped home folder: walking it would take minutes and read nothing we want. */
export const MAX_FILES = 20_000;

function join(folder: string, name: string): string {
  return folder ? `${folder}/${name}` : name;
}

function add(out: DroppedFile[], path: string, file: File): void {
  if (out.length >= MAX_FILES) {
    throw new AppError(
      "nothing-found",
      `The folder holds more than ${MAX_FILES} files; drop the data set's own folder instead of one above it.`,
      { maxFiles: MAX_FILES },
    );
  }
  out.push({ path, file });
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

async function walkEntry(entry: EntryLike, folder: string, out: DroppedFile[]): Promise<void> {
  const path = join(folder, entry.name);
  if (entry.isFile && entry.file) {
    const file = await reading(path, new Promise<File>((resolve, reject) => entry.file?.(resolve, reject)));
    add(out, path, file);
  } else if (entry.isDirectory && entry.createReader) {
    const reader = entry.createReader();
    // readEntries hands out at most 100 at a time and an empty list at the end
    for (;;) {
      const some = await reading(
        path,
        new Promise<EntryLike[]>((resolve, reject) => reader.readEntries(resolve, reject)),
      );
      if (some.length === 0) break;
      for (const child of some) await walkEntry(child, path, out);
    }
  }
}

async function walkHandle(handle: HandleLike, folder: string, out: DroppedFile[]): Promise<void> {
  const path = join(folder, handle.name);
  if (handle.kind === "file" && handle.getFile) {
    add(out, path, await reading(path, handle.getFile()));
  } else if (handle.values) {
    for await (const child of handle.values()) await walkHandle(child, path, out);
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
    const out: DroppedFile[] = [];
    for (const { entry, handle, file } of taken) {
      const known = handle ? await handle : null;
      if (entry) await walkEntry(entry, "", out);
      else if (known) await walkHandle(known, "", out);
      else if (file) add(out, file.name, file);
    }
    return sortByPath(out);
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

/** Every file of handles that may be read, folders walked. */
export async function collectHandles(handles: readonly FileSystemHandle[]): Promise<DroppedFile[]> {
  const out: DroppedFile[] = [];
  for (const handle of handles) await walkHandle(handle as unknown as HandleLike, "", out);
  return sortByPath(out);
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
  const out: DroppedFile[] = [];
  for (const file of files) add(out, file.webkitRelativePath || file.name, file);
  return sortByPath(out);
}

function sortByPath(files: DroppedFile[]): DroppedFile[] {
  return files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
