import { AppError } from "../core/errors.ts";
import { type ByteSource, baseName, folderOf } from "./byteSource.ts";

/** Files of one folder (or of one archive, or the loose files together), by name. */
export interface Folder {
  /** "" for loose files */
  path: string;
  files: Map<string, ByteSource>;
}

/** Everything that was dropped, by folder path, in the order it came. */
export type Drop = Map<string, Folder>;

/** Sort files into their folders. Throws AppError when two files have the same path, for then nothing tells them apart. */
export function groupByFolder(sources: readonly ByteSource[]): Drop {
  const drop: Drop = new Map();
  for (const source of sources) {
    const path = folderOf(source.path);
    const folder = drop.get(path) ?? { path, files: new Map<string, ByteSource>() };
    const name = baseName(source.path);
    if (folder.files.has(name)) {
      throw new AppError(
        "ambiguous",
        `Expected one file called ${source.path}, found two of that name; open their folders one at a time.`,
        { path: source.path },
      );
    }
    folder.files.set(name, source);
    drop.set(path, folder);
  }
  return drop;
}

/** The drop without the files already taken; folders left empty disappear. */
export function withoutFiles(drop: Drop, taken: ReadonlySet<ByteSource>): Drop {
  return groupByFolder([...drop.values()].flatMap((f) => [...f.files.values()]).filter((s) => !taken.has(s)));
}

/** A file below a folder by relative path, e.g. "motion/motion.npy"; undefined when there is none. */
export function fileBelow(drop: Drop, folder: string, relative: string): ByteSource | undefined {
  const path = folder === "" ? relative : `${folder}/${relative}`;
  return drop.get(folderOf(path))?.files.get(baseName(path));
}

/** A folder as a reader's sentence names it. */
export function folderInWords(path: string): string {
  return path === "" ? "the loose files" : path;
}
