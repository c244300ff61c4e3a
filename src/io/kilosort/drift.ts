import { displacementAt } from "../../core/motion.ts";
import type { Motion } from "../../core/types.ts";
import type { ByteSource } from "../byteSource.ts";
import type { Column } from "../columns.ts";
import type { Folder } from "../drop.ts";
import { type MotionDataset, motionDataset } from "../motions.ts";
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

/** The file that says when batches were, as our own exports do and Kilosort does not. */
const timesIn = ({ files }: Folder) => files.get("batch_times_sec.npy");

/**
 * Drift files as a motion: what Kilosort adds to a depth, with its sign turned. Throws AppError as motionDataset does.
 */
export async function driftMotion(
  folder: Folder,
  { dshift, yblk }: DriftFiles,
  words: { format: string; title: string },
): Promise<MotionDataset> {
  const warnings: string[] = [];
  const timeBins = timesIn(folder) ?? (await batchTimes(folder, dshift, warnings));
  const bins = { displacement: dshift, timeBins, depthBins: yblk, timeBinsAre: "centres" as const };
  return motionDataset({ ...words, warnings, ...bins, isCorrection: true });
}

/** All files of one drift. */
export function filesOfDrift(folder: Folder, { dshift, yblk }: DriftFiles): ByteSource[] {
  const times = timesIn(folder);
  return [dshift, ...(times ? [times] : []), yblk];
}

/**
 * The drift that Kilosort took off itself, where it lies beside its spikes: its dshift as saved from ops.npy. One with the
 * times of batches was exported by us, and Kilosort knows nothing of it.
 */
export function ownDriftIn(folder: Folder): DriftFiles | null {
  return timesIn(folder) ? null : (driftFilesIn(folder)[0] ?? null);
}

/** What is assumed of a drift of ours beside sorted spikes, and what to do where it is not so. */
export function exportedDriftIn(folder: Folder): string[] {
  const [times, drift] = [timesIn(folder), driftFilesIn(folder)[0]];
  if (!times || !drift) return [];
  return [
    `${drift.dshift.path} has the times of its batches beside it, as Driftscope exports a motion: Kilosort is taken not to have applied it. Where it did, take ${times.path} away and drop the folder again.`,
  ];
}

/**
 * [nBatches] s, the middle of each batch, where no file says so: batches of 60000 samples at the rate of the params.py
 * beside, else at the nominal one of Neuropixels; what was taken is added to the warnings. Throws AppError.
 */
async function batchTimes(folder: Folder, dshift: ByteSource, warnings: string[]): Promise<Column> {
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

const MAX_ROUNDS = 50;
const CLOSE_UM = 1e-9;

/**
 * Depths before a motion was taken off: y with y − p(t, y) = `depthUm`, by iteration, since p changes by far less than
 * 1 µm from one µm of depth to the next. timeSec, depthUm: [N].
 */
export function beforeCorrection(timeSec: Float64Array, depthUm: Float64Array, motion: Motion): Float64Array {
  return depthUm.map((corrected, i) => {
    let depth = corrected;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const next = corrected + displacementAt(motion, timeSec[i], depth);
      const isClose = Math.abs(next - depth) < CLOSE_UM;
      depth = next;
      if (isClose) break;
    }
    return depth;
  });
}
