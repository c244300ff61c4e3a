import { type ByteSource, baseName } from "../byteSource.ts";
import type { Folder } from "../drop.ts";
import { pairByRules } from "../pairByRules.ts";
import { type Meta, optionalNumber, readMeta } from "../spikeglx/meta.ts";
import { originalName } from "../spikeglx/pairing.ts";
import { isChunkTable, statedSizes } from "./header.ts";

/** A description of chunks with the file that holds them and what SpikeGLX said of the recording, where those are there. */
export interface ChunkedSet {
  /** further descriptions of the recording: of the whole, where the chunks are only a part of it */
  others: ByteSource[];
  table: ByteSource;
  cbin: ByteSource | undefined;
  meta: { source: ByteSource; meta: Meta } | undefined;
}

/** Files that are neither descriptions nor metas: opening a member of an archive would unpack it whole. */
const NEVER_TEXT = /\.(npy|npz|zip|png|svg|pdf|bin|dat|cbin|nwb|h5)$/i;
/** Files that never hold chunks, however well their size may fit. */
const NEVER_CHUNKS = /\.(npy|npz|zip|json|jsonl|txt|md|csv|tsv|png|svg|pdf|html|py|mat|meta|ch|bin|dat|nwb|h5)$/i;
const UUID = /\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=\.|$)/i;

/**
 * The mtscomp recordings of a folder. A file of chunks belongs to the description of the same stem, else of its size; a
 * .meta to that of the same stem, of the name or size it gives, or of its channel count when only one is left. In public
 * IBL data each file has its own identifier before its ending, which stems leave out; a part of a recording has `.stream`
 * there and lies beside the descriptions of the whole, which it may need.
 */
export async function chunkedSets(folder: Folder): Promise<ChunkedSet[]> {
  const tables: ByteSource[] = [];
  const others: ByteSource[] = [];
  for (const [name, source] of folder.files) {
    if (!NEVER_TEXT.test(name) && (await isChunkTable(source))) tables.push(source);
    else others.push(source);
  }
  if (tables.length === 0) return [];
  const cbins = await pairByRules(tables, others.filter(mayHoldChunks), [
    (table, file) => stemOf(table.path) === stemOf(file.path) && /\.cbin$/i.test(file.path),
    (table, file) => wholeOf(table.path) === wholeOf(file.path) && /\.cbin$/i.test(file.path),
    async (table, file) => file.size > 0 && file.size === (await statedSizes(table)).compressed,
    (_, file, nWaiting) => nWaiting === 1 && /\.cbin$/i.test(file.path),
  ]);
  const found: NonNullable<ChunkedSet["meta"]>[] = [];
  for (const source of others) {
    if (NEVER_TEXT.test(source.path)) continue;
    const meta = await readMeta(source);
    if (meta) found.push({ source, meta });
  }
  const partOf = (table: ByteSource) =>
    tables.find((other) => other !== table && cbins.has(other) && wholeOf(other.path) === stemOf(table.path));
  const own = tables.filter((table) => cbins.has(table) || !partOf(table));
  const metas = await pairByRules(own, found, [
    (table, { source }) => stemOf(table.path) === stemOf(source.path),
    (table, { source }) => wholeOf(table.path) === wholeOf(source.path),
    (table, { meta }) => wholeOf(table.path) === wholeOf(originalName(meta)),
    async (table, { meta }) => {
      const { nSamples, nChannels } = await statedSizes(table);
      return optionalNumber(meta, "fileSizeBytes", 0) === 2 * Number(nSamples) * Number(nChannels);
    },
    async (table, { meta }, nWaiting) =>
      nWaiting === 1 && optionalNumber(meta, "nSavedChans", 1) === (await statedSizes(table)).nChannels,
  ]);
  return own.map((table) => {
    const others = tables.filter((other) => !own.includes(other) && partOf(other) === table);
    const metasBeside = found.filter(({ source }) =>
      others.some((other) => stemOf(other.path) === stemOf(source.path)),
    );
    const meta = metas.get(table);
    const beside = metasBeside.filter((one) => one !== meta).map(({ source }) => source);
    return { table, cbin: cbins.get(table), meta, others: [...others, ...beside] };
  });
}

/** The file a recording was compressed from, where it lies beside it. */
export function uncompressedBeside({ table }: ChunkedSet, folder: Folder): ByteSource | undefined {
  const stem = wholeOf(table.path);
  return [...folder.files.values()].find((f) => /\.bin$/i.test(f.path) && f.size > 0 && stemOf(f.path) === stem);
}

function mayHoldChunks({ path }: ByteSource): boolean {
  return !NEVER_CHUNKS.test(path);
}

/** What files of one recording have in common in their names. */
function stemOf(path: string): string {
  return baseName(path)
    .replace(/\.(ch|cbin|meta|bin)$/i, "")
    .replace(UUID, "");
}

/** The same of the recording that a part was taken out of. */
function wholeOf(path: string): string {
  return stemOf(path).replace(/\.stream$/i, "");
}
