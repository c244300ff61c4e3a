import type { ByteSource } from "../byteSource.ts";
import type { Column } from "../columns.ts";
import type { Folder } from "../drop.ts";
import { readNpyHeader } from "../npy/header.ts";
import { paramsIn, rateOf } from "./params.ts";

/** Samples of a batch (Kilosort's default, `batch_size` or `NT`). */
const BATCH_SAMPLES = 60_000;
const NOMINAL_RATE_HZ = 30_000;

/** Drift as Kilosort keeps it: shift of each batch and block, and the depths of the blocks. */
export interface DriftFiles {
  dshift: ByteSource;
  yblk: ByteSource;
}

/** dshift.npy with yblk.npy, or the same with anything before and behind these words (derived_ops_dshift_um.npy). */
export function driftFilesIn({ files }: Folder): DriftFiles[] {
  return [...files].flatMap(([name, dshift]) => {
    const yblk = /^(|.*_)dshift(|_.*)\.npy$/.test(name) ? files.get(name.replace(/dshift/, "yblk")) : undefined;
    return yblk ? [{ dshift, yblk }] : [];
  });
}

/**
 * [nBatches] s, the middle of each batch, where no file says so: batches of 60000 samples at the rate of the params.py
 * beside, else at the nominal one of Neuropixels; what was taken is added to the warnings. Throws AppError.
 */
export async function batchTimes(folder: Folder, dshift: ByteSource, warnings: string[]): Promise<Column> {
  const params = await paramsIn(folder);
  const rateHz = params ? rateOf(params) : NOMINAL_RATE_HZ;
  const { path } = dshift;
  const [nBatches = 1] = (await readNpyHeader(dshift)).shape;
  warnings.push(
    `${path}: batches are taken as ${BATCH_SAMPLES} samples at ${rateHz} Hz (${params ? params.source.path : "the nominal rate, as there is no params.py beside it"}), since no batch_times_sec.npy says when they were.`,
  );
  const values = Float64Array.from({ length: nBatches }, (_, b) => ((b + 0.5) * BATCH_SAMPLES) / rateHz);
  return { path, values };
}
