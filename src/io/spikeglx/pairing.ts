import { type ByteSource, baseName } from "../byteSource.ts";
import type { Folder } from "../drop.ts";
import { pairByRules } from "../pairByRules.ts";
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
export async function pairUp(folder: Folder, metas: readonly { source: ByteSource; meta: Meta }[]): Promise<Pair[]> {
  const described = new Set(metas.map(({ source }) => source));
  const files = [...folder.files]
    .filter(([name, file]) => !described.has(file) && !OTHER_FORMAT.test(name))
    .map(([, file]) => file);
  const found = await pairByRules(metas, files, [
    ({ source }, file) => file === folder.files.get(baseName(source.path).replace(/\.meta$/i, ".bin")),
    ({ meta }, file) => file === folder.files.get(originalName(meta)),
    ({ meta }, file) => file.size === optionalNumber(meta, "fileSizeBytes", 0),
    ({ meta }, file, nWaiting) => nWaiting === 1 && holdsWholeSamples(file, meta),
  ]);
  return metas.map((one) => ({ ...one, binary: found.get(one) }));
}

/** The name the binary was written under, without its folder; "" when the description does not say. */
export function originalName(meta: Meta): string {
  return (meta.values.get("fileName") ?? "").replace(/^.*[\\/]/, "");
}

function holdsWholeSamples(file: ByteSource, meta: Meta): boolean {
  const nSaved = optionalNumber(meta, "nSavedChans", 1);
  return nSaved !== undefined && file.size > 0 && file.size % (2 * nSaved) === 0;
}
