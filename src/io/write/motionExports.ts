import type { Motion, RecordingSegment, SpikeTable } from "../../core/types.ts";
import { jsonFile, type WrittenFile } from "./file.ts";
import { kilosortFiles, nominalRateHz } from "./kilosortDrift.ts";
import { medicineMotionFiles } from "./medicineMotion.ts";
import { motionTableFile } from "./motionTable.ts";
import { type NpyColumn, npyTableFile } from "./npy.ts";
import type { FolderMotion } from "./sessionMotions.ts";
import { spikeinterfaceMotionFiles } from "./spikeinterfaceMotion.ts";

type Clock = { rateHz: number; segments: readonly RecordingSegment[] };

/**
 * A motion for whatever takes one: motion/NAME/ (SpikeInterface's folder, MEDiCINe's files, a table), kilosort/NAME/ and
 * spikeinterface/NAME/. Where shanks moved apart, motion/NAME-shank0/ … and kilosort/NAME-shank0/ … stand beside the mean.
 */
export function* motionExports(
  one: FolderMotion,
  spikes: SpikeTable | null,
  recording: Clock | undefined,
): Generator<WrittenFile> {
  const { name, motion, run } = one;
  const clock = recording ?? clockOf(spikes, motion);
  for (const [i, part] of [motion, ...(motion.byShank ?? [])].entries()) {
    const folder = i === 0 ? name : `${name}-shank${i - 1}`;
    yield* spikeinterfaceMotionFiles(`motion/${folder}`, part);
    yield* medicineMotionFiles(`motion/${folder}`, part, run?.method === "medicine" ? run.params : null);
    yield motionTableFile(`motion/${folder}/motion.csv`, part);
    yield* kilosortFiles(`kilosort/${folder}`, part, clock);
  }
  if (spikes) yield* motionInfoFiles(`spikeinterface/${name}`, one, spikes, clock);
}

/** Rate and length as far as spikes and motion tell them. */
function clockOf(spikes: SpikeTable | null, motion: Motion): Clock {
  const last = (spikes?.nSpikes ?? 0) - 1;
  const lastSec = spikes?.timeSec[last] ?? 0;
  const isKnown = spikes?.sampleIndex && !spikes.segment && lastSec > 0;
  const rateHz = isKnown ? spikes.sampleIndex![last] / lastSec : nominalRateHz;
  const endSec = Math.max(lastSec, motion.timeBinCentersSec[motion.timeBinCentersSec.length - 1]);
  return { rateHz, segments: [{ startSec: 0, nSamples: Math.max(1, Math.ceil(endSec * rateHz)) }] };
}

/**
 * SpikeInterface's motion_info folder, as load_motion_info reads it: what was done, how long it took, the motion, and the
 * peaks with their locations where each has its sample and channel.
 */
function* motionInfoFiles(
  folder: string,
  { motion, run, stageSeconds }: FolderMotion,
  spikes: SpikeTable,
  { rateHz }: Clock,
): Generator<WrittenFile> {
  yield jsonFile(`${folder}/parameters.json`, { driftscope: run, sampling_frequency: rateHz });
  yield jsonFile(`${folder}/run_times.json`, stageSeconds);
  yield* spikeinterfaceMotionFiles(`${folder}/motion`, motion);
  const { nSpikes, sampleIndex, channel, segment, ampUv, xUm, depthUm, zUm, alpha } = spikes;
  if (!sampleIndex || !channel) return;
  const f8 = (name: string, values: ArrayLike<number>): NpyColumn => ({ name, dtype: "<f8", values });
  const i8 = (name: string, values: ArrayLike<number>): NpyColumn => ({ name, dtype: "<i8", values });
  yield npyTableFile(`${folder}/peaks.npy`, nSpikes, [
    i8("sample_index", sampleIndex),
    i8("channel_index", channel),
    f8("amplitude", ampUv),
    i8("segment_index", segment ?? new Int32Array(nSpikes)),
  ]);
  yield npyTableFile(`${folder}/peak_locations.npy`, nSpikes, [
    f8("x", xUm ?? new Float64Array(nSpikes).fill(Number.NaN)),
    f8("y", depthUm),
    ...(zUm ? [f8("z", zUm)] : []),
    ...(alpha ? [f8("alpha", alpha)] : []),
  ]);
}
