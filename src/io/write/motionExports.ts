import type { Motion, SpikeTable } from "../../core/types.ts";
import type { WrittenFile } from "./file.ts";
import { kilosortFiles, nominalRateHz } from "./kilosortDrift.ts";
import { medicineMotionFiles } from "./medicineMotion.ts";
import { motionInfoFiles, type SampleClock } from "./motionInfo.ts";
import { motionTableFile } from "./motionTable.ts";
import type { FolderMotion } from "./sessionMotions.ts";
import { spikeinterfaceMotionFiles } from "./spikeinterfaceMotion.ts";

/**
 * A motion for whatever takes one: motion/NAME/ (SpikeInterface's folder, MEDiCINe's files, a table), kilosort/NAME/ and
 * spikeinterface/NAME/. Where shanks moved apart, motion/NAME-shank0/ … and kilosort/NAME-shank0/ … stand beside the mean.
 */
export function* motionExports(
  one: FolderMotion,
  spikes: SpikeTable | null,
  recording: SampleClock | undefined,
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

/** Rate and length as far as spikes and motion tell them: the rate between the first spike and the last of one segment. */
export function clockOf(spikes: SpikeTable | null, motion: Motion | null): SampleClock {
  const last = (spikes?.nSpikes ?? 0) - 1;
  const [firstSec, lastSec] = [spikes?.timeSec[0] ?? 0, spikes?.timeSec[last] ?? 0];
  const isKnown = spikes?.sampleIndex && !spikes.segment && lastSec > firstSec;
  const nBetween = isKnown ? spikes.sampleIndex![last] - spikes.sampleIndex![0] : 0;
  // times are float64: what the division adds beyond 12 digits is noise
  const rateHz = nBetween > 0 ? Number((nBetween / (lastSec - firstSec)).toPrecision(12)) : nominalRateHz;
  const endSec = Math.max(lastSec, motion?.timeBinCentersSec.at(-1) ?? 0);
  return { rateHz, segments: [{ startSec: 0, nSamples: Math.max(1, Math.ceil(endSec * rateHz)) }] };
}
