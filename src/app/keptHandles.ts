import { messageOf } from "../core/errors.ts";
import type { DroppedFile } from "../protocol/datasets.ts";

/**
 * Handles of the files and folders that a data set was opened from, in the browser's database: the one place that can hold
 * them. Not every browser gives handles; without one the same files are dropped again.
 */

/** A handle, or a small file that the page itself made for a data set: how a headerless binary is read, where contacts lie. */
export type KeptThing = FileSystemHandle | DroppedFile;

export function isMadeHere(thing: KeptThing): thing is DroppedFile {
  return "file" in thing;
}

/** By which two of them are the same. */
export function nameOfKept(thing: KeptThing): string {
  return isMadeHere(thing) ? (thing.path.split("/").at(-1) ?? thing.path) : thing.name;
}

const NAME = "driftscope-handles";
const STORE = "handles";

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(messageOf(request.error)));
  });
}

async function withStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await openDatabase();
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = work(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error(messageOf(request.error)));
    });
  } finally {
    database.close();
  }
}

export async function saveHandles(id: string, handles: readonly KeptThing[]): Promise<void> {
  await withStore("readwrite", (store) => store.put([...handles], id));
}

/** Empty where none were kept. */
export async function loadHandles(id: string): Promise<KeptThing[]> {
  const found: unknown = await withStore("readonly", (store) => store.get(id));
  return Array.isArray(found) ? (found as KeptThing[]) : [];
}

/** Of all data sets without an id. */
export async function forgetHandles(id: string | null): Promise<void> {
  await withStore<undefined>("readwrite", (store) => (id === null ? store.clear() : store.delete(id)));
}

/** What the page's types lack. */
interface AskingHandle {
  queryPermission?(options: { mode: "read" }): Promise<PermissionState>;
  requestPermission?(options: { mode: "read" }): Promise<PermissionState>;
}

/** Whether all of them may be read; asking needs a click. */
export async function mayRead(things: readonly KeptThing[], ask: boolean): Promise<boolean> {
  const handles = things.filter((thing) => !isMadeHere(thing));
  for (const handle of handles as readonly AskingHandle[]) {
    const state = ask
      ? await handle.requestPermission?.({ mode: "read" })
      : await handle.queryPermission?.({ mode: "read" });
    if (state !== "granted") return false;
  }
  return handles.length > 0;
}
