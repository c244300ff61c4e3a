import { AppError } from "../../core/errors.ts";
import type { ByteSource } from "../byteSource.ts";
import { type Column, requireEqualLengths } from "../columns.ts";
import { readVector } from "./arrays.ts";
import { type Contacts, readContacts } from "./contacts.ts";
import type { DriftFiles } from "./drift.ts";
import { type SorterFolder, type Writer, writerOf } from "./folder.ts";
import { rateOf } from "./params.ts";

/** Everything that is known while one folder is read. */
export interface Reading {
  sorter: SorterFolder;
  writer: Writer;
  contacts: Contacts | null;
  /** what Kilosort took off the positions, where it lies beside them */
  drift: DriftFiles | null;
  warnings: string[];
  /** files that were read */
  used: ByteSource[];
  /** [N] */
  sampleIndex: Column;
  timeSec: Column;
  /** [N] template of each spike, else its cluster; null where there is neither */
  template: Column | null;
  /** [N] cluster of each spike, else its template */
  unit: Column | null;
}

/** Times, templates, clusters and contacts of a folder. Throws AppError. */
export async function beginReading(
  sorter: SorterFolder,
  warnings: readonly string[],
  drift: DriftFiles | null,
): Promise<Reading> {
  const { folder, params } = sorter;
  const rateHz = rateOf(params);
  const times = folder.files.get("spike_times.npy");
  if (!times) throw new AppError("bad-file", `${params.source.path}: expected spike_times.npy beside it, found none.`);
  const sampleIndex = await readVector(times);
  const contacts = await readContacts(folder);
  const reading: Reading = {
    sorter,
    writer: writerOf(folder),
    contacts,
    drift,
    warnings: [...warnings],
    used: [times, params.source, ...(contacts?.files ?? [])],
    sampleIndex,
    timeSec: { path: times.path, values: sampleIndex.values.map((sample) => sample / rateHz) },
    template: null,
    unit: null,
  };
  const template = await perSpike(reading, "spike_templates.npy");
  reading.unit = (await perSpike(reading, "spike_clusters.npy")) ?? template;
  reading.template = template ?? reading.unit;
  return reading;
}

/** One number for each spike; null where the file is not there. Rows of spikes that were removed later are left out. */
export async function perSpike(reading: Reading, name: string): Promise<Column | null> {
  const source = reading.sorter.folder.files.get(name);
  if (!source) return null;
  reading.used.push(source);
  return kept(reading, await readVector(source));
}

/**
 * kept_spikes.npy says which of the spikes first found are in spike_times.npy: a column of all of them is cut down. Throws
 * AppError where a column then has not as many rows as there are spikes.
 */
export async function kept({ sorter, sampleIndex, warnings }: Reading, column: Column): Promise<Column> {
  const { path, values } = column;
  const file = sorter.folder.files.get("kept_spikes.npy");
  if (file && values.length !== sampleIndex.values.length) {
    const isKept = (await readVector(file)).values;
    const nKept = isKept.reduce((n, is) => n + Number(is !== 0), 0);
    if (isKept.length === values.length && nKept === sampleIndex.values.length) {
      warnings.push(
        `${path}: ${values.length - nKept} of ${values.length} rows were left out: ${file.path} says their spikes were removed.`,
      );
      return { path, values: values.filter((_, i) => isKept[i] !== 0) };
    }
  }
  requireEqualLengths([sampleIndex, column], "spikes");
  return column;
}
