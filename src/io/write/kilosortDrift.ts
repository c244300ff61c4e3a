import { displacementAt } from "../../core/motion.ts";
import type { Motion, RecordingSegment } from "../../core/types.ts";
import { textFile, type WrittenFile } from "./file.ts";
import { npyFile } from "./npy.ts";

/** Samples of a batch (Kilosort4's default `batch_size`). */
const BATCH_SAMPLES = 60_000;
/** The nominal rate of every Neuropixels AP band. */
export const nominalRateHz = 30_000;

/**
 * A motion as Kilosort4 keeps drift: dshift.npy [nBatches, nBlocks] at the middle of each batch, yblk.npy [nBlocks] depths of
 * the blocks, batch_times_sec.npy [nBatches], all float64. Kilosort adds dshift where others subtract a displacement: its
 * sign is the opposite. Batches are counted over the samples of all segments one after the other, as a sorter reads them.
 */
export function kilosortFiles(
  folder: string,
  motion: Motion,
  { rateHz, segments }: { rateHz: number; segments: readonly RecordingSegment[] },
): WrittenFile[] {
  const nSamples = segments.reduce((sum, s) => sum + s.nSamples, 0);
  const nBatches = Math.max(1, Math.ceil(nSamples / BATCH_SAMPLES));
  const { depthBinCentersUm } = motion;
  const nBlocks = depthBinCentersUm.length;
  const timeSec = Float64Array.from({ length: nBatches }, (_, b) => {
    const [from, to] = [b * BATCH_SAMPLES, Math.min(nSamples, (b + 1) * BATCH_SAMPLES)];
    return timeOf((from + to) / 2, rateHz, segments);
  });
  const dshift = Float64Array.from(
    { length: nBatches * nBlocks },
    (_, at) => 0 - displacementAt(motion, timeSec[Math.floor(at / nBlocks)], depthBinCentersUm[at % nBlocks]),
  );
  return [
    npyFile(`${folder}/dshift.npy`, dshift, [nBatches, nBlocks], "<f8"),
    npyFile(`${folder}/yblk.npy`, depthBinCentersUm, [nBlocks], "<f8"),
    npyFile(`${folder}/batch_times_sec.npy`, timeSec, [nBatches], "<f8"),
    textFile(`${folder}/README.txt`, howToUse(rateHz)),
  ];
}

/** s of a sample counted over all segments. */
function timeOf(sample: number, rateHz: number, segments: readonly RecordingSegment[]): number {
  let left = sample;
  for (const [s, { startSec, nSamples }] of segments.entries()) {
    if (left < nSamples || s === segments.length - 1) return startSec + left / rateHz;
    left -= nSamples;
  }
  return left / rateHz;
}

function howToUse(rateHz: number): string {
  const rate = Number(rateHz.toFixed(3));
  return `Drift for Kilosort4

dshift.npy            (batches, blocks), um. Corrected depth = depth + dshift: the opposite sign of a displacement that is
                      subtracted (SpikeInterface, MEDiCINe). Tissue that moved up the probe has a negative dshift.
yblk.npy              (blocks,), um: depth of each block.
batch_times_sec.npy   (batches,), s: middle of each batch of ${BATCH_SAMPLES} samples at ${rate} Hz, batches counted over all
                      segments of the recording.

Kilosort4 has no setting that takes a drift from outside. The way without changing it:
write the corrected recording and sort that with nblocks=0, so that Kilosort4 corrects nothing again:

  npm run -s cli -- correct RECORDING --motion RUN --out CORRECTED
  run_kilosort(settings={"n_chan_bin": <nSavedChans of the .meta>, "nblocks": 0}, filename=<corrected .ap.bin>)

In code of your own, dshift and yblk are what datashift.run returns as ops["dshift"] and ops["yblk"].
`;
}
