import { displacementAt } from "../../core/motion.ts";
import type { Motion, RecordingSegment, SpikeTable } from "../../core/types.ts";
import { jsonFile, type WrittenFile } from "./file.ts";
import type { FolderMotion } from "./sessionMotions.ts";
import { spikeinterfaceMotionFiles } from "./spikeinterfaceMotion.ts";
import { arePeaks, spikeinterfacePeaksFiles } from "./spikeinterfacePeaks.ts";

/** Rate of the samples, and where the segments lie as far as that is known. */
export type SampleClock = { rateHz: number; segments: readonly RecordingSegment[] };

/** Below this, times count from the first sample. */
const SAME_CLOCK_SEC = 0.01;

/**
 * SpikeInterface's motion_info folder, as load_motion_info reads it (spikeinterface/preprocessing/motion.py): parameters.json,
 * run_times.json, motion/, and peaks.npy with peak_locations.npy where each spike has its sample and channel. SpikeInterface counts the time of a
 * peak from the first sample of its segment, so the bins of motion/ do so too, one displacement per segment; where the segments lie
 * stands in parameters.json under driftscope. Motions of shanks are motion-shank0/ … beside their mean.
 */
export function* motionInfoFiles(
  folder: string,
  { motion, run, stageSeconds }: Pick<FolderMotion, "motion" | "run" | "stageSeconds">,
  spikes: SpikeTable | null,
  clock: SampleClock,
): Generator<WrittenFile> {
  const startsSec = segmentStartsSec(spikes, clock);
  const note = { run, segment_starts_sec: startsSec };
  yield jsonFile(`${folder}/parameters.json`, { sampling_frequency: clock.rateHz, driftscope: note });
  yield jsonFile(`${folder}/run_times.json`, stageSeconds);
  for (const [i, part] of [motion, ...(motion.byShank ?? [])].entries()) {
    const name = i === 0 ? "motion" : `motion-shank${i - 1}`;
    yield* spikeinterfaceMotionFiles(`${folder}/${name}`, inSegments(part, startsSec));
  }
  if (spikes && arePeaks(spikes)) yield* spikeinterfacePeaksFiles(folder, spikes);
}

/** When the first sample of each segment was, in s on the clock of the spikes: by the recording, else by the first spike of each. */
function segmentStartsSec(spikes: SpikeTable | null, { rateHz, segments }: SampleClock): number[] {
  if (!spikes?.sampleIndex) return [0];
  const { timeSec, sampleIndex, segment, nSpikes } = spikes;
  const nSegments = segment ? segment.reduce((most, s) => Math.max(most, s + 1), 1) : 1;
  if (segments.length >= nSegments && nSegments > 1)
    return segments.slice(0, nSegments).map(({ startSec }) => startSec);
  const starts = new Array<number>(nSegments).fill(Number.NaN);
  for (let i = 0; i < nSpikes; i++) {
    const s = segment?.[i] ?? 0;
    if (Number.isNaN(starts[s])) starts[s] = timeSec[i] - sampleIndex[i] / rateHz;
  }
  const isSound = starts.every((start, s) => s === 0 || start > starts[s - 1]);
  if (!isSound) return [0];
  return Math.abs(starts[0]) < SAME_CLOCK_SEC ? [0, ...starts.slice(1)] : starts;
}

/** A motion of each segment, in time from its first sample. A segment without a bin of its own gets one at its start. */
function inSegments(motion: Motion, startsSec: readonly number[]): Motion[] {
  const { timeBinCentersSec, depthBinCentersUm, displacementUm, lateralUm } = motion;
  const nDepthBins = depthBinCentersUm.length;
  return startsSec.map((startSec, s) => {
    const fromSec = s === 0 ? Number.NEGATIVE_INFINITY : startSec;
    const toSec = startsSec[s + 1] ?? Number.POSITIVE_INFINITY;
    const from = timeBinCentersSec.findIndex((t) => t >= fromSec);
    const to = timeBinCentersSec.findLastIndex((t) => t < toSec) + 1;
    if (from < 0 || from >= to) {
      const atStart = depthBinCentersUm.map((depthUm) => displacementAt(motion, startSec, depthUm));
      return { displacementUm: atStart, timeBinCentersSec: new Float64Array(1), depthBinCentersUm };
    }
    return {
      displacementUm: displacementUm.slice(from * nDepthBins, to * nDepthBins),
      timeBinCentersSec: timeBinCentersSec.slice(from, to).map((t) => t - startSec),
      depthBinCentersUm,
      ...(lateralUm ? { lateralUm: lateralUm.slice(from, to) } : {}),
    };
  });
}
