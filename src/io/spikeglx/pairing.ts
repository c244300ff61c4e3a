import { type ByteSource, baseName } from "../byteSource.ts";
import type { Folder } from "../drop.ts";
import { type Meta, optionalNumber } from "./meta.ts";

/** A description with the file of its samples, where that is there. */
export interface Pair {
  source: ByteSource;
  meta: Meta;
  binary: ByteSource | undefined;
}

/** Files of other formats, which are never samples however well their size may fit. */
const OTHER_FORMAT = /\.(npy|npz|zip|json|jsonl|txt|md|csv|tsv|png|svg|pdf|html|py|mat|meta|cbin|ch|nwb|h5)$/i;

/**
 * The binary of each description in a folder. In this order: the same name with .bin; the name the description gives
 * (`fileName`); the only file left of the size it gives; and, for the only description left, the only file left of whole samples.
 */
export function pairUp(folder: Folder, metas: readonly { source: ByteSource; meta: Meta }[]): Pair[] {
  const described = new Set(metas.map(({ source }) => source));
  const free = new Set(
    [...folder.files]
      .filter(([name, file]) => !described.has(file) && !OTHER_FORMAT.test(name))
      .map(([, file]) => file),
  );
  const found = new Map<ByteSource, ByteSource>();
  const rules: ((of: { source: ByteSource; meta: Meta }, nWaiting: number) => ByteSource[])[] = [
    ({ source }) => named(folder, baseName(source.path).replace(/\.meta$/i, ".bin")),
    ({ meta }) => named(folder, originalName(meta)),
    ({ meta }) => [...free].filter((file) => file.size === optionalNumber(meta, "fileSizeBytes", 0)),
    ({ meta }, nWaiting) => (nWaiting === 1 ? [...free].filter((file) => holdsWholeSamples(file, meta)) : []),
  ];
  for (const rule of rules) {
    const waiting = metas.filter(({ source }) => !found.has(source));
    for (const one of waiting) {
      const candidates = rule(one, waiting.length).filter((file) => free.has(file));
      if (candidates.length !== 1) continue;
      found.set(one.source, candidates[0]);
      free.delete(candidates[0]);
    }
  }
  return metas.map(({ source, meta }) => ({ source, meta, binary: found.get(source) }));
}

/** The name the binary was written under, without its folder; "" when the description does not say. */
export function originalName(meta: Meta): string {
  return (meta.values.get("fileName") ?? "").replace(/^.*[\\/]/, "");
}

function named(folder: Folder, name: string): ByteSource[] {
  const file = folder.files.get(name);
  return file ? [file] : [];
}

function holdsWholeSamples(file: ByteSource, meta: Meta): boolean {
  const nSaved = optionalNumber(meta, "nSavedChans", 1);
  return nSaved !== undefined && file.size > 0 && file.size % (2 * nSaved) === 0;
}
