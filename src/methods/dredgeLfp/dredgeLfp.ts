import { AppError, assert } from "../../core/errors.ts";
import { depthRows } from "../../core/lfp/depthRows.ts";
import { resamplePlan } from "../../core/lfp/resample.ts";
import { displacementAt } from "../../core/motion.ts";
import type { Motion, Recording } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import {
  defineMethod,
  type MethodContext,
  type MethodInputs,
  type MethodResult,
  type Yielded,
} from "../defineMethod.ts";
import { paced } from "../estimators/paced.ts";
import { extremes } from "../estimators/usableSpikes.ts";
import { oneWindow } from "../estimators/windowParams.ts";
import { fieldChunks } from "./fieldChunks.ts";
import { params, presets, troubleshooting } from "./params.ts";
import { ShankMotion } from "./shankMotion.ts";

const title = "DREDge (LFP)";
/** All pairs of a chunk and its predecessor are held at once: 2 tables of 8 × 10⁸ bytes. */
const mostChunkBins = 10_000;
/** Of a chunk's time, what reading and filtering takes, as it looks in the progress. */
const readingShare = 0.3;

/** Throws AppError for a recording that has no field potentials by depth. */
function checkField({ stream, nChannels, segments, probe }: Recording, path: string): void {
  if (stream !== "lf")
    throw new AppError(
      "bad-data",
      `${path} holds the AP band; ${title} computes from field potentials: open the LF recording (.lf.bin).`,
      { path },
    );
  if (segments.every(({ nSamples }) => nSamples === 0))
    throw new AppError("bad-data", `${path}: expected samples, found a description without its binary.`, { path });
  if (probe.positionsUm.length !== nChannels)
    throw new AppError(
      "bad-data",
      `${path}: where the ${nChannels} channels of ${probe.model || "this probe"} lie is not known; drop a probeinterface .json or a channel_locations.npy (${nChannels}, 2) together with the recording.`,
      { path },
    );
}

/** The motion of all shanks: their mean, at the depths of the first, and each of them. */
function together(motions: readonly Motion[]): Motion {
  if (motions.length === 1) return motions[0];
  const { timeBinCentersSec, depthBinCentersUm } = motions[0];
  const nDepths = depthBinCentersUm.length;
  const displacementUm = motions[0].displacementUm.map((_, at) => {
    const [t, depth] = [timeBinCentersSec[Math.floor(at / nDepths)], depthBinCentersUm[at % nDepths]];
    return motions.reduce((sum, motion) => sum + displacementAt(motion, t, depth), 0) / motions.length;
  });
  return { timeBinCentersSec, depthBinCentersUm, displacementUm, byShank: motions };
}

/** What is known so far. */
class Progress {
  timeSec: number[] = [];
  readonly shanks: readonly ShankMotion[];

  constructor(shanks: readonly ShankMotion[]) {
    this.shanks = shanks;
  }

  motion(): Motion | null {
    if (this.timeSec.length === 0) return null;
    const timeSec = Float64Array.from(this.timeSec);
    return together(this.shanks.map((shank) => shank.motion(timeSec)));
  }
}

async function* estimate(
  progress: Progress,
  chunks: ReturnType<typeof fieldChunks>,
): AsyncGenerator<number | Yielded, true> {
  let done = 0;
  try {
    for (;;) {
      const next = await chunks.next();
      if (next.done) return true;
      if (typeof next.value === "number") {
        yield done + readingShare * Math.max(0, next.value - done);
        continue;
      }
      const { timeSec, fields, share } = next.value;
      const { shanks } = progress;
      for (const [s, shank] of shanks.entries()) {
        const adding = shank.add(fields[s]);
        for await (const part of adding) {
          const whole = readingShare + (1 - readingShare) * ((s + part) / shanks.length);
          yield done + whole * Math.max(0, share - done);
        }
      }
      done = share;
      progress.timeSec.push(...timeSec);
      yield { kind: "motion", motion: progress.motion()! };
    }
  } finally {
    await chunks.return();
  }
}

async function* run(
  { recording: input }: MethodInputs,
  given: ParamValues,
  context: MethodContext,
): AsyncGenerator<Yielded, MethodResult> {
  yield { kind: "stage", name: "prepare", title: "Arranging the contacts by depth" };
  assert(input, "the runner has checked that there is a recording");
  const p = given as Record<string, number>;
  const { recording } = input.reader;
  checkField(recording, input.identity.path);
  const band = { lowHz: p.freq_min, highHz: Math.min(p.freq_max, 0.49 * recording.rateHz), order: p.filter_order };
  const longest = recording.segments.reduce((most, { nSamples }) => Math.max(most, nSamples), 0);
  const plan = resamplePlan(recording.rateHz, p.resample_hz, band, longest);
  const chunkBins = Math.max(2, Math.floor(plan.rateHz * p.chunk_len_s));
  if (chunkBins > mostChunkBins)
    throw new AppError(
      "bad-parameter",
      `${title}: expected chunks of at most ${mostChunkBins} samples, found ${chunkBins} (${p.chunk_len_s} s at ${plan.rateHz} Hz); shorten the chunk or lower the rate.`,
      { chunkBins },
    );
  const shankNumbers = [...new Set(recording.probe.shank.filter((_, c) => recording.probe.connected[c] !== false))];
  if (shankNumbers.length === 0)
    throw new AppError(
      "bad-data",
      `${input.identity.path}: expected connected channels, found none among ${recording.nChannels}.`,
    );
  const shanks = shankNumbers
    .sort((a, b) => a - b)
    .map((shank) => new ShankMotion(depthRows(recording.probe, shank, given.derivative as boolean), given));
  const warnings = shanks.flatMap(({ rows, windows }) => [
    ...(windows.reduced ? [oneWindow] : []),
    ...(rows.largestGapUm > 2 * rows.pitchUm
      ? [
          `The contacts of shank ${rows.shank} leave a gap of ${rows.largestGapUm} µm, which is filled by interpolation.`,
        ]
      : []),
  ]);
  for (const message of new Set(warnings)) yield { kind: "warning", code: "dredge-lfp-data", message };
  yield { kind: "stage", name: "chunks", title: "Comparing field potentials chunk by chunk" };
  const progress = new Progress(shanks);
  const rows = shanks.map((shank) => shank.rows);
  const isWhole = yield* paced(estimate(progress, fieldChunks(input.reader, rows, plan, chunkBins)), context);
  const motion = progress.motion();
  if (!motion) return { metrics: {}, summary: {}, complete: false };
  const [low, high] = extremes(motion.displacementUm);
  return {
    motion,
    metrics: {},
    summary: { rate_hz: plan.rateHz, n_time_bins: motion.timeBinCentersSec.length, motion_range_um: high - low },
    complete: isWhole === true,
  };
}

/** DREDge on field potentials: displacement many times a second, from signals that need no spikes. */
export const dredgeLfp = defineMethod({
  id: "dredge-lfp",
  title,
  summary: "Follows fast motion (heart beats, breathing) in the field potentials of an LF recording, without spikes.",
  reference: "Windolf et al., bioRxiv 2023.10.24.563768; SpikeInterface@a5f7dbb3 sortingcomponents/motion/dredge.py",
  needs: ["recording"],
  stream: "lf",
  gives: ["motion"],
  params,
  presets,
  troubleshooting,
  run,
});
