import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Write files below a folder, making the folders they need. Each is asked for when the one before is written. */
export async function writeFiles(folder: string, files: Iterable<{ path: string; bytes: Uint8Array }>): Promise<void> {
  for (const { path, bytes } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
}
