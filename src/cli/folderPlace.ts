import { mkdir, open, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { AppError, messageOf } from "../core/errors.ts";
import type { FilePlace } from "../io/write/correctionSinks.ts";

/** Left free for others on the same disk. */
const spareBytes = 16 << 20;

/** A folder on disk. A file is called .partial until it is whole. */
export function folderPlace(folder: string): FilePlace {
  return {
    async create(name, bytes) {
      const path = join(folder, name);
      await explained(path, () => mkdir(folder, { recursive: true }));
      await requireRoom(folder, name, bytes);
      const handle = await explained(path, () => open(`${path}.partial`, "w"));
      return {
        append: (part) => explained(path, async () => void (await handle.writeFile(part))),
        async close() {
          await handle.close();
          await explained(path, () => rename(`${path}.partial`, path));
        },
        async discard() {
          await handle.close();
          await rm(`${path}.partial`, { force: true });
        },
      };
    },
  };
}

async function requireRoom(folder: string, name: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await explained(folder, () => statfs(folder));
  const free = bavail * bsize;
  if (free >= bytes + spareBytes) return;
  throw new AppError(
    "bad-data",
    `${join(folder, name)}: expected room for ${Math.ceil(bytes / 1e6)} MB, found ${Math.floor(free / 1e6)} MB free; free some disk space or choose another folder.`,
    { name, bytes, free },
  );
}

async function explained<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new AppError(
      "bad-data",
      `${path} could not be written (${messageOf(error)}); free some disk space or choose another folder, and start again.`,
      { path },
      { cause: error },
    );
  }
}
